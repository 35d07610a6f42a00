/* SPDX-License-Identifier: ISC */
#include "report/status_text.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/json_line.h"

#include <stdio.h>
#include <string.h>

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
		text_buffer_printf(&b, "%s%s %s", gap, number_text_of(t->by_level[level]).text,
			incident_level_word(level));
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

static void print_running(const struct page *p, const struct status_watch *w)
{
	char text[768];
	if (w->pid == 0) {
		page_put_fact(p, "watching", "yes; it has not said yet who it is");
		return;
	}
	snprintf(text, sizeof text, "%s; pid %llu, since %s (%s)",
		w->listening[0] ? w->listening : "yes", (unsigned long long)w->pid,
		time_text_minute(w->since, p->now, p->zone).text,
		time_text_span(p->now.us > w->since.us ? p->now.us - w->since.us : 0).text);
	page_put_fact(p, "watching", text);
}

static void print_over(const struct page *p, const struct status_watch *w)
{
	char text[256];
	if (w->pid == 0)
		snprintf(text, sizeof text, "no; 'knockwatch watch' begins");
	else
		snprintf(text, sizeof text,
			"no; the last watch %s %s ('knockwatch watch' begins a new one)",
			w->ended ? "ended" : "was cut off after",
			time_text_minute(w->heard, p->now, p->zone).text);
	page_put_fact(p, "watching", text);
}

/* What the watch has counted since it began. */
static void print_counters(const struct page *p, const struct status_watch *w)
{
	char text[320];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s, ", number_text_with(w->packets, "packet").text);
	text_buffer_printf(&b, "%s, ", number_text_with(w->knocks, "knock").text);
	text_buffer_printf(&b, "%s", number_text_with(w->incidents, "incident").text);
	if (w->last_event.us != 0)
		text_buffer_printf(&b, "; the last packet %s",
			time_text_minute(w->last_event, p->now, p->zone).text);
	page_put_fact(p, "heard", text);
	b = text_buffer_over(text, sizeof text);
	text_buffer_add(&b, w->lost > 0 ? number_text_with(w->lost, "packet").text : "nothing");
	if (w->skipped_lines > 0)
		text_buffer_printf(&b, "; %s could not be read",
			number_text_with(w->skipped_lines, "line").text);
	page_put_fact(p, "lost", text);
	b = text_buffer_over(text, sizeof text);
	text_buffer_printf(&b, "%s, ", number_text_with(w->root_commands, "command").text);
	text_buffer_printf(&b, "%s new",
		w->root_commands_new > 0 ? number_text_of(w->root_commands_new).text : "none");
	page_put_fact(p, "as root", w->root_commands > 0 ? text : NULL);
	b = text_buffer_over(text, sizeof text);
	text_buffer_printf(
		&b, "%s at most in the engine", number_text_bytes(w->peak_memory_bytes).text);
	if (w->memory_bytes > 0)
		text_buffer_printf(&b, ", of %lluM allowed with its sensor",
			(unsigned long long)(w->memory_bytes >> 20));
	page_put_fact(p, "memory", w->peak_memory_bytes > 0 ? text : NULL);
}

static void print_senders(const struct page *p, const struct status_watch *w)
{
	for (unsigned i = 0; i < w->senders_count; i++) {
		const struct status_sender *s = &w->senders[i];
		char text[512];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		text_buffer_add_escaped(&b, s->name, strlen(s->name));
		text_buffer_printf(&b, ": %s, ", number_text_with(s->lines, "line").text);
		text_buffer_printf(&b, "%s", number_text_with(s->events, "packet").text);
		if (s->lost > 0)
			text_buffer_printf(&b, ", %s lost", number_text_of(s->lost).text);
		page_put_fact(p, i == 0 ? "lines of" : "", text);
	}
}

static void print_watch(const struct page *p, const struct status_watch *w)
{
	if (!w->running) {
		print_over(p, w);
		return;
	}
	print_running(p, w);
	if (w->pid != 0)
		print_counters(p, w);
	print_senders(p, w);
}

