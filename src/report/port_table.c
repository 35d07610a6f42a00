/* SPDX-License-Identifier: ISC */
#include "report/port_table.h"

#include "base/number_text.h"
#include "event/json_line.h"
#include "net/ip_proto.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	SERVICE_COLUMNS_MAX = 14,
	GROWTH_COLUMNS = 8, /* "  ▲ 9999x" at most; larger factors are cut off at 999 */
	LABEL_COLUMNS_MIN = 5,
	CELL_COLUMNS_MIN = 5,
	FACTOR_SHOWN_MAX = 999,
};

struct port_label {
	char text[24];
};

struct layout {
	unsigned label, service, cell, total; /* columns; service 0 = left out */
	unsigned from;                        /* first column that fits */
	bool unfinished;                      /* the last column holds today */
};

int64_t port_table_growth(const uint64_t *touches, unsigned columns, bool last_unfinished)
{
	unsigned recent = last_unfinished ? 2 : 1;
	if (columns <= recent)
		return 0;
	uint64_t high = 0, before = 0, earlier = columns - recent;
	for (unsigned i = columns - recent; i < columns; i++)
		high = touches[i] > high ? touches[i] : high;
	for (unsigned i = 0; i < earlier; i++)
		before += touches[i];
	if (high < PORT_TABLE_GROWTH_TOUCHES)
		return 0;
	if (before == 0)
		return -1;
	double factor = (double)high * (double)earlier / (double)before;
	return factor >= PORT_TABLE_GROWTH_FACTOR ? (int64_t)factor : 0;
}

/* "tcp/23", "icmp"; the number where EVENTS.md has no name. */
static struct port_label label_of(const struct store_ports_row *row)
{
	struct port_label out;
	struct ip_proto_text proto = ip_proto_to_text(row->proto);
	for (char *c = proto.text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	const char *kind = isdigit((unsigned char)proto.text[0]) ? "proto/" : "";
	if (ip_proto_has_ports(row->proto))
		snprintf(out.text, sizeof out.text, "%s%s/%u", kind, proto.text, row->port);
	else
		snprintf(out.text, sizeof out.text, "%s%s", kind, proto.text);
	return out;
}

static const char *service_of(const struct port_table *t, const struct store_ports_row *row)
{
	const char *name = t->service != NULL ? t->service(row->proto, row->port) : NULL;
	return name != NULL ? name : "";
}

/* "Nov" or "20 Nov"; a star where the month or day is not over. */
static struct port_label heading_of(const struct port_table *t, unsigned column, bool unfinished)
{
	struct port_label out;
	int64_t year;
	int month, day;
	const char *star = unfinished && column + 1 == t->ports->columns ? "*" : "";
	clock_civil_from_days(t->ports->starts[column], &year, &month, &day);
	if (t->by == STORE_PORTS_BY_MONTH)
		snprintf(out.text, sizeof out.text, "%s%s", time_text_month_name(month), star);
	else
		snprintf(out.text, sizeof out.text, "%d %s%s", day, time_text_month_name(month),
			star);
	return out;
}

static unsigned wider(unsigned columns, const char *text)
{
	unsigned n = page_columns(text);
	return n > columns ? n : columns;
}

/* The column of marks is there only where a row has one. */
static unsigned growth_columns(const struct store_ports *ports, bool unfinished)
{
	for (size_t i = 0; i < ports->count; i++) {
		if (port_table_growth(ports->rows[i].touches, ports->columns, unfinished) != 0)
			return GROWTH_COLUMNS;
	}
	return 0;
}

static void widen_for_row(
	struct layout *l, const struct port_table *t, const struct store_ports_row *row)
{
	l->label = wider(l->label, label_of(row).text);
	l->service = wider(l->service, service_of(t, row));
	for (unsigned c = 0; c < t->ports->columns; c++)
		l->cell = wider(l->cell, number_text_of(row->touches[c]).text);
}

static struct layout lay_out(const struct page *p, const struct port_table *t)
{
	const struct store_ports *ports = t->ports;
	uint32_t today = (uint32_t)(wall_time_seconds(p->now) / 86400);
	struct layout l = {.label = LABEL_COLUMNS_MIN, .cell = CELL_COLUMNS_MIN};
	l.unfinished =
		today >= ports->starts[ports->columns - 1] && today < ports->starts[ports->columns];
	l.total = wider((unsigned)strlen("total"), number_text_of(ports->touches_all).text);
	for (size_t i = 0; i < ports->count; i++)
		widen_for_row(&l, t, &ports->rows[i]);
	for (unsigned c = 0; c < ports->columns; c++) {
		l.cell = wider(l.cell, number_text_of(ports->sums[c]).text);
		l.cell = wider(l.cell, heading_of(t, c, l.unfinished).text);
	}
	if (l.service > SERVICE_COLUMNS_MAX)
		l.service = SERVICE_COLUMNS_MAX;
	unsigned fixed =
		l.label + 1 + l.service + 1 + l.total + growth_columns(ports, l.unfinished);
	if (l.service > 0 && fixed + 2 * (l.cell + 1) > p->terminal.width) {
		fixed -= l.service;
		l.service = 0;
	}
	unsigned fit = p->terminal.width > fixed ? (p->terminal.width - fixed) / (l.cell + 1) : 0;
	l.from = fit < ports->columns ? ports->columns - fit : 0;
	return l;
}

static void print_cells(const struct page *p, const struct layout *l,
	const struct store_ports *ports, const uint64_t *cells)
{
	for (unsigned c = l->from; c < ports->columns; c++) {
		page_put_spaces(p, 1);
		const char *text = cells[c] > 0 ? number_text_of(cells[c]).text : "–";
		page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, l->cell, text);
	}
}

