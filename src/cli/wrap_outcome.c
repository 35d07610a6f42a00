/* SPDX-License-Identifier: ISC */
#include "cli/wrap_outcome.h"

#include "base/text_buffer.h"
#include "cli/shell_word.h"
#include "cli/wrap_status.h"
#include "report/page.h"
#include "version.h"

#include <string.h>

enum { LABEL = 13 };

static const char *state_word(enum wrap_change_state state)
{
	switch (state) {
	case WRAP_CHANGE_WRITTEN:
		return "written";
	case WRAP_CHANGE_REMOVED:
		return "removed";
	case WRAP_CHANGE_ALREADY:
		return "already";
	case WRAP_CHANGE_ABSENT:
		return "absent";
	case WRAP_CHANGE_REFUSED:
		return "refused";
	case WRAP_CHANGE_BY_HAND:
		return "by-hand";
	case WRAP_CHANGE_FAILED:
		return "failed";
	}
	return "";
}

static bool has_changed(const struct wrap_change *c)
{
	return c->state == WRAP_CHANGE_WRITTEN || c->state == WRAP_CHANGE_REMOVED;
}

/* The unit that reads inetd.conf; null if there is none. */
static const char *inetd_unit(const struct wrap_ways *w)
{
	for (unsigned i = 0; i < w->count; i++) {
		const struct wrap_way *way = &w->items[i];
		const char *slash = strrchr(way->program, '/');
		const char *base = slash ? slash + 1 : way->program;
		if (way->kind == WRAP_BY_UNIT &&
			(strcmp(base, "inetd") == 0 || strcmp(base, "inetutils-inetd") == 0))
			return way->name;
	}
	return NULL;
}

/* What makes the change count. False where nothing has to be typed again for this one, or here: below a root is another
 * host. */
static bool write_restart(const struct wrap_outcome *r, unsigned index, struct text_buffer *out)
{
	const struct wrap_change *c = &r->items[index];
	const char *unit = inetd_unit(r->ways);
	if (!has_changed(c) || r->ways->place->root[0] != '\0')
		return false;
	if (c->way->kind == WRAP_BY_UNIT && strstr(c->way->name, "@.service") != NULL) {
		text_buffer_add(out, "systemctl daemon-reload");
		return true;
	}
	if (c->way->kind == WRAP_BY_UNIT) {
		text_buffer_printf(
			out, "systemctl daemon-reload && systemctl restart %s", c->way->name);
		return true;
	}
	for (unsigned i = 0; i < index; i++) {
		if (has_changed(&r->items[i]) && r->items[i].way->kind == WRAP_BY_INETD)
			return false;
	}
	if (unit != NULL)
		text_buffer_printf(out, "systemctl reload %s", unit);
	else
		text_buffer_add(out, "kill -HUP $(pidof inetd)");
	return true;
}

static void write_change(
	const struct wrap_outcome *r, const struct wrap_change *c, struct text_buffer *out)
{
	const char *name = c->way->name[0] ? c->way->name : c->way->program;
	text_buffer_printf(out, "%s: ", name);
	switch (c->state) {
	case WRAP_CHANGE_WRITTEN:
		text_buffer_printf(
			out, "%s %s", c->file, r->dry_run ? "would be written" : "is written");
		break;
	case WRAP_CHANGE_REMOVED:
		text_buffer_printf(out, "%s %s%s", c->file, r->dry_run ? "would be" : "is",
			c->way->kind == WRAP_BY_UNIT
				? (r->dry_run ? " taken away" : " gone")
				: (r->dry_run ? " put back as it was" : " as it was"));
		break;
	case WRAP_CHANGE_ALREADY:
		text_buffer_add(out, "uses ours already");
		break;
	case WRAP_CHANGE_ABSENT:
		text_buffer_add(out, "nothing of 'wrap enable' is there");
		break;
	case WRAP_CHANGE_REFUSED:
	case WRAP_CHANGE_BY_HAND:
		text_buffer_add(out, c->reason);
		break;
	case WRAP_CHANGE_FAILED:
		text_buffer_printf(out, "%s: %s; it is as it was", c->file, strerror(c->error));
		break;
	}
}

