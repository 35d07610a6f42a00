/* SPDX-License-Identifier: ISC */
#include "cli/access_set_list.h"

#include "base/number_text.h"

#include <stdio.h>
#include <string.h>

enum {
	BLOCK = 20,
	SERVICE = 10,
	VERDICT = 8,
	SPAN = 8,
	WHY = BLOCK + SERVICE + VERDICT + SPAN,
	WHY_LEAST = 20, /* columns: with less the reason has lines of its own */
};

void access_set_list_print_span(int64_t seconds, char *text, size_t size)
{
	if (seconds >= 2 * 86400)
		snprintf(text, size, "%lld d", (long long)(seconds / 86400));
	else if (seconds >= 2 * 3600)
		snprintf(text, size, "%lld h", (long long)(seconds / 3600));
	else if (seconds >= 120)
		snprintf(text, size, "%lld min", (long long)(seconds / 60));
	else
		snprintf(text, size, "%lld s", (long long)seconds);
}

/* A cell and a blank; what is longer is told whole, and the row goes on below. `at`: where it began. */
static void put_cell(const struct page *p, enum page_style style, unsigned at, unsigned width, const char *text)
{
	if (page_columns(text) < width) {
		page_put_cell(p, style, PAGE_LEFT, width, text);
		return;
	}
	page_put(p, style, text);
	page_end_line(p);
	page_put_spaces(p, at + width);
}

/* The last two cells. No line ends in blanks. */
static void put_end(const struct page *p, const char *span, const char *why)
{
	bool beside = p->terminal.width >= WHY + WHY_LEAST;
	if (why[0] != '\0' && beside) {
		put_cell(p, PAGE_PLAIN, BLOCK + SERVICE + VERDICT, SPAN, span);
		page_put_wrapped(p, PAGE_FAINT, WHY, WHY, why);
		return;
	}
	page_put(p, PAGE_PLAIN, span);
	page_end_line(p);
	if (why[0] == '\0')
		return;
	page_put_spaces(p, PAGE_INDENT);
	page_put_wrapped(p, PAGE_FAINT, PAGE_INDENT, PAGE_INDENT, why);
}

static void put_row(const struct page *p, enum page_style style, const char *const cells[5])
{
	put_cell(p, style, 0, BLOCK, cells[0]);
	put_cell(p, PAGE_PLAIN, BLOCK, SERVICE, cells[1]);
	put_cell(p, PAGE_PLAIN, BLOCK + SERVICE, VERDICT, cells[2]);
	put_end(p, cells[3], cells[4]);
}

void access_set_list_print_heading(const struct page *p)
{
	static const char *const heads[] = {"ADDRESS", "SERVICE", "VERDICT", "LEFT", "WHY"};
	put_row(p, PAGE_PLAIN, heads);
}

void access_set_list_print_entry(const struct page *p, const struct access_set_entry *e, int64_t now_s)
{
	char span[32] = "-";
	const struct prefix_text block = prefix_to_text(&e->block);
	if (e->expires_s)
		access_set_list_print_span(e->expires_s - now_s, span, sizeof span);
	const char *const cells[] = {
		block.text, e->service, e->verdict == ACCESS_GRANT ? "allow" : "deny", span, e->note};
	put_row(p, PAGE_BOLD, cells);
}

/* --- lines by another hand --- */

void access_set_list_take_other(void *context, unsigned line, bool is_rule, struct text_slice text)
{
	struct access_set_list_others *o = context;
	const unsigned at = o->rules + o->broken;
	if (at < ACCESS_SET_LIST_OTHERS) {
		size_t length = text.length < ACCESS_SET_LIST_TEXT ? text.length : ACCESS_SET_LIST_TEXT - 1;
		o->items[at].line = line;
		o->items[at].is_rule = is_rule;
		memcpy(o->items[at].text, text.start, length);
		o->items[at].text[length] = '\0';
	}
	o->rules += is_rule;
	o->broken += !is_rule;
}

static void put_head(const struct page *p, const char *path, unsigned count, bool is_rule)
{
	char head[4400];
	snprintf(head, sizeof head, "%s, in %s (%s):",
		is_rule ? "Not written by 'access add', but asked as the others are" : "No rule, and not heeded", path,
		number_text_with(count, "line").text);
	page_put_wrapped(p, PAGE_PLAIN, 0, PAGE_INDENT, head);
}

static void put_others(const struct page *p, const struct access_set_list_others *o, bool is_rule)
{
	const unsigned count = is_rule ? o->rules : o->broken;
	unsigned shown = 0;
	for (unsigned i = 0; i < o->rules + o->broken && i < ACCESS_SET_LIST_OTHERS; i++) {
		char place[32];
		if (o->items[i].is_rule != is_rule)
			continue;
		snprintf(place, sizeof place, "line %u", o->items[i].line);
		page_put_labelled(p, PAGE_LABEL_COLUMNS, place, o->items[i].text);
		shown++;
	}
	if (count > shown)
		page_put_labelled(p, PAGE_LABEL_COLUMNS, "and", number_text_with(count - shown, "more line").text);
}

void access_set_list_print_others(
	const struct page *p, const char *path, const struct access_set_list_others *others)
{
	if (others->rules > 0) {
		put_head(p, path, others->rules, true);
		put_others(p, others, true);
	}
	if (others->broken > 0) {
		put_head(p, path, others->broken, false);
		put_others(p, others, false);
	}
}

void access_set_list_put_others(struct json_line *j, const char *key, const struct access_set_list_others *o)
{
	json_line_open_list(j, key);
	for (unsigned i = 0; i < o->rules + o->broken && i < ACCESS_SET_LIST_OTHERS; i++) {
		json_line_open_object(j, NULL);
		json_line_put_count(j, "line", o->items[i].line);
		json_line_put_bool(j, "is_rule", o->items[i].is_rule);
		json_line_put_text(j, "text", o->items[i].text);
		json_line_close(j);
	}
	json_line_close(j);
}
