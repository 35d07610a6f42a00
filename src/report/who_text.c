/* SPDX-License-Identifier: ISC */
#include "report/who_text.h"

#include "base/number_text.h"
#include "base/text_buffer.h"
#include "event/event.h"
#include "event/json_line.h"
#include "net/ip_proto.h"
#include "report/incident_table.h"
#include "report/knock_run.h"
#include "report/level_mark.h"

#include <ctype.h>
#include <stdio.h>
#include <string.h>

enum {
	SPARK_DAYS = 30, /* a month on one short line */
	STAMP_COLUMNS = 6,
	PORT_COLUMNS = 14, /* "65,535 ports" and a gap; "sctp/65535" */
	INCIDENTS_SHOWN = 50,
	RUNS_SHOWN = 20, /* a page; beyond it nothing new is learnt */
};

/* What follows from the three lists together. */
struct summary {
	bool known;
	struct wall_time first, last;
	bool to_the_day; /* the first time is known as a day only */
	uint64_t packets, targets;
	int level; /* highest of its incidents, -1 = none */
	unsigned open;
};

static void take_time(struct summary *s, struct wall_time first, struct wall_time last)
{
	if (!s->known || first.us < s->first.us)
		s->first = first;
	if (!s->known || last.us > s->last.us)
		s->last = last;
	s->known = true;
}

static struct summary sum_up(const struct who_text *who)
{
	struct summary s = {.level = -1};
	for (size_t i = 0; i < who->incidents->count; i++) {
		const struct store_incident *in = &who->incidents->rows[i];
		take_time(&s, in->first, in->last);
		s.level = in->level > s.level ? in->level : s.level;
		s.open += in->state != INCIDENT_CLOSE;
	}
	for (size_t i = 0; i < who->knocks->count; i++)
		take_time(&s, who->knocks->rows[i].first, who->knocks->rows[i].last);
	for (size_t i = 0; i < who->days->count; i++) {
		const struct store_day *d = &who->days->rows[i];
		struct wall_time start = wall_time_from_parts((int64_t)d->day * 86400, 0);
		struct wall_time end = {start.us + 86400 * CLOCK_US_PER_S};
		if (!s.known || end.us <= s.first.us)
			s.to_the_day = true;
		if (!s.known || end.us <= s.first.us || start.us > s.last.us)
			take_time(&s, start, start);
		s.packets += d->packets;
		s.targets += d->targets;
	}
	return s;
}

static void print_seen(const struct page *p, const struct who_text *who, const struct summary *s)
{
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	uint32_t first_day = (uint32_t)(wall_time_seconds(s->first) / 86400);
	text_buffer_printf(&b, "first %s, last %s",
		s->to_the_day ? time_text_day(first_day).text
			      : time_text_minute(s->first, p->now, p->zone).text,
		time_text_minute(s->last, p->now, p->zone).text);
	if (who->days->count > 0)
		text_buffer_printf(
			&b, "; active on %s", number_text_with(who->days->count, "day").text);
	page_put_fact(p, "seen", text);
	if (s->packets == 0)
		return;
	/* A door that is tried again is not recorded again. */
	snprintf(text, sizeof text, "%s on %s, the same again not counted",
		number_text_with(s->packets, "knock").text,
		number_text_with(s->targets, "door").text);
	page_put_fact(p, "knocked", text);
}

/* Height 0 to 8 of a day, by powers of two: one packet must show beside a thousand. */
static unsigned height_of(uint64_t packets)
{
	unsigned height = 0;
	for (; packets > 0 && height < 8; packets /= 4)
		height++;
	return height;
}

/* The last days as a row of bars, today rightmost. */
static void print_activity(const struct page *p, const struct store_days *days)
{
	static const char *const bars[9] = {"·", "▁", "▂", "▃", "▄", "▅", "▆", "▇", "█"};
	char text[256];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	uint32_t today = (uint32_t)(wall_time_seconds(p->now) / 86400);
	uint64_t packets[SPARK_DAYS] = {0};
	bool any = false;
	for (size_t i = 0; i < days->count; i++) {
		uint32_t back = today - days->rows[i].day;
		if (days->rows[i].day > today || back >= SPARK_DAYS)
			continue;
		packets[SPARK_DAYS - 1 - back] = days->rows[i].packets;
		any = true;
	}
	for (unsigned i = 0; i < SPARK_DAYS; i++)
		text_buffer_add(&b, bars[height_of(packets[i])]);
	text_buffer_printf(&b, " %d days", SPARK_DAYS);
	if (any)
		page_put_fact(p, "activity", text);
}

static void print_level(const struct page *p, const struct who_text *who, const struct summary *s)
{
	char text[160];
	if (s->level < 0) {
		page_put_fact(p, "incidents", "none");
		return;
	}
	snprintf(text, sizeof text, "%s, %u open; the worst is %s %s",
		number_text_with(who->incidents->count, "incident").text, s->open,
		level_mark_shape(s->level), incident_level_word(s->level));
	page_put_fact(p, "incidents", text);
}

struct port_label {
	char text[48];
};

static struct port_label label_of(const struct store_knock *k)
{
	struct port_label out;
	struct ip_proto_text proto = ip_proto_to_text(k->proto);
	for (char *c = proto.text; *c; c++)
		*c = (char)tolower((unsigned char)*c);
	if (ip_proto_has_ports(k->proto))
		snprintf(out.text, sizeof out.text, "%s/%u", proto.text, k->port);
	else
		snprintf(out.text, sizeof out.text, "%s", proto.text);
	return out;
}

static const char *probe_of(const struct store_knock *k)
{
	return k->probe < EVENT_PROBES ? event_probe_name((enum event_probe)k->probe) : "unknown";
}