static void print_change(const struct wrap_outcome *r, unsigned index, const struct page *p)
{
	const struct wrap_change *c = &r->items[index];
	char memory[2 * PATH_MAX + 512];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	write_change(r, c, &text);
	page_put_wrapped(p, PAGE_PLAIN, 0, PAGE_INDENT, memory);
	for (unsigned i = 0; i < WRAP_CHANGE_LINES && c->type[i][0]; i++) {
		page_put_spaces(p, 2 * PAGE_INDENT);
		page_put(p, PAGE_PLAIN, c->type[i]);
		page_end_line(p);
	}
	page_put_labelled(p, LABEL, "the old one", c->backup);
	text = text_buffer_over(memory, sizeof memory);
	if (write_restart(r, index, &text))
		page_put_labelled(p, LABEL, "then type", memory);
}

/* The same place is to be looked at, and a line of inetd.conf is known by its tcpd. */
static void print_undo(const struct wrap_outcome *r, FILE *out)
{
	const struct wrap_place *place = r->ways->place;
	char memory[4 * PATH_MAX];
	struct text_buffer text = text_buffer_over(memory, sizeof memory);
	bool by_tcpd = false;
	for (unsigned i = 0; i < r->count; i++)
		by_tcpd |= has_changed(&r->items[i]) && r->items[i].way->kind == WRAP_BY_INETD;
	text_buffer_add(&text, "knockwatch wrap disable");
	shell_word_add_option(&text, "root", place->root[0] != '\0' ? place->root : NULL);
	shell_word_add_option(
		&text, "tcpd", by_tcpd && strcmp(place->tcpd, KNOCKWATCH_TCPD) != 0 ? place->tcpd : NULL);
	text_buffer_add(&text, " ");
	shell_word_add(&text, r->word);
	fprintf(out, "Undo: %s\n", memory);
}

void wrap_outcome_print(const struct wrap_outcome *r, FILE *out)
{
	const struct page p = {.out = out, .terminal = terminal_of(out)};
	bool any = false;
	if (r->count == 0)
		fputs("Nothing of 'wrap enable' is there.\n", out);
	for (unsigned i = 0; i < r->count; i++) {
		print_change(r, i, &p);
		any |= has_changed(&r->items[i]);
	}
	if (any && r->ways->place->root[0] != '\0')
		fprintf(out, "It counts once the host below %s starts anew.\n", r->ways->place->root);
	if (any && r->enable && !r->dry_run)
		print_undo(r, out);
}

void wrap_outcome_print_json(const struct wrap_outcome *r, FILE *out)
{
	struct json_line j = {0};
	char memory[2 * PATH_MAX];
	json_line_start(&j);
	wrap_status_put_place(&j, r->ways->place);
	json_line_put_word(&j, "operation", r->enable ? "enable" : "disable");
	json_line_put_bool(&j, "dry_run", r->dry_run);
	json_line_open_list(&j, "changes");
	for (unsigned i = 0; i < r->count; i++) {
		const struct wrap_change *c = &r->items[i];
		struct text_buffer text = text_buffer_over(memory, sizeof memory);
		json_line_open_object(&j, NULL);
		wrap_status_put_way(&j, c->way);
		json_line_put_word(&j, "state", state_word(c->state));
		json_line_put_text(&j, "written", has_changed(c) ? c->file : NULL);
		json_line_put_text(&j, "backup", c->backup);
		json_line_put_text(&j, "reason",
			c->state == WRAP_CHANGE_FAILED ? strerror(c->error) : c->reason);
		json_line_open_list(&j, "type");
		for (unsigned k = 0; k < WRAP_CHANGE_LINES && c->type[k][0]; k++)
			json_line_put_text(&j, NULL, c->type[k]);
		json_line_close(&j);
		if (write_restart(r, i, &text))
			json_line_put_text(&j, "restart", memory);
		json_line_close(&j);
	}
	json_line_close(&j);
	json_line_close(&j);
	json_line_print(&j, out);
	json_line_clear(&j);
}