static void print_growth(const struct page *p, const struct layout *l,
	const struct store_ports *ports, const struct store_ports_row *row)
{
	char text[32];
	int64_t factor = port_table_growth(row->touches, ports->columns, l->unfinished);
	if (factor == 0)
		return;
	if (factor < 0)
		snprintf(text, sizeof text, "  ▲ new");
	else
		snprintf(text, sizeof text, "  ▲ %lldx",
			(long long)(factor < FACTOR_SHOWN_MAX ? factor : FACTOR_SHOWN_MAX));
	page_put(p, PAGE_YELLOW, text);
}

static void print_heading(const struct page *p, const struct layout *l, const struct port_table *t)
{
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, l->label + 1, "port");
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, l->service, l->service >= 7 ? "service" : "");
	for (unsigned c = l->from; c < t->ports->columns; c++) {
		page_put_spaces(p, 1);
		page_put_cell(
			p, PAGE_FAINT, PAGE_RIGHT, l->cell, heading_of(t, c, l->unfinished).text);
	}
	page_put_spaces(p, 1);
	page_put_cell(p, PAGE_FAINT, PAGE_RIGHT, l->total, "total");
	page_end_line(p);
}

static void print_row(const struct page *p, const struct layout *l, const struct port_table *t,
	const struct store_ports_row *row)
{
	page_put_cell(p, PAGE_BOLD, PAGE_LEFT, l->label + 1, label_of(row).text);
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, l->service, service_of(t, row));
	print_cells(p, l, t->ports, row->touches);
	page_put_spaces(p, 1);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, l->total, number_text_of(row->touches_sum).text);
	print_growth(p, l, t->ports, row);
	page_end_line(p);
}

/* What the rows above leave of the sums. */
static void print_others(const struct page *p, const struct layout *l, const struct port_table *t)
{
	const struct store_ports *ports = t->ports;
	uint64_t left[STORE_PORTS_COLUMNS_MAX], total = ports->touches_all;
	char note[64];
	if (ports->ports_all <= ports->count)
		return;
	memcpy(left, ports->sums, sizeof left);
	for (size_t i = 0; i < ports->count; i++) {
		for (unsigned c = 0; c < ports->columns; c++)
			left[c] -= ports->rows[i].touches[c];
		total -= ports->rows[i].touches_sum;
	}
	page_put_cell(p, PAGE_PLAIN, PAGE_LEFT, l->label + 1, "other");
	page_put_spaces(p, l->service);
	print_cells(p, l, ports, left);
	page_put_spaces(p, 1);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, l->total, number_text_of(total).text);
	page_end_line(p);
	snprintf(note, sizeof note, "other: %s more",
		number_text_with(ports->ports_all - ports->count, "port").text);
	page_put_wrapped(p, PAGE_FAINT, 0, 0, note);
}

