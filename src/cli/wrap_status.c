/* SPDX-License-Identifier: ISC */
#include "cli/wrap_status.h"

#include "base/text_buffer.h"
#include "cli/process_library.h"
#include "report/page.h"

#include <stdlib.h>
#include <string.h>

enum { LABEL = 12, PIDS_SHOWN = 8, FILES = 4 };

static const char *kind_word(enum wrap_way_kind kind)
{
	switch (kind) {
	case WRAP_BY_UNIT:
		return "unit";
	case WRAP_BY_INETD:
		return "inetd";
	case WRAP_BY_XINETD:
		return "xinetd";
	case WRAP_BY_NOBODY:
		return "none";
	}
	return "";
}

static const char *how_word(enum wrap_way_how how)
{
	switch (how) {
	case WRAP_LINKED:
		return "linked";
	case WRAP_TCPD:
		return "tcpd";
	case WRAP_NOT:
		return "none";
	case WRAP_UNKNOWN:
		return "unknown";
	}
	return "";
}

/* --- processes --- */

/* Processes by the file they have mapped. */
struct running {
	struct {
		char path[PATH_MAX];
		bool replaced;
		unsigned count;
		int pids[PIDS_SHOWN];
	} files[FILES];
	unsigned count;
};

static void count_process(void *context, const struct process_library *p)
{
	struct running *r = context;
	unsigned i = 0;
	while (i < r->count &&
		(strcmp(r->files[i].path, p->path) != 0 || r->files[i].replaced != p->replaced))
		i++;
	if (i == FILES)
		return;
	if (i == r->count) {
		r->count++;
		r->files[i].count = 0;
		r->files[i].replaced = p->replaced;
		memcpy(r->files[i].path, p->path, sizeof p->path);
	}
	if (r->files[i].count < PIDS_SHOWN)
		r->files[i].pids[r->files[i].count] = p->pid;
	r->files[i].count++;
}

/* Of another host's disk nothing runs here. */
static void find_running(const struct wrap_ways *w, const struct wrap_way *way, struct running *r)
{
	r->count = 0;
	if (w->place->root[0] == '\0' && way->how == WRAP_LINKED)
		process_library_each(way->program, WRAP_LIBRARY, count_process, r);
}

/* It has mapped what it would be given today. */
static bool is_current(const struct wrap_way *way, const char *mapped)
{
	char real[PATH_MAX];
	return mapped[0] == '\0' ? way->uses[0] == '\0'
				 : realpath(way->uses, real) != NULL && strcmp(real, mapped) == 0;
}

/* --- status for people --- */

static void write_way(const struct wrap_way *way, struct text_buffer *out)
{
	switch (way->kind) {
	case WRAP_BY_UNIT:
		text_buffer_printf(out, "%s, ", way->name);
		break;
	case WRAP_BY_INETD:
		text_buffer_printf(out, "inetd, service %s, ", way->name);
		break;
	case WRAP_BY_XINETD:
		text_buffer_printf(out, "xinetd, service %s, ", way->name);
		break;
	case WRAP_BY_NOBODY:
		text_buffer_add(out, "neither systemd nor inetd starts it");
		return;
	}
	text_buffer_printf(out, "%s:%u", way->file, way->line);
}

static void put_uses(const struct page *p, const struct wrap_way *way)
{
	char memory[PATH_MAX + 64];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	switch (way->how) {
	case WRAP_LINKED:
	case WRAP_TCPD:
		text_buffer_printf(&text, "%s (%s)",
			way->uses[0] ? way->uses : "a " WRAP_LIBRARY " that is not there",
			way->ours ? "ours" : "not ours");
		break;
	case WRAP_NOT:
		text_buffer_add(&text, "nothing: it does not ask hosts.allow and hosts.deny");
		break;
	case WRAP_UNKNOWN:
		text_buffer_add(&text, "unknown: no program that can be read");
		break;
	}
	page_put_labelled(p, LABEL, way->how == WRAP_TCPD ? "behind" : "uses", memory);
}