static void print_sent(const struct page *p, const struct status_sent *s)
{
	char text[768];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	if (s == NULL || s->to[0] == '\0')
		return;
	text_buffer_add_escaped(&b, s->to, strlen(s->to));
	if (s->newest > s->arrived)
		text_buffer_printf(&b, ": all but %s",
			number_text_with(s->newest - s->arrived, "record").text);
	else
		text_buffer_printf(&b, ": up to record %s", number_text_of(s->arrived).text);
	if (!s->running)
		text_buffer_printf(&b, "; no sender is at work since %s",
			time_text_minute(s->at, p->now, p->zone).text);
	else if (s->why[0] != '\0') {
		text_buffer_add(&b, "; waiting: ");
		text_buffer_add_escaped(&b, s->why, strlen(s->why));
	}
	page_put_fact(p, "sent", text);
}

void status_text_print(const struct page *p, const struct status_text *status)
{
	char text[512];
	print_watch(p, status->watch);
	print_sent(p, status->sent);
	if (status->totals == NULL) {
		page_put_fact(p, "store", "cannot be read");
		return;
	}
	print_knocks(p, status->totals);
	print_incidents(p, status->totals);
	snprintf(text, sizeof text, "%s, %s", status->store_path,
		number_text_bytes(status->totals->file_bytes).text);
	page_put_fact(p, "store", text);
	page_put_spaces(p, PAGE_INDENT);
	page_put_wrapped(p, PAGE_FAINT, PAGE_INDENT, PAGE_INDENT, "Days are those of UTC.");
}

static void put_time(struct json_line *line, const char *key, struct wall_time t)
{
	if (t.us != 0)
		json_line_put_time(line, key, t);
}

static void put_senders(struct json_line *line, const struct status_watch *w)
{
	json_line_open_list(line, "senders");
	for (unsigned i = 0; i < w->senders_count; i++) {
		json_line_open_object(line, NULL);
		json_line_put_text(line, "name", w->senders[i].name);
		json_line_put_count(line, "lines", w->senders[i].lines);
		json_line_put_count(line, "events", w->senders[i].events);
		json_line_put_count(line, "lost", w->senders[i].lost);
		json_line_close(line);
	}
	json_line_close(line);
}

static void put_watch(struct json_line *line, const struct status_watch *w)
{
	json_line_open_object(line, "watch");
	json_line_put_bool(line, "running", w->running);
	if (w->pid != 0) {
		json_line_put_count(line, "pid", w->pid);
		put_time(line, "since", w->since);
		put_time(line, "heard", w->heard);
		json_line_put_text(line, "listening", w->listening);
		put_time(line, "last_event", w->last_event);
		json_line_put_count(line, "packets", w->packets);
		json_line_put_count(line, "knocks", w->knocks);
		json_line_put_count(line, "incidents", w->incidents);
		json_line_put_count(line, "lost", w->lost);
		if (w->root_commands > 0) {
			json_line_put_count(line, "root_commands", w->root_commands);
			json_line_put_count(line, "root_commands_new", w->root_commands_new);
		}
		json_line_put_count(line, "skipped_lines", w->skipped_lines);
		json_line_put_count(line, "memory_bytes", w->memory_bytes);
		json_line_put_count(line, "peak_memory_bytes", w->peak_memory_bytes);
		put_senders(line, w);
	}
	json_line_close(line);
}

static void put_sent(struct json_line *line, const struct status_sent *s)
{
	if (s == NULL || s->to[0] == '\0')
		return;
	json_line_open_object(line, "sent");
	json_line_put_text(line, "to", s->to);
	json_line_put_bool(line, "running", s->running);
	json_line_put_count(line, "arrived", s->arrived);
	json_line_put_count(line, "newest", s->newest);
	put_time(line, "at", s->at);
	if (s->why[0] != '\0')
		json_line_put_text(line, "why", s->why);
	json_line_close(line);
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

static void put_totals(struct json_line *line, const struct store_totals *t)
{
	put_day(line, "today", t->packets_today, t->sources_today);
	put_day(line, "yesterday", t->packets_yesterday, t->sources_yesterday);
	put_incidents(line, t);
	json_line_put_count(line, "packets", t->packets);
	json_line_put_count(line, "ports", t->ports);
}

void status_text_print_json(const struct page *p, const struct status_text *status)
{
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	json_line_put_time(&line, "timestamp", p->now);
	if (status->totals != NULL) {
		put_store(&line, status);
		put_totals(&line, status->totals);
	}
	put_watch(&line, status->watch);
	put_sent(&line, status->sent);
	json_line_close(&line);
	json_line_print(&line, p->out);
	json_line_clear(&line);
}
