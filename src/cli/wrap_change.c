/* SPDX-License-Identifier: ISC */
#include "cli/wrap_change.h"

#include "base/memory.h"
#include "cli/wrap_drop_in.h"
#include "cli/wrap_inetd.h"
#include "cli/wrap_refusal.h"

#include <errno.h>
#include <stdarg.h>
#include <stdio.h>
#include <stdlib.h>

static void __attribute__((format(printf, 2, 3)))
refuse(struct wrap_change *c, const char *format, ...)
{
	va_list list;
	va_start(list, format);
	vsnprintf(c->reason, sizeof c->reason, format, list);
	va_end(list);
	c->state = WRAP_CHANGE_REFUSED;
}

static void fail(struct wrap_change *c, int error)
{
	c->state = WRAP_CHANGE_FAILED;
	c->error = error;
}

/* --- units --- */

static void refuse_changed(struct wrap_change *c)
{
	refuse(c, "%s is there, and not as 'wrap enable' writes it: it stays as it is", c->file);
}

static void put_drop_in(struct wrap_change *c, const char *old, const char *text, bool dry_run)
{
	if (strcmp(old, text) == 0)
		c->state = WRAP_CHANGE_ALREADY;
	else if (dry_run || wrap_drop_in_put(c->file, text))
		c->state = WRAP_CHANGE_WRITTEN;
	else
		fail(c, errno);
}

static void enable_unit(const struct wrap_place *place, struct wrap_change *c, bool dry_run)
{
	char *old = memory_calloc(2, WRAP_DROP_IN_TEXT), *text = old + WRAP_DROP_IN_TEXT;
	struct text_buffer out = text_buffer_over(text, WRAP_DROP_IN_TEXT);
	wrap_drop_in_write(place, c->way, &out);
	enum wrap_drop_in_state state = wrap_drop_in_read(c->file, old);
	if (state == WRAP_DROP_IN_UNREADABLE)
		fail(c, errno);
	else if (state == WRAP_DROP_IN_CHANGED)
		refuse_changed(c);
	else if (state == WRAP_DROP_IN_NONE && c->way->ours)
		c->state = WRAP_CHANGE_ALREADY; /* somebody else's doing */
	else if (out.cut)
		refuse(c, "%s has longer values than are read here", c->way->name);
	else
		put_drop_in(c, old, text, dry_run);
	free(old);
}

static void disable_unit(struct wrap_change *c, bool dry_run)
{
	char *old = memory_calloc(1, WRAP_DROP_IN_TEXT);
	switch (wrap_drop_in_read(c->file, old)) {
	case WRAP_DROP_IN_NONE:
		c->state = WRAP_CHANGE_ABSENT;
		break;
	case WRAP_DROP_IN_OURS:
		c->state = WRAP_CHANGE_REMOVED;
		if (!dry_run && !wrap_drop_in_remove(c->file))
			fail(c, errno);
		break;
	case WRAP_DROP_IN_CHANGED:
		refuse_changed(c);
		break;
	case WRAP_DROP_IN_UNREADABLE:
		fail(c, errno);
		break;
	}
	free(old);
}

/* --- inetd.conf --- */

static bool read_file(const char *path, struct access_draft *out)
{
	char piece[16384];
	size_t n;
	FILE *in = fopen(path, "re");
	if (in == NULL)
		return false;
	while ((n = fread(piece, 1, sizeof piece, in)) > 0)
		access_draft_add(out, piece, n);
	bool good = !ferror(in);
	fclose(in);
	return good;
}

static enum wrap_change_state state_of(enum wrap_inetd_result result, bool enable)
{
	switch (result) {
	case WRAP_INETD_DONE:
		return enable ? WRAP_CHANGE_WRITTEN : WRAP_CHANGE_REMOVED;
	case WRAP_INETD_ALREADY:
		return enable ? WRAP_CHANGE_ALREADY : WRAP_CHANGE_ABSENT;
	case WRAP_INETD_NO_LINE:
	case WRAP_INETD_NAMED:
	case WRAP_INETD_FOREIGN:
		break;
	}
	return WRAP_CHANGE_REFUSED;
}

static void change_line(const struct wrap_place *place, struct wrap_change *c,
	struct access_draft *text, bool enable)
{
	struct access_draft out = {0};
	enum wrap_inetd_result result = (enable ? wrap_inetd_enable : wrap_inetd_disable)(
		access_draft_slice(text), c->way->line, place->tcpd, &out);
	c->state = state_of(result, enable);
	if (result == WRAP_INETD_NAMED)
		refuse(c,
			"%s:%u calls the program by another name than its own, or without a path; "
			"tcpd cannot do that",
			c->file, c->way->line);
	else if (result == WRAP_INETD_FOREIGN)
		refuse(c, "%s:%u has our tcpd, but 'wrap enable' did not write it: it stays",
			c->file, c->way->line);
	else if (result == WRAP_INETD_NO_LINE)
		refuse(c, "%s:%u has changed meanwhile", c->file, c->way->line);
	if (result == WRAP_INETD_DONE) {
		access_draft_free(text);
		*text = out;
	} else {
		access_draft_free(&out);
	}
}