static void put_running(const struct page *p, const struct wrap_way *way, const struct running *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		char memory[PATH_MAX + 256];
		struct text_buffer text = text_buffer_over(memory, sizeof memory);
		text_buffer_printf(&text, "pid");
		for (unsigned k = 0; k < r->files[i].count && k < PIDS_SHOWN; k++)
			text_buffer_printf(&text, "%s %d", k > 0 ? "," : "", r->files[i].pids[k]);
		if (r->files[i].count > PIDS_SHOWN)
			text_buffer_printf(&text, " and %u more", r->files[i].count - PIDS_SHOWN);
		text_buffer_printf(&text, ": %s%s",
			r->files[i].path[0] ? r->files[i].path : "no " WRAP_LIBRARY,
			r->files[i].replaced ? ", which has been replaced since" : "");
		if (!is_current(way, r->files[i].path) || r->files[i].replaced)
			text_buffer_add(&text, "; another one when it is started anew");
		page_put_labelled(p, LABEL, "running", memory);
	}
}

static void print_way(const struct wrap_ways *w, const struct wrap_way *way, const struct page *p)
{
	char memory[2 * PATH_MAX];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	struct running running;
	page_put(p, PAGE_BOLD, way->program[0] ? way->program : "(no program)");
	page_end_line(p);
	write_way(way, &text);
	page_put_labelled(p, LABEL, "started by", memory);
	put_uses(p, way);
	find_running(w, way, &running);
	put_running(p, way, &running);
}

void wrap_status_print(const struct wrap_ways *w, FILE *out)
{
	const struct page p = {.out = out, .terminal = terminal_of(out)};
	unsigned told = 0, ours = 0;
	char memory[200];
	for (unsigned i = 0; i < w->count; i++) {
		print_way(w, &w->items[i], &p);
		page_end_line(&p);
		told++;
		ours += w->items[i].ours;
	}
	if (told == 0) {
		page_put_wrapped(&p, PAGE_PLAIN, 0, 0,
			"Nothing that systemd, inetd or xinetd starts here asks hosts.allow and hosts.deny.");
		return;
	}
	snprintf(memory, sizeof memory,
		"%u of %u by knockwatch. Change one: knockwatch wrap enable PROGRAM", ours, told);
	page_put_wrapped(&p, PAGE_PLAIN, 0, 0, memory);
}

/* --- status as JSON --- */

void wrap_status_put_way(struct json_line *j, const struct wrap_way *way)
{
	json_line_put_text(j, "program", way->program);
	json_line_put_word(j, "started_by", kind_word(way->kind));
	json_line_put_text(j, "name", way->name);
	json_line_put_text(j, "file", way->file);
	if (way->line > 0)
		json_line_put_count(j, "line", way->line);
	json_line_put_word(j, "asks", how_word(way->how));
}

static void put_running_json(
	struct json_line *j, const struct wrap_way *way, const struct running *r)
{
	json_line_open_list(j, "running");
	for (unsigned i = 0; i < r->count; i++) {
		json_line_open_object(j, NULL);
		json_line_put_text(j, "library", r->files[i].path);
		json_line_put_bool(j, "replaced", r->files[i].replaced);
		json_line_put_bool(
			j, "current", !r->files[i].replaced && is_current(way, r->files[i].path));
		json_line_put_count(j, "processes", r->files[i].count);
		json_line_open_list(j, "pids");
		for (unsigned k = 0; k < r->files[i].count && k < PIDS_SHOWN; k++)
			json_line_put_count(j, NULL, (uint64_t)r->files[i].pids[k]);
		json_line_close(j);
		json_line_close(j);
	}
	json_line_close(j);
}

void wrap_status_put_place(struct json_line *j, const struct wrap_place *place)
{
	json_line_put_count(j, "v", 1);
	json_line_put_text(j, "library_directory", place->directory);
	json_line_put_text(j, "tcpd", place->tcpd);
}

void wrap_status_print_json(const struct wrap_ways *w, FILE *out)
{
	struct json_line j = {0};
	json_line_start(&j);
	wrap_status_put_place(&j, w->place);
	json_line_open_list(&j, "programs");
	for (unsigned i = 0; i < w->count; i++) {
		struct running running;
		json_line_open_object(&j, NULL);
		wrap_status_put_way(&j, &w->items[i]);
		json_line_put_text(&j, "uses", w->items[i].uses);
		json_line_put_bool(&j, "ours", w->items[i].ours);
		find_running(w, &w->items[i], &running);
		put_running_json(&j, &w->items[i], &running);
		json_line_close(&j);
	}
	json_line_close(&j);
	json_line_close(&j);
	json_line_print(&j, out);
	json_line_clear(&j);
}
