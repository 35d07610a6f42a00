/* SPDX-License-Identifier: ISC */
#include "report/status_text.h"

#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static struct store_totals make_totals(void)
{
	return (struct store_totals){.incidents = 1234,
		.open = 2,
		.by_level = {1200, 30, 0, 3, 1, 0},
		.packets_today = 905,
		.sources_today = 1,
		.packets_yesterday = 12345,
		.sources_yesterday = 678,
		.packets = 1000000,
		.ports = 1877,
		.first_day = (uint32_t)clock_days_from_civil(2026, 9, 30),
		.last_day = (uint32_t)clock_days_from_civil(2026, 11, 20),
		.file_bytes = 12345678};
}

/* `hours` and `minutes` of the day of the sheet. */
static struct wall_time at(int hours, int minutes)
{
	int64_t day = clock_days_from_civil(2026, 11, 20);
	return wall_time_from_parts(day * 86400 + hours * 3600 + minutes * 60, 0);
}

static struct status_watch make_watch(void)
{
	return (struct status_watch){.running = true,
		.pid = 4711,
		.since = at(17, 30),
		.heard = at(19, 59),
		.last_event = at(19, 58),
		.listening = "eth0, /var/log/kern.log",
		.packets = 123456,
		.knocks = 1,
		.incidents = 2,
		.senders = {{"192.0.2.1", 1000, 900, 2}, {"/var/log/kern.log", 1, 1, 0}},
		.senders_count = 2,
		.memory_bytes = 76 << 20,
		.peak_memory_bytes = 12345678};
}

static const char path[] = "/var/lib/knockwatch/knockwatch.db";

static void how_far_the_journal_is_elsewhere_is_told(void **state)
{
	(void)state;
	static const struct {
		struct status_sent sent;
		const char *wanted;
	} rows[] = {
		{{"logs:6514", "", true, 1700, 1700, {0}},
			"    sent       logs:6514: up to record 1,700\n"},
		{{"logs:6514", "", true, 1690, 1700, {0}},
			"    sent       logs:6514: all but 10 records\n"},
		{{"logs:6514", "logs: Connection refused", true, 1699, 1700, {0}},
			"    sent       logs:6514: all but 1 record; waiting: logs: Connection refused\n"},
		{{"", "", false, 0, 0, {0}}, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct status_watch w = {0};
		struct sheet *s = sheet_make(80);
		status_text_print(
			&s->page, &(struct status_text){.watch = &w, .sent = &rows[i].sent});
		char text[512];
		snprintf(text, sizeof text,
			"    watching   no; 'knockwatch watch' begins\n%s    store      cannot be read\n",
			rows[i].wanted);
		sheet_expect(s, text);
	}
}

static void the_state_of_things_fits_in_a_few_lines(void **state)
{
	(void)state;
	struct store_totals t = make_totals();
	struct status_watch w = make_watch();
	struct sheet *s = sheet_make(80);
	status_text_print(
		&s->page, &(struct status_text){.store_path = path, .totals = &t, .watch = &w});
	sheet_expect(s,
		"    watching   eth0, /var/log/kern.log; pid 4711, since 20 Nov 17:30 (2 h 30 m)\n"
		"    heard      123,456 packets, 1 knock, 2 incidents; the last packet 20 Nov\n"
		"               19:58\n"
		"    lost       nothing\n"
		"    memory     12.3 MB at most in the engine, of 76M allowed with its sensor\n"
		"    lines of   192.0.2.1: 1,000 lines, 900 packets, 2 lost\n"
		"               /var/log/kern.log: 1 line, 1 packet\n"
		"    today      905 packets from 1 source\n"
		"    yesterday  12,345 packets from 678 sources\n"
		"    in all     1,000,000 packets on 1,877 ports since 30 Sep 2026\n"
		"    incidents  1,234, 2 open: 1 severe, 3 serious, 30 notice, 1,200 explained\n"
		"    store      /var/lib/knockwatch/knockwatch.db, 12.3 MB\n"
		"    Days are those of UTC.\n");
}

static void an_empty_store_without_a_watch_is_no_trouble(void **state)
{
	(void)state;
	struct store_totals none = {0};
	struct status_watch never = {0};
	struct sheet *s = sheet_make(80);
	status_text_print(&s->page,
		&(struct status_text){.store_path = path, .totals = &none, .watch = &never});
	sheet_expect(s, "    watching   no; 'knockwatch watch' begins\n"
			"    today      0 packets from 0 sources\n"
			"    yesterday  0 packets from 0 sources\n"
			"    incidents  none\n"
			"    store      /var/lib/knockwatch/knockwatch.db, 0 B\n"
			"    Days are those of UTC.\n");
}

static void a_watch_is_told_of_without_a_store(void **state)
{
	(void)state;
	struct status_watch w = make_watch();
	struct sheet *s = sheet_make(80);
	w.listening[4] = '\0';
	status_text_print(&s->page, &(struct status_text){.watch = &w});
	sheet_expect(s,
		"    watching   eth0; pid 4711, since 20 Nov 17:30 (2 h 30 m)\n"
		"    heard      123,456 packets, 1 knock, 2 incidents; the last packet 20 Nov\n"
		"               19:58\n"
		"    lost       nothing\n"
		"    memory     12.3 MB at most in the engine, of 76M allowed with its sensor\n"
		"    lines of   192.0.2.1: 1,000 lines, 900 packets, 2 lost\n"
		"               /var/log/kern.log: 1 line, 1 packet\n"
		"    store      cannot be read\n");
}

static void a_watch_that_said_nothing_yet_has_no_numbers(void **state)
{
	(void)state;
	struct status_watch w = {.running = true};
	struct sheet *s = sheet_make(80);
	status_text_print(&s->page, &(struct status_text){.watch = &w});
	sheet_expect(s, "    watching   yes; it has not said yet who it is\n"
			"    store      cannot be read\n");
}

struct over_row {
	const char *name;
	bool ended;
	const char *wanted; /* somewhere in the text */
};

static const struct over_row over_rows[] = {
	{"ended by itself", true, "no; the last watch ended 20 Nov 19:59"},
	{"killed", false, "no; the last watch was cut off after 20 Nov 19:59"},
};

static void a_watch_that_is_over_is_told_as_the_last(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof over_rows / sizeof over_rows[0]; i++) {
		struct store_totals none = {0};
		struct status_watch w = make_watch();
		struct sheet *s = sheet_make(80);
		w.running = false;
		w.ended = over_rows[i].ended;
		status_text_print(&s->page,
			&(struct status_text){.store_path = path, .totals = &none, .watch = &w});
		if (strstr(sheet_text(s), over_rows[i].wanted) == NULL)
			fail_msg("%s: got:\n%s\nwanted: %s", over_rows[i].name, sheet_text(s),
				over_rows[i].wanted);
		assert_null(strstr(sheet_text(s), "heard"));
		sheet_free(s);
	}
}

