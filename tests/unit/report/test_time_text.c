/* SPDX-License-Identifier: ISC */
#include "report/time_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static struct wall_time at(const char *text)
{
	struct wall_time t = {0};
	const char *end;
	assert_true(wall_time_parse_iso(text, text + strlen(text), 0, &t, &end));
	return t;
}

/* Berlin by rule, so that no zone files are needed: one hour ahead, two in summer. */
static void use_berlin(void)
{
	setenv("TZ", "CET-1CEST,M3.5.0,M10.5.0/3", 1);
	tzset();
}

static void times_are_read_relative_to_now(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		enum time_text_zone zone;
		enum time_text_edge edge;
		const char *wanted; /* null = refused */
	} rows[] = {
		{"now", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T23:30:00.500000Z"},
		{"today", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T00:00:00.000000Z"},
		{"today", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-11-21T00:00:00.000000Z"},
		{"today", TIME_TEXT_LOCAL, TIME_TEXT_SINCE, "2026-11-20T23:00:00.000000Z"},
		{"yesterday", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-19T00:00:00.000000Z"},
		{"yesterday", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-11-20T00:00:00.000000Z"},
		{"yesterday", TIME_TEXT_LOCAL, TIME_TEXT_SINCE, "2026-11-19T23:00:00.000000Z"},
		{"-30s", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T23:29:30.500000Z"},
		{"-90m", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T22:00:00.500000Z"},
		{"-2h", TIME_TEXT_LOCAL, TIME_TEXT_SINCE, "2026-11-20T21:30:00.500000Z"},
		{"-7d", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-11-13T23:30:00.500000Z"},
		{"-1w", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-13T23:30:00.500000Z"},
		{"-9999999w", TIME_TEXT_UTC, TIME_TEXT_SINCE, "1970-01-01T00:00:00.000000Z"},
		{"2026-11", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-01T00:00:00.000000Z"},
		{"2026-11", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-12-01T00:00:00.000000Z"},
		{"2026-12", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2027-01-01T00:00:00.000000Z"},
		{"2026-11-20", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T00:00:00.000000Z"},
		{"2026-11-30", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-12-01T00:00:00.000000Z"},
		{"2026-07-01", TIME_TEXT_LOCAL, TIME_TEXT_SINCE, "2026-06-30T22:00:00.000000Z"},
		/* The night on which clocks go back: the day has 25 hours. */
		{"2026-10-25", TIME_TEXT_LOCAL, TIME_TEXT_SINCE, "2026-10-24T22:00:00.000000Z"},
		{"2026-10-25", TIME_TEXT_LOCAL, TIME_TEXT_UNTIL, "2026-10-25T23:00:00.000000Z"},
		{"2026-11-20T14:00", TIME_TEXT_UTC, TIME_TEXT_SINCE, "2026-11-20T14:00:00.000000Z"},
		{"2026-11-20T14:00", TIME_TEXT_LOCAL, TIME_TEXT_SINCE,
			"2026-11-20T13:00:00.000000Z"},
		{"2026-11-20 14:00", TIME_TEXT_UTC, TIME_TEXT_UNTIL, "2026-11-20T14:00:00.000000Z"},
		{"2026-11-20T14:00:05.25", TIME_TEXT_LOCAL, TIME_TEXT_SINCE,
			"2026-11-20T13:00:05.250000Z"},
		{"2026-11-20T14:00:05Z", TIME_TEXT_LOCAL, TIME_TEXT_SINCE,
			"2026-11-20T14:00:05.000000Z"},
		{"2026-11-20T14:00:05+05:30", TIME_TEXT_LOCAL, TIME_TEXT_SINCE,
			"2026-11-20T08:30:05.000000Z"},
		{"", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"tomorrow", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"-7", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"-d", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"-7days", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"7d", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"-99999999999d", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-02-30", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-13", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-1-2", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"1969-12-31", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-11-20T25:00", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-11-20T14", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
		{"2026-11-20T14:00:00Zzz", TIME_TEXT_UTC, TIME_TEXT_SINCE, NULL},
	};
	struct wall_time now = at("2026-11-20T23:30:00.5Z");
	use_berlin();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wall_time t = {-7};
		bool ok = time_text_parse(rows[i].text, now, rows[i].zone, rows[i].edge, &t);
		const char *got = ok ? wall_time_to_rfc3339(t).text : "refused";
		const char *wanted = rows[i].wanted != NULL ? rows[i].wanted : "refused";
		if (strcmp(got, wanted) != 0)
			fail_msg("row %zu \"%s\": got %s, wanted %s", i, rows[i].text, got, wanted);
		if (!ok)
			assert_int_equal(t.us, -7);
	}
}

static void stamps_are_as_short_as_they_can_be(void **state)
{
	(void)state;
	static const struct {
		const char *time;
		enum time_text_zone zone;
		const char *stamp, *minute;
	} rows[] = {
		{"2026-11-20T14:09:40Z", TIME_TEXT_UTC, "14:09", "20 Nov 14:09"},
		{"2026-11-20T14:09:40Z", TIME_TEXT_LOCAL, "20 Nov", "20 Nov 15:09"},
		{"2026-11-20T23:10:00Z", TIME_TEXT_LOCAL, "00:10", "21 Nov 00:10"},
		{"2026-01-02T00:00:00Z", TIME_TEXT_UTC, "2 Jan", "2 Jan 00:00"},
		{"2025-11-20T14:09:40Z", TIME_TEXT_UTC, "2025", "20 Nov 2025 14:09"},
		{"2027-01-01T00:00:00Z", TIME_TEXT_UTC, "2027", "1 Jan 2027 00:00"},
	};
	struct wall_time now = at("2026-11-20T23:30:00Z");
	use_berlin();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wall_time t = at(rows[i].time);
		assert_string_equal(time_text_stamp(t, now, rows[i].zone).text, rows[i].stamp);
		assert_string_equal(time_text_minute(t, now, rows[i].zone).text, rows[i].minute);
	}
}

static void ranges_repeat_nothing(void **state)
{
	(void)state;
	static const struct {
		const char *first, *last;
		enum time_text_zone zone;
		const char *wanted;
	} rows[] = {
		{"2026-11-20T14:02:11.1Z", "2026-11-20T14:09:40Z", TIME_TEXT_UTC,
			"20 Nov 14:02:11 – 14:09:40 UTC"},
		{"2026-11-20T14:02:11Z", "2026-11-20T14:02:11.9Z", TIME_TEXT_LOCAL,
			"20 Nov 15:02:11 CET"},
		{"2026-11-19T23:00:00Z", "2026-11-20T01:00:00Z", TIME_TEXT_UTC,
			"19 Nov 23:00:00 – 20 Nov 01:00:00 UTC"},
		{"2025-12-31T23:00:00Z", "2026-01-01T01:00:00Z", TIME_TEXT_UTC,
			"31 Dec 2025 23:00:00 – 1 Jan 01:00:00 UTC"},
	};
	use_berlin();
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct time_text got = time_text_range(at(rows[i].first), at(rows[i].last),
			at("2026-11-20T23:30:00Z"), rows[i].zone);
		assert_string_equal(got.text, rows[i].wanted);
	}
}

static void spans_have_at_most_two_units(void **state)
{
	(void)state;
	static const struct {
		int64_t seconds;
		const char *wanted;
	} rows[] = {{0, "under 1 s"}, {1, "1 s"}, {59, "59 s"}, {60, "1 m"}, {449, "7 m 29 s"},
		{3600, "1 h"}, {11520, "3 h 12 m"}, {3601, "1 h"}, {86400, "1 d"},
		{187200, "2 d 4 h"}, {86400 * 400, "400 d"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(
			time_text_span(rows[i].seconds * CLOCK_US_PER_S).text, rows[i].wanted);
	assert_string_equal(time_text_span(-5).text, "under 1 s");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(times_are_read_relative_to_now),
		cmocka_unit_test(stamps_are_as_short_as_they_can_be),
		cmocka_unit_test(ranges_repeat_nothing),
		cmocka_unit_test(spans_have_at_most_two_units),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
