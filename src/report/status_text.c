/* SPDX-License-Identifier: ISC */
#include "report/status_text.h"

#include "base/text_buffer.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/json_fields.h"
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

static json_t *make_day(uint64_t packets, uint64_t sources)
{
	json_t *day = json_object();
	json_fields_set_count(day, "packets", packets);
	json_fields_set_count(day, "sources", sources);
	return day;
}

static json_t *make_incidents(const struct store_totals *t)
{
	json_t *out = json_object(), *levels = json_array();
	for (int level = 0; level <= 5; level++)
		json_array_append_new(levels, json_integer((json_int_t)t->by_level[level]));
	json_fields_set_count(out, "count", t->incidents);
	json_fields_set_count(out, "open", t->open);
	json_fields_set_list(out, "by_level", levels);
	return out;
}

static void set_day(json_t *object, const char *key, uint32_t day)
{
	struct wall_time start = wall_time_from_parts((int64_t)day * 86400, 0);
	if (day != 0)
		json_object_set_new(
			object, key, json_stringn(wall_time_to_rfc3339(start).text, 10));
}

void status_text_print_json(const struct page *p, const struct status_text *status)
{
	const struct store_totals *t = status->totals;
	json_t *line = json_object(), *store = json_object();
	json_fields_set_text(store, "path", status->store_path);
	json_fields_set_count(store, "bytes", t->file_bytes);
	set_day(store, "first_day", t->first_day);
	set_day(store, "last_day", t->last_day);
	json_fields_set_count(line, "v", 1);
	json_fields_set_time(line, "timestamp", p->now);
	json_object_set_new(line, "store", store);
	json_object_set_new(line, "today", make_day(t->packets_today, t->sources_today));
	json_object_set_new(
		line, "yesterday", make_day(t->packets_yesterday, t->sources_yesterday));
	json_object_set_new(line, "incidents", make_incidents(t));
	json_fields_set_count(line, "packets", t->packets);
	json_fields_set_count(line, "ports", t->ports);
	json_fields_set_text(line, "watching", status->watching);
	json_fields_set_text(line, "lost", status->losses);
	json_fields_print_line(line, p->out);
	json_decref(line);
}