static void what_was_lost_is_said(void **state)
{
	(void)state;
	struct store_totals none = {0};
	struct status_watch w = make_watch();
	struct sheet *s = sheet_make(80);
	w.lost = 17;
	w.skipped_lines = 1;
	status_text_print(
		&s->page, &(struct status_text){.store_path = path, .totals = &none, .watch = &w});
	assert_non_null(strstr(sheet_text(s), "lost       17 packets; 1 line could not be read\n"));
	sheet_free(s);
}

static void no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		struct store_totals t = make_totals();
		struct status_watch w = make_watch();
		struct sheet *s = sheet_make(widths[i]);
		memset(w.listening, 'x', sizeof w.listening - 1);
		status_text_print(&s->page,
			&(struct status_text){.store_path = path, .totals = &t, .watch = &w});
		sheet_expect_tidy(s);
	}
}

static void json_holds_the_same_numbers(void **state)
{
	(void)state;
	struct store_totals t = make_totals();
	struct status_watch w = make_watch();
	struct sheet *s = sheet_make(80);
	status_text_print_json(
		&s->page, &(struct status_text){.store_path = path, .totals = &t, .watch = &w});
	json_t *line = json_loads(sheet_text(s), 0, NULL);
	const char *first, *since;
	json_int_t packets, open, pid, heard;
	int running;
	json_t *levels;
	assert_int_equal(
		json_unpack(line, "{s:{s:s}, s:{s:I}, s:{s:I, s:o}, s:{s:b, s:I, s:I, s:s}}",
			"store", "first_day", &first, "today", "packets", &packets, "incidents",
			"open", &open, "by_level", &levels, "watch", "running", &running, "pid",
			&pid, "packets", &heard, "since", &since),
		0);
	assert_string_equal(first, "2026-09-30");
	assert_int_equal(packets, 905);
	assert_int_equal(open, 2);
	assert_int_equal(json_array_size(levels), 6);
	assert_true(running);
	assert_int_equal(pid, 4711);
	assert_int_equal(heard, 123456);
	assert_string_equal(since, "2026-11-20T17:30:00.000000Z");
	json_decref(line);
	sheet_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(how_far_the_journal_is_elsewhere_is_told),
		cmocka_unit_test(the_state_of_things_fits_in_a_few_lines),
		cmocka_unit_test(an_empty_store_without_a_watch_is_no_trouble),
		cmocka_unit_test(a_watch_is_told_of_without_a_store),
		cmocka_unit_test(a_watch_that_said_nothing_yet_has_no_numbers),
		cmocka_unit_test(a_watch_that_is_over_is_told_as_the_last),
		cmocka_unit_test(what_was_lost_is_said),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(json_holds_the_same_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