static const char *service_of(const struct who_text *who, const struct store_knock *k)
{
	return who->service != NULL ? who->service(k->proto, k->port) : NULL;
}

static struct port_label label_of_run(const struct knock_run *run)
{
	struct port_label out;
	if (run->ports == 1)
		return label_of(run->latest);
	snprintf(out.text, sizeof out.text, "%s", number_text_with(run->ports, "port").text);
	return out;
}

static void print_run(const struct page *p, const struct who_text *who, const struct knock_run *run)
{
	char text[512];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	unsigned column = PAGE_INDENT + STAMP_COLUMNS + 2 + PORT_COLUMNS;
	unsigned room = p->terminal.width > column ? p->terminal.width - column : 1;
	const char *service = run->ports == 1 ? service_of(who, run->latest) : NULL;
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, PAGE_PLAIN, PAGE_RIGHT, STAMP_COLUMNS,
		time_text_stamp(run->last, p->now, p->zone).text);
	page_put_spaces(p, 2);
	page_put_cell(p, PAGE_BOLD, PAGE_LEFT, PORT_COLUMNS, label_of_run(run).text);
	if (service != NULL)
		text_buffer_printf(&b, "%s, ", service);
	text_buffer_printf(&b, "%s, ", probe_of(run->latest));
	knock_run_describe(&b, run, p, room);
	page_put_wrapped(p, PAGE_PLAIN, column, column, text);
}

static uint64_t count_packets(const struct knock_runs *runs)
{
	uint64_t packets = 0;
	for (size_t i = 0; i < runs->count; i++)
		packets += runs->left[i]->packets;
	return packets;
}

static void print_knocks(const struct page *p, const struct who_text *who)
{
	struct knock_runs runs;
	struct knock_run run;
	page_end_line(p);
	page_put_wrapped(p, PAGE_FAINT, 0, 0,
		who->knocks->more ? "what it knocked on (the latest)" : "what it knocked on");
	knock_runs_init(&runs, who->knocks);
	for (unsigned i = 0; i < RUNS_SHOWN && knock_runs_take(&runs, &run); i++)
		print_run(p, who, &run);
	if (runs.count > 0) {
		char note[80];
		snprintf(note, sizeof note, "and %s of other kinds before",
			number_text_with(count_packets(&runs), "knock").text);
		page_put_spaces(p, PAGE_INDENT);
		page_put_wrapped(p, PAGE_FAINT, PAGE_INDENT, PAGE_INDENT, note);
	}
	knock_runs_clear(&runs);
}

bool who_text_print(const struct page *p, const struct who_text *who)
{
	struct summary s = sum_up(who);
	struct addr_text address = addr_to_text(who->address);
	page_put(p, PAGE_BOLD, address.text);
	if (!s.known) {
		page_put(p, PAGE_PLAIN, " was never seen here.");
		page_end_line(p);
		return false;
	}
	page_end_line(p);
	print_seen(p, who, &s);
	print_activity(p, who->days);
	print_level(p, who, &s);
	if (who->incidents->count > 0) {
		page_end_line(p);
		incident_table_print(
			p, who->incidents, &(struct incident_table){.lines = INCIDENTS_SHOWN});
	}
	if (who->knocks->count > 0)
		print_knocks(p, who);
	return true;
}

static void put_days(struct json_line *line, const struct store_days *days)
{
	json_line_open_list(line, "days");
	for (size_t i = 0; i < days->count; i++) {
		json_line_open_object(line, NULL);
		json_line_put_day(line, "day", days->rows[i].day);
		json_line_put_count(line, "packets", days->rows[i].packets);
		json_line_put_count(line, "targets", days->rows[i].targets);
		json_line_close(line);
	}
	json_line_close(line);
}

static void put_knocks(struct json_line *line, const struct who_text *who)
{
	json_line_open_list(line, "knocks");
	for (size_t i = 0; i < who->knocks->count; i++) {
		const struct store_knock *k = &who->knocks->rows[i];
		json_line_open_object(line, NULL);
		json_line_put_text(line, "port", label_of(k).text);
		json_line_put_text(line, "service", service_of(who, k));
		json_line_put_text(line, "probe", probe_of(k));
		json_line_put_addr(line, "dest_ip", &k->dst);
		json_line_put_count(line, "packets", k->packets);
		json_line_put_time(line, "first", k->first);
		json_line_put_time(line, "last", k->last);
		json_line_close(line);
	}
	json_line_close(line);
}

static void put_ids(struct json_line *line, const struct store_incidents *incidents)
{
	json_line_open_list(line, "incidents");
	for (size_t i = 0; i < incidents->count; i++)
		json_line_put_text(line, NULL, incidents->rows[i].id.text);
	json_line_close(line);
}

static void put_sum(struct json_line *line, const struct who_text *who, const struct summary *s)
{
	json_line_put_addr(line, "address", who->address);
	json_line_put_bool(line, "known", s->known);
	if (s->known) {
		json_line_put_time(line, "first", s->first);
		json_line_put_time(line, "last", s->last);
		json_line_put_count(line, "days_active", who->days->count);
		json_line_put_count(line, "packets", s->packets);
		json_line_put_count(line, "targets", s->targets);
	}
	if (s->level >= 0)
		json_line_put_count(line, "level", (uint64_t)s->level);
}

bool who_text_print_json(const struct page *p, const struct who_text *who)
{
	struct summary s = sum_up(who);
	struct json_line line;
	json_line_init(&line);
	json_line_start(&line);
	json_line_put_count(&line, "v", 1);
	put_sum(&line, who, &s);
	put_days(&line, who->days);
	put_knocks(&line, who);
	put_ids(&line, who->incidents);
	json_line_close(&line);
	json_line_print(&line, p->out);
	json_line_clear(&line);
	return s.known;
}
