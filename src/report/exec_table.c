/* SPDX-License-Identifier: ISC */
#include "report/exec_table.h"

#include "base/number_text.h"
#include "event/json_line.h"

#include <stdio.h>

enum { LAST = 7, TIMES = 6, NEW = 4, BY = 22, COMMAND_LEAST = 20 };

static bool is_shown(const struct exec_table *t, const struct exec_group *g)
{
	return !t->only_new || g->fresh > 0;
}

size_t exec_table_count(const struct exec_table *t)
{
	size_t n = 0;
	for (size_t i = 0; i < t->list->count; i++)
		n += is_shown(t, &t->list->groups[i]);
	return n;
}

static void print_summary(const struct page *p, const struct exec_table *t)
{
	char text[256];
	snprintf(text, sizeof text, "%s since %s, %s new.",
		number_text_with(t->list->starts, "root command").text,
		time_text_minute(t->since, p->now, p->zone).text,
		t->list->fresh > 0 ? number_text_of(t->list->fresh).text : "none");
	page_put_wrapped(p, PAGE_BOLD, 0, 0, text);
}

static unsigned command_columns(const struct page *p)
{
	unsigned others = LAST + TIMES + NEW + BY + 2;
	return p->terminal.width > others + COMMAND_LEAST ? p->terminal.width - others
							  : COMMAND_LEAST;
}

static void print_head(const struct page *p)
{
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, LAST, "last");
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, TIMES, "times");
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, NEW, "new");
	page_put_spaces(p, 2);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, BY, "by");
	page_put(p, PAGE_FAINT, "command");
	page_end_line(p);
}

/* Who started it: the unit, and where there is none the parent. */
static const char *started_by(const struct exec_group *g)
{
	return g->unit[0] ? g->unit : g->parent[0] ? g->parent : "?";
}

static void print_group(const struct page *p, const struct exec_group *g)
{
	const char *command = g->counted > 0 ? "(beyond the budget: only counted)"
			      : g->args[0]   ? g->args
					     : g->exe;
	page_put_cell(
		p, PAGE_PLAIN, PAGE_LEFT, LAST, time_text_stamp(g->last, p->now, p->zone).text);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, TIMES, number_text_of(g->count).text);
	page_put_cell(p, PAGE_YELLOW, PAGE_RIGHT, NEW, g->fresh > 0 ? "new" : "");
	page_put_spaces(p, 2);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, BY - 1, started_by(g));
	page_put_spaces(p, 1);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, command_columns(p), command);
	page_end_line(p);
}

void exec_table_print(const struct page *p, const struct exec_table *t)
{
	size_t shown = 0, all = exec_table_count(t);
	print_summary(p, t);
	if (all == 0)
		return;
	print_head(p);
	for (size_t i = 0; i < t->list->count && shown < t->rows; i++) {
		if (!is_shown(t, &t->list->groups[i]))
			continue;
		print_group(p, &t->list->groups[i]);
		shown++;
	}
	if (shown < all) {
		char text[128];
		snprintf(text, sizeof text, "%s more; --all shows them.",
			number_text_of(all - shown).text);
		page_put_wrapped(p, PAGE_FAINT, 0, 0, text);
	}
}

static void put_group(struct json_line *line, const struct exec_group *g)
{
	json_line_open_object(line, NULL);
	json_line_put_text(line, "unit", g->unit);
	json_line_put_text(line, "parent", g->parent);
	json_line_put_text(line, "exe", g->exe);
	json_line_put_text(line, "args", g->args);
	json_line_put_text(line, "shape", g->shape);
	json_line_put_count(line, "count", g->count);
	json_line_put_count(line, "new", g->fresh);
	if (g->counted > 0)
		json_line_put_count(line, "counted", g->counted);
	json_line_put_time(line, "first", g->first);
	json_line_put_time(line, "last", g->last);
	json_line_close(line);
}

void exec_table_print_json(const struct page *p, const struct exec_table *t)
{
	struct json_line line = {0};
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	json_line_put_time(&line, "since", t->since);
	json_line_put_count(&line, "commands", t->list->starts);
	json_line_put_count(&line, "new", t->list->fresh);
	json_line_open_list(&line, "groups");
	for (size_t i = 0; i < t->list->count; i++) {
		if (is_shown(t, &t->list->groups[i]))
			put_group(&line, &t->list->groups[i]);
	}
	json_line_close(&line);
	json_line_close(&line);
	json_line_print(&line, p->out);
	json_line_clear(&line);
}
