/* SPDX-License-Identifier: ISC */
#include "report/status_text.h"

#include "base/text_buffer.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/json_line.h"
#include "report/level_mark.h"

#include <stdio.h>

static void print_incidents(const struct page *p, const struct store_totals *t)
{
	char text[320];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s, ", number_text_of(t->incidents).text);
	text_buffer_printf(&b, "%s open", number_text_of(t->open).text);
	const char *gap = ": ";
	for (int level = 5; level >= 0; level--) {
		if (t->by_level[level] == 0)
			continue;
		text_buffer_printf(&b, "%s%s %s %s", gap, number_text_of(t->by_level[level]).text,
			incident_level_word(level), level_mark_shape(level));
		gap = ", ";
	}
	page_put_fact(p, "incidents", t->incidents > 0 ? text : "none");
}

static void print_knocks(const struct page *p, const struct store_totals *t)
{
	char text[320];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s from ", number_text_with(t->packets_today, "packet").text);
	text_buffer_printf(&b, "%s", number_text_with(t->sources_today, "source").text);
	page_put_fact(p, "today", text);
	b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s from ", number_text_with(t->packets_yesterday, "packet").text);
	text_buffer_printf(&b, "%s", number_text_with(t->sources_yesterday, "source").text);
	page_put_fact(p, "yesterday", text);
	if (t->last_day == 0)
		return;
	b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s on ", number_text_with(t->packets, "packet").text);
	text_buffer_printf(&b, "%s since ", number_text_with(t->ports, "port").text);
	text_buffer_printf(&b, "%s", time_text_day(t->first_day).text);
	page_put_fact(p, "in all", text);
}

void status_text_print(const struct page *p, const struct status_text *status)
{
	char text[512];
	page_put_fact(p, "watching",
		status->watching != NULL ? status->watching : "no (knockwatch watch)");
	print_knocks(p, status->totals);
	print_incidents(p, status->totals);
	page_put_fact(p, "lost", status->losses);
	snprintf(text, sizeof text, "%s, %s", status->store_path,
		number_text_bytes(status->totals->file_bytes).text);
	page_put_fact(p, "store", text);
	page_put_spaces(p, PAGE_INDENT);
	page_put_wrapped(p, PAGE_FAINT, PAGE_INDENT, PAGE_INDENT, "Days are those of UTC.");
}

static void put_store(struct json_line *line, const struct status_text *status)
{
	const struct store_totals *t = status->totals;
	json_line_open_object(line, "store");
	json_line_put_text(line, "path", status->store_path);
	json_line_put_count(line, "bytes", t->file_bytes);
	if (t->first_day != 0)
		json_line_put_day(line, "first_day", t->first_day);
	if (t->last_day != 0)
		json_line_put_day(line, "last_day", t->last_day);
	json_line_close(line);
}

static void put_day(struct json_line *line, const char *key, uint64_t packets, uint64_t sources)
{
	json_line_open_object(line, key);
	json_line_put_count(line, "packets", packets);
	json_line_put_count(line, "sources", sources);
	json_line_close(line);
}

static void put_incidents(struct json_line *line, const struct store_totals *t)
{
	json_line_open_object(line, "incidents");
	json_line_put_count(line, "count", t->incidents);
	json_line_put_count(line, "open", t->open);
	json_line_open_list(line, "by_level");
	for (int level = 0; level <= 5; level++)
		json_line_put_count(line, NULL, t->by_level[level]);
	json_line_close(line);
	json_line_close(line);
}

void status_text_print_json(const struct page *p, const struct status_text *status)
{
	const struct store_totals *t = status->totals;
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	json_line_put_time(&line, "timestamp", p->now);
	put_store(&line, status);
	put_day(&line, "today", t->packets_today, t->sources_today);
	put_day(&line, "yesterday", t->packets_yesterday, t->sources_yesterday);
	put_incidents(&line, t);
	json_line_put_count(&line, "packets", t->packets);
	json_line_put_count(&line, "ports", t->ports);
	json_line_put_text(&line, "watching", status->watching);
	json_line_put_text(&line, "lost", status->losses);
	json_line_close(&line);
	json_line_print(&line, p->out);
	json_line_clear(&line);
}
