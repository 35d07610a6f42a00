/* SPDX-License-Identifier: ISC */
#include "report/incident_table.h"

#include "base/number_text.h"
#include "report/incident_run.h"
#include "report/level_mark.h"

#include <stdio.h>
#include <string.h>

enum {
	NUMBER_COLUMNS_MIN = 3,
	STAMP_COLUMNS = 6,
	DOTTED_QUAD_COLUMNS = 15,
	DEED_COLUMNS_MIN = 8, /* less says nothing: then the column is left out */
};

struct layout {
	unsigned number, source, deed; /* columns of the three that vary */
	unsigned deed_at;              /* the column in which the deed begins */
};

static unsigned at_least(unsigned a, unsigned b)
{
	return a > b ? a : b;
}

static struct layout lay_out(const struct page *p, const struct incident_runs *runs)
{
	struct layout l = {NUMBER_COLUMNS_MIN, (unsigned)strlen("source"), 0, 0};
	unsigned most = at_least(p->terminal.width / 4, DOTTED_QUAD_COLUMNS);
	for (size_t i = 0; i < runs->count; i++) {
		const struct incident_run *run = &runs->items[i];
		char number[24];
		snprintf(number, sizeof number, "%lld", (long long)run->latest->number);
		l.number = at_least(l.number, (unsigned)strlen(number));
		l.source = at_least(l.source, page_columns(run->source));
	}
	/* Two columns between any two of the five. */
	unsigned fixed = l.number + 2 + LEVEL_MARK_COLUMNS + STAMP_COLUMNS + 2;
	unsigned room = p->terminal.width > fixed ? p->terminal.width - fixed : 0;
	if (l.source > most)
		l.source = most;
	if (l.source > room)
		l.source = room;
	unsigned left = room - l.source;
	l.deed = left >= 2 + DEED_COLUMNS_MIN ? left - 2 : 0;
	l.deed_at = fixed + l.source + 2;
	return l;
}

/* A cell that is as wide as its text, or cut: nothing stands to the right of it. */
static void put_end_cell(
	const struct page *p, enum page_style style, unsigned most, const char *text)
{
	unsigned columns = page_columns(text);
	page_put_cell(p, style, PAGE_LEFT, columns < most ? columns : most, text);
}

/* The source in its column, the deed wrapped in the rest; ends the line. */
static void put_last_cells(const struct page *p, const struct layout *l, enum page_style style,
	const char *source, const char *deed)
{
	if (l->deed == 0) {
		put_end_cell(p, style, l->source, source);
		page_end_line(p);
		return;
	}
	page_put_cell(p, style, PAGE_LEFT, l->source, source);
	page_put_spaces(p, 2);
	page_put_wrapped(p, style == PAGE_BOLD ? PAGE_PLAIN : style, l->deed_at, l->deed_at, deed);
}

static void print_heading(const struct page *p, const struct layout *l)
{
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, l->number, "no.");
	page_put_spaces(p, 2);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, LEVEL_MARK_COLUMNS, "level");
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, STAMP_COLUMNS, "last");
	page_put_spaces(p, 2);
	put_last_cells(p, l, PAGE_FAINT, "source", "what");
}

static void print_row(const struct page *p, const struct layout *l, const struct incident_run *run)
{
	char number[24];
	const struct store_incident *in = run->latest;
	snprintf(number, sizeof number, "%lld", (long long)in->number);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, l->number, number);
	page_put_spaces(p, 2);
	level_mark_put(p, in->level);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, STAMP_COLUMNS,
		time_text_stamp(in->last, p->now, p->zone).text);
	page_put_spaces(p, 2);
	put_last_cells(p, l, PAGE_BOLD, run->source, run->deed);
}

static void say_none(const struct page *p, int min_level)
{
	char text[128];
	snprintf(text, sizeof text, "No incident matches.");
	if (min_level == 1)
		snprintf(text, sizeof text,
			"No incident matches. The harmless ones are shown with --level 0.");
	else if (min_level > 1)
		snprintf(text, sizeof text, "No incident of level %d or above matches.", min_level);
	page_put_wrapped(p, PAGE_PLAIN, 0, 0, text);
}

static void print_notes(const struct page *p, const struct incident_runs *runs, bool more)
{
	char note[160];
	bool joined = false;
	for (size_t i = 0; i < runs->count; i++)
		joined |= runs->items[i].count > 1;
	if (joined)
		page_put_wrapped(p, PAGE_FAINT, 0, 0,
			"Many alike are one line, with the number of the latest; --each lists all.");
	if (!more)
		return;
	snprintf(note, sizeof note, "The latest %s; there are more (--limit).",
		number_text_of(runs->count).text);
	page_put_wrapped(p, PAGE_FAINT, 0, 0, note);
}

void incident_table_print(const struct page *p, const struct store_incidents *list,
	const struct incident_table *wanted)
{
	struct incident_runs runs;
	if (list->count == 0) {
		say_none(p, wanted->min_level);
		return;
	}
	incident_runs_make(&runs, list, wanted->each, p);
	bool more = list->more;
	if (wanted->lines > 0 && runs.count > wanted->lines) {
		runs.count = wanted->lines;
		more = true;
	}
	struct layout l = lay_out(p, &runs);
	print_heading(p, &l);
	for (size_t i = 0; i < runs.count; i++)
		print_row(p, &l, &runs.items[i]);
	print_notes(p, &runs, more);
	incident_runs_clear(&runs);
}

void incident_table_print_json(FILE *out, const struct store_incidents *list)
{
	for (size_t i = 0; i < list->count; i++)
		fprintf(out, "%s\n", list->rows[i].json);
}
