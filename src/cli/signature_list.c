/* SPDX-License-Identifier: ISC */
#include "cli/signature_list.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "event/json_line.h"
#include "net/ip_proto.h"
#include "report/level_mark.h"
#include "verdict/incident.h"

#include <stdlib.h>
#include <string.h>

enum {
	NUMBER_COLUMNS = 6, /* psad's own numbers begin at 100001 */
	ALONE_COLUMNS = 5,
	GAP = 2,
};

struct layout {
	unsigned name; /* columns */
	bool one_line; /* the reference stands behind the name */
};

static int compare_ids(const void *left, const void *right)
{
	const struct signature *const *a = left, *const *b = right;
	return ((*a)->id > (*b)->id) - ((*a)->id < (*b)->id);
}

/* The signatures by number; free() the list. */
static const struct signature **sort_by_id(const struct signature_set *set, unsigned *count)
{
	*count = signature_set_count(set);
	const struct signature **list = memory_calloc(*count + 1, sizeof(struct signature *));
	for (unsigned i = 0; i < *count; i++)
		list[i] = signature_set_item(set, i);
	qsort(list, *count, sizeof(struct signature *), compare_ids);
	return list;
}

static unsigned columns_of(const char *text)
{
	return text != NULL ? page_columns(text) : 0;
}

static struct layout lay_out(
	const struct page *p, const struct signature **list, unsigned count, bool whole_lines)
{
	struct layout l = {.name = (unsigned)strlen("name")};
	unsigned reference = 0;
	for (unsigned i = 0; i < count; i++) {
		unsigned name = columns_of(list[i]->name), link = columns_of(list[i]->reference);
		l.name = name > l.name ? name : l.name;
		reference = link > reference ? link : reference;
	}
	unsigned fixed = NUMBER_COLUMNS + GAP + LEVEL_MARK_COLUMNS + ALONE_COLUMNS + GAP;
	l.one_line = whole_lines || fixed + l.name + GAP + reference <= p->terminal.width;
	if (!l.one_line && fixed + l.name > p->terminal.width)
		l.name = p->terminal.width > fixed ? p->terminal.width - fixed : 0;
	return l;
}

static void print_heading(const struct page *p, const struct layout *l)
{
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, NUMBER_COLUMNS, "no.");
	page_put_spaces(p, GAP);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, LEVEL_MARK_COLUMNS, "level");
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, ALONE_COLUMNS + GAP, "alone");
	if (l->one_line) {
		page_put_cell(p, PAGE_FAINT, PAGE_LEFT, l->name + GAP, "name");
		page_put(p, PAGE_FAINT, "reference");
	} else {
		page_put(p, PAGE_FAINT, "name, reference");
	}
	page_end_line(p);
}

static void print_reference(const struct page *p, const struct layout *l, const char *reference)
{
	if (reference == NULL || l->one_line) {
		page_put(p, PAGE_FAINT, reference != NULL ? reference : "");
		page_end_line(p);
		return;
	}
	unsigned indent = NUMBER_COLUMNS + GAP;
	page_end_line(p);
	page_put_spaces(p, indent);
	page_put_wrapped(p, PAGE_FAINT, indent, indent, reference);
}

static void print_row(const struct page *p, const struct layout *l, const struct signature *s)
{
	char number[16];
	snprintf(number, sizeof number, "%u", s->id);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, NUMBER_COLUMNS, number);
	page_put_spaces(p, GAP);
	level_mark_put(p, s->level);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, ALONE_COLUMNS + GAP, s->alone ? "alone" : "-");
	unsigned name = columns_of(s->name);
	if (l->one_line)
		page_put_cell(p, PAGE_BOLD, PAGE_LEFT, l->name + GAP, s->name);
	else
		page_put_cell(p, PAGE_BOLD, PAGE_LEFT, name < l->name ? name : l->name, s->name);
	print_reference(p, l, s->reference);
}

void signature_list_print(const struct page *p, const struct signature_set *set, bool whole_lines)
{
	unsigned count, alone = 0;
	const struct signature **list = sort_by_id(set, &count);
	struct layout l = lay_out(p, list, count, whole_lines);
	char note[256];
	print_heading(p, &l);
	for (unsigned i = 0; i < count; i++) {
		print_row(p, &l, list[i]);
		alone += list[i]->alone;
	}
	free(list);
	snprintf(note, sizeof note,
		"%s; of %u a single packet opens a story (alone), the others add their name and "
		"level to a story that other packets tell. 'knockwatch signatures NUMBER' tells "
		"more.",
		number_text_with(count, "signature").text, alone);
	page_put_wrapped(p, PAGE_FAINT, 0, 0, note);
}

void signature_list_print_one(const struct page *p, const struct signature *s)
{
	char number[16], proto[16] = "any protocol";
	snprintf(number, sizeof number, "%u  ", s->id);
	page_put(p, PAGE_PLAIN, number);
	page_put(p, PAGE_BOLD, s->name);
	page_end_line(p);
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, PAGE_LABEL_COLUMNS, "level");
	page_put(p, level_mark_style(s->level), level_mark_shape(s->level));
	page_put_spaces(p, 1);
	page_put(p, level_mark_style(s->level), incident_level_word(s->level));
	page_end_line(p);
	if (s->has_proto)
		snprintf(proto, sizeof proto, "%s", ip_proto_to_text(s->proto).text);
	page_put_fact(p, "alone",
		s->alone ? "yes: one packet opens a story"
			 : "no: it adds its name and level to a story that other packets tell");
	page_put_fact(p, "protocol", proto);
	page_put_fact(p, "what", s->summary);
	page_put_fact(p, "reference", s->reference);
}

void signature_list_print_one_json(FILE *out, const struct signature *s)
{
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	json_line_put_count(&line, "id", s->id);
	json_line_put_text(&line, "name", s->name);
	json_line_put_count(&line, "level", s->level);
	json_line_put_bool(&line, "alone", s->alone);
	if (s->has_proto)
		json_line_put_text(&line, "proto", ip_proto_to_text(s->proto).text);
	json_line_put_text(&line, "reference", s->reference);
	json_line_put_text(&line, "summary", s->summary);
	json_line_close(&line);
	json_line_print(&line, out);
	json_line_clear(&line);
}

void signature_list_print_json(FILE *out, const struct signature_set *set)
{
	unsigned count;
	const struct signature **list = sort_by_id(set, &count);
	for (unsigned i = 0; i < count; i++)
		signature_list_print_one_json(out, list[i]);
	free(list);
}