/* From the last line to the first, for each moves those behind it. */
static void change_inetd(const struct wrap_place *place, struct wrap_change *changes,
	unsigned count, bool enable, bool dry_run)
{
	struct access_draft old = {0}, text = {0};
	char backup[ACCESS_REPLACE_PATH] = "";
	const char *path = NULL;
	bool any = false, good = true;
	int error = 0;
	for (unsigned i = count; i-- > 0;) {
		struct wrap_change *c = &changes[i];
		if (c->way->kind != WRAP_BY_INETD || c->state == WRAP_CHANGE_REFUSED)
			continue;
		if (path == NULL) {
			path = c->file;
			good = read_file(path, &old);
			error = errno;
			access_draft_add_slice(&text, access_draft_slice(&old));
		}
		if (!good)
			continue;
		change_line(place, c, &text, enable);
		any |= c->state == WRAP_CHANGE_WRITTEN || c->state == WRAP_CHANGE_REMOVED;
	}
	if (good && any && !dry_run) {
		good = !text.failed && access_replace(path, access_draft_slice(&old),
					       access_draft_slice(&text), backup);
		error = errno;
	}
	for (unsigned i = 0; path != NULL && i < count; i++) {
		struct wrap_change *c = &changes[i];
		bool done = c->state == WRAP_CHANGE_WRITTEN || c->state == WRAP_CHANGE_REMOVED;
		if (c->way->kind != WRAP_BY_INETD || c->state == WRAP_CHANGE_REFUSED)
			continue;
		if (!good)
			fail(c, error);
		else if (done)
			memcpy(c->backup, backup, sizeof backup);
	}
	access_draft_free(&old);
	access_draft_free(&text);
}

/* --- by hand --- */

static void advise(const struct wrap_place *place, struct wrap_change *c)
{
	const struct wrap_way *w = c->way;
	c->state = WRAP_CHANGE_BY_HAND;
	if (w->kind == WRAP_BY_NOBODY) {
		snprintf(c->reason, sizeof c->reason,
			"no unit of systemd and no line of inetd.conf starts %s", w->program);
		snprintf(c->type[0], sizeof c->type[0], "LD_LIBRARY_PATH=%s %s ...",
			place->directory, w->program);
		return;
	}
	if (w->how == WRAP_TCPD) {
		snprintf(c->reason, sizeof c->reason,
			"files of xinetd are left to you; in %s:%u write", w->file, w->line);
		snprintf(c->type[0], sizeof c->type[0], "server = %s", place->tcpd);
		return;
	}
	snprintf(c->reason, sizeof c->reason,
		"xinetd asks for it by itself: 'knockwatch wrap enable xinetd'; or, in %s:%u, write",
		w->file, w->line);
	snprintf(c->type[0], sizeof c->type[0], "server = %s", place->tcpd);
	snprintf(c->type[1], sizeof c->type[1], "server_args = %s (and what it has now)",
		w->program);
	snprintf(c->type[2], sizeof c->type[2], "flags = NAMEINARGS");
}

static void refuse_unasking(const struct wrap_place *place, struct wrap_change *c)
{
	const struct wrap_way *w = c->way;
	if (w->how == WRAP_NOT) {
		refuse(c,
			"%s does not use " WRAP_LIBRARY
			": there is nothing to change; a service that "
			"systemd starts for each connection can stand behind our tcpd, see knockwatch-tcpd(8)",
			w->program);
		return;
	}
	refuse(c,
		"%s is no program that can be read, a script or another machine's; what it starts may use " WRAP_LIBRARY,
		w->program);
	if (w->kind != WRAP_BY_UNIT)
		return;
	c->state = WRAP_CHANGE_BY_HAND;
	snprintf(c->type[0], sizeof c->type[0], "systemctl edit %s", w->name);
	snprintf(c->type[1], sizeof c->type[1], "[Service]");
	snprintf(c->type[2], sizeof c->type[2], "Environment=LD_LIBRARY_PATH=%s", place->directory);
}

/* --- all --- */

static void name_file(const struct wrap_place *place, struct wrap_change *c)
{
	if (c->way->kind == WRAP_BY_INETD)
		snprintf(c->file, sizeof c->file, "%s", c->way->file);
	else if (c->way->kind == WRAP_BY_UNIT && !wrap_drop_in_path(place, c->way->name, c->file))
		fail(c, ENAMETOOLONG);
}

static void enable_one(const struct wrap_place *place, struct wrap_change *c, bool dry_run)
{
	const struct wrap_way *w = c->way;
	bool inetd = w->kind == WRAP_BY_INETD;
	if (!inetd && (w->how == WRAP_NOT || w->how == WRAP_UNKNOWN)) {
		refuse_unasking(place, c);
		return;
	}
	if (wrap_refusal_of_place(place, inetd ? WRAP_TCPD : w->how, c->reason, sizeof c->reason) ||
		(!inetd && wrap_refusal_find(place, w, c->reason, sizeof c->reason))) {
		c->state = WRAP_CHANGE_REFUSED;
		return;
	}
	if (w->kind == WRAP_BY_UNIT)
		enable_unit(place, c, dry_run);
	else if (!inetd && w->ours)
		c->state = WRAP_CHANGE_ALREADY;
	else if (!inetd)
		advise(place, c);
}

void wrap_change_enable(
	const struct wrap_place *place, struct wrap_change *changes, unsigned count, bool dry_run)
{
	for (unsigned i = 0; i < count; i++) {
		name_file(place, &changes[i]);
		if (changes[i].state != WRAP_CHANGE_FAILED)
			enable_one(place, &changes[i], dry_run);
	}
	change_inetd(place, changes, count, true, dry_run);
}

void wrap_change_disable(
	const struct wrap_place *place, struct wrap_change *changes, unsigned count, bool dry_run)
{
	for (unsigned i = 0; i < count; i++) {
		struct wrap_change *c = &changes[i];
		name_file(place, c);
		if (c->way->kind == WRAP_BY_UNIT && c->state != WRAP_CHANGE_FAILED)
			disable_unit(c, dry_run);
		else if (c->way->kind != WRAP_BY_INETD)
			c->state = WRAP_CHANGE_ABSENT;
	}
	change_inetd(place, changes, count, false, dry_run);
}