static void print_notes(const struct page *p, const struct layout *l, const struct port_table *t)
{
	const char *step = t->by == STORE_PORTS_BY_MONTH ? "month" : "day";
	char note[160];
	if (l->unfinished) {
		snprintf(note, sizeof note, "* this %s is not over", step);
		page_put_wrapped(p, PAGE_FAINT, 0, 0, note);
	}
	if (l->from > 0) {
		snprintf(note, sizeof note, "%s left out for width, counted in the total",
			number_text_with(l->from,
				t->by == STORE_PORTS_BY_MONTH ? "earlier month" : "earlier day")
				.text);
		page_put_wrapped(p, PAGE_FAINT, 0, 0, note);
	}
}

void port_table_print(const struct page *p, const struct port_table *table)
{
	if (table->ports->count == 0) {
		page_put_wrapped(p, PAGE_PLAIN, 0, 0, "Nothing knocked in this time.");
		return;
	}
	struct layout l = lay_out(p, table);
	print_heading(p, &l, table);
	for (size_t i = 0; i < table->ports->count; i++)
		print_row(p, &l, table, &table->ports->rows[i]);
	print_others(p, &l, table);
	print_notes(p, &l, table);
}

static void put_counts(
	struct json_line *line, const char *key, const uint64_t *counts, unsigned columns)
{
	json_line_open_list(line, key);
	for (unsigned c = 0; c < columns; c++)
		json_line_put_count(line, NULL, counts[c]);
	json_line_close(line);
}

static void put_starts(struct json_line *line, const struct store_ports *ports)
{
	json_line_open_list(line, "columns");
	for (unsigned c = 0; c < ports->columns; c++)
		json_line_put_day(line, NULL, ports->starts[c]);
	json_line_close(line);
}

static void put_row(struct json_line *line, const struct port_table *t,
	const struct store_ports_row *row, bool unfinished)
{
	int64_t growth = port_table_growth(row->touches, t->ports->columns, unfinished);
	json_line_open_object(line, NULL);
	json_line_put_text(line, "port", label_of(row).text);
	json_line_put_text(line, "service", service_of(t, row));
	put_counts(line, "touches", row->touches, t->ports->columns);
	json_line_put_count(line, "total", row->touches_sum);
	json_line_put_count(line, "packets", row->packets_sum);
	if (growth > 0)
		json_line_put_count(line, "growth", (uint64_t)growth);
	else if (growth < 0)
		json_line_put_text(line, "growth", "new");
	json_line_close(line);
}

static void put_all(struct json_line *line, const struct store_ports *ports)
{
	json_line_open_object(line, "all");
	json_line_put_count(line, "ports", ports->ports_all);
	put_counts(line, "touches", ports->sums, ports->columns);
	json_line_put_count(line, "total", ports->touches_all);
	json_line_close(line);
}

void port_table_print_json(const struct page *p, const struct port_table *table)
{
	const struct store_ports *ports = table->ports;
	struct layout l = lay_out(p, table);
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	json_line_put_text(&line, "by", table->by == STORE_PORTS_BY_MONTH ? "month" : "day");
	put_starts(&line, ports);
	json_line_open_list(&line, "ports");
	for (size_t i = 0; i < ports->count; i++)
		put_row(&line, table, &ports->rows[i], l.unfinished);
	json_line_close(&line);
	put_all(&line, ports);
	json_line_close(&line);
	json_line_print(&line, p->out);
	json_line_clear(&line);
}
