/* SPDX-License-Identifier: ISC */
#include "input/log_file.h"

#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static struct wall_time noon(int year, int month, int day)
{
	return wall_time_from_parts(clock_days_from_civil(year, month, day) * 86400 + 43200, 0);
}

static void the_first_year_follows_from_the_files_date(void **state)
{
	(void)state;
	static const struct {
		const char *name, *text;
		int year, month, day; /* of the file; noon UTC */
		int utc_offset_s;
		int wanted;
	} rows[] = {
		{"same month", "Nov 01 00:00:01 gate x\n", 2026, 11, 20, 0, 2026},
		{"same day", "Nov 20 09:00:00 gate x\n", 2026, 11, 20, 0, 2026},
		{"a clock that is a day ahead", "Nov 21 09:00:00 gate x\n", 2026, 11, 20, 0, 2026},
		{"later in the month: a year ago", "Nov 25 09:00:00 gate x\n", 2026, 11, 20, 0,
			2025},
		{"later in the year: a year ago", "Dec 28 09:00:00 gate x\n", 2026, 1, 3, 0, 2025},
		{"earlier in the year", "Jan  2 09:00:00 gate x\n", 2026, 12, 31, 0, 2026},
		{"behind a priority", "<134>Dec 28 09:00:00 gate x\n", 2026, 1, 3, 0, 2025},
		{"not in the first line", "hello\n\nDec 28 09:00:00 gate x\n", 2026, 1, 3, 0, 2025},
		{"no such stamp", "2024-12-28T09:00:00Z gate x\n", 2026, 1, 3, 0, 2026},
		{"cut stamp", "Dec 2", 2026, 1, 3, 0, 2026},
		{"no number", "Dec is a month\n", 2026, 1, 3, 0, 2026},
		{"nothing", "", 2026, 1, 3, 0, 2026},
		{"still last year where the writer is", "Dec 31 20:00:00 gate x\n", 2026, 1, 1,
			-14 * 3600, 2025},
		{"already next year where the writer is", "Jan  1 01:00:00 gate x\n", 2025, 12, 31,
			13 * 3600, 2026},
		{"a file dated 1970", "Dec 28 09:00:00 gate x\n", 1970, 1, 1, 0, 1970},
		{"no date", "Dec 28 09:00:00 gate x\n", 0, 0, 0, 0, 1970},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wall_time date = {-1};
		if (rows[i].year != 0)
			date = noon(rows[i].year, rows[i].month, rows[i].day);
		int got = log_file_first_year((const uint8_t *)rows[i].text, strlen(rows[i].text),
			date, rows[i].utc_offset_s);
		if (got != rows[i].wanted)
			fail_msg("%s: got %d, wanted %d", rows[i].name, got, rows[i].wanted);
	}
}

#define DROP(when, host, in)                                                                       \
	when " " host " kernel: DROP IN=" in                                                       \
	     " OUT= SRC=192.0.2.1 DST=203.0.113.5 LEN=60 TOS=0x00 PREC=0x00 TTL=52 ID=1 DF "       \
	     "PROTO=TCP SPT=40000 DPT=22 WINDOW=1024 RES=0x00 SYN URGP=0 \n"

struct outcome {
	struct source_tally tally;
	struct event events[16];
	size_t count;
};

static void read_text(struct outcome *o, const char *text,
	const struct event_source_options *options, struct wall_time date)
{
	memset(o, 0, sizeof *o);
	o->tally.name = "kern.log";
	struct byte_window w;
	struct log_file f;
	byte_window_init(&w, memory_file_stream(text, strlen(text)));
	(void)byte_window_want(&w, 4096);
	log_file_init(&f, &w, &o->tally, options, date);
	o->count = log_file_read(&f, o->events, 16);
	byte_window_clear(&w);
}

static void a_log_over_new_year_is_dated_rightly(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	const struct event_source_options options = {.names = names};
	struct outcome o;
	read_text(&o,
		DROP("Dec 31 23:59:59", "gate", "eth0") DROP("Jan  1 00:00:00", "gate", "eth0"),
		&options, noon(2026, 1, 3));
	assert_int_equal(o.count, 2);
	assert_string_equal(
		wall_time_to_rfc3339(o.events[0].time).text, "2025-12-31T23:59:59.000000Z");
	assert_int_equal(
		wall_time_seconds(o.events[1].time), noon(2026, 1, 1).us / 1000000 - 43200);
	name_table_destroy(names);
}

static void hosts_and_interfaces_are_numbered(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	const struct event_source_options options = {.names = names, .year = 2026};
	struct outcome o;
	read_text(&o,
		DROP("Feb 25 12:00:00", "gate", "eth0") DROP("Feb 25 12:00:01", "mail", "eth1")
			DROP("Feb 25 12:00:02", "gate", "eth0"),
		&options, noon(2026, 3, 1));
	assert_int_equal(o.count, 3);
	assert_string_equal(name_table_name(names, o.events[0].host), "gate");
	assert_string_equal(name_table_name(names, o.events[0].iface), "eth0");
	assert_string_equal(name_table_name(names, o.events[1].host), "mail");
	assert_string_equal(name_table_name(names, o.events[1].iface), "eth1");
	assert_int_equal(o.events[2].host, o.events[0].host);
	assert_int_equal(o.events[2].iface, o.events[0].iface);
	name_table_destroy(names);
}

static void every_line_is_counted_once_and_the_first_faults_are_named(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	const struct event_source_options options = {.names = names, .year = 2026};
	struct outcome o;
	read_text(&o,
		"hello\n" DROP("Feb 25 12:00:00", "gate",
			"eth0") "\n"
				"Feb 25 12:00:00 gate kernel: [ 1.0] DROP IN=eth0 OUT= SRC=nowhere "
				"DST=203.0.113.5 "
				"LEN=60 TOS=0x00 PREC=0x00 TTL=52 ID=1 PROTO=TCP SPT=1 DPT=2 \n",
		&options, noon(2026, 3, 1));
	const struct event_source_report *r = &o.tally.report;
	assert_int_equal(r->records, 4);
	assert_int_equal(r->events, 1);
	assert_int_equal(r->other, 2);
	assert_int_equal(r->broken, 1);
	assert_int_equal(r->faults_kept, 1);
	if (strncmp(r->faults[0], "kern.log:4: ", 12) != 0)
		fail_msg("got '%s'", r->faults[0]);
	name_table_destroy(names);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_year_follows_from_the_files_date),
		cmocka_unit_test(a_log_over_new_year_is_dated_rightly),
		cmocka_unit_test(hosts_and_interfaces_are_numbered),
		cmocka_unit_test(every_line_is_counted_once_and_the_first_faults_are_named),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
