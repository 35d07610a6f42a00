/* SPDX-License-Identifier: ISC */
#include "base/clock.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void iso_texts_are_read_and_written_back(void **state)
{
	(void)state;
	static const struct {
		const char *in;
		int default_offset_s;
		const char *out; /* null = must be refused */
	} rows[] = {
		{"2026-11-20T14:09:40.120311Z", 0, "2026-11-20T14:09:40.120311Z"},
		{"2026-11-20T14:09:40Z", 3600, "2026-11-20T14:09:40.000000Z"},
		{"2026-11-20 14:09:40,5+01:00", 0, "2026-11-20T13:09:40.500000Z"},
		{"2026-11-20T14:09:40+0530", 0, "2026-11-20T08:39:40.000000Z"},
		{"2026-11-20T14:09:40-08", 0, "2026-11-20T22:09:40.000000Z"},
		{"2026-11-20T14:09:40", 7200, "2026-11-20T12:09:40.000000Z"},
		{"2000-02-29T23:59:60Z", 0, "2000-03-01T00:00:00.000000Z"},
		{"1970-01-01T00:00:00.0000019Z", 0, "1970-01-01T00:00:00.000001Z"},
		{"9999-12-31T23:59:59.999999Z", 0, "9999-12-31T23:59:59.999999Z"},
		{"1970-01-01T00:00:00+01:00", 0, NULL},
		{"2026-13-20T14:09:40Z", 0, NULL},
		{"2026-11-20T24:09:40Z", 0, NULL},
		{"2026-11-20T14:09", 0, NULL},
		{"2026-11-2", 0, NULL},
		{"", 0, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct wall_time t = {-1};
		const char *end = NULL, *limit = rows[i].in + strlen(rows[i].in);
		bool ok =
			wall_time_parse_iso(rows[i].in, limit, rows[i].default_offset_s, &t, &end);
		if (ok != (rows[i].out != NULL))
			fail_msg("%s: read = %d", rows[i].in, ok);
		if (ok) {
			assert_string_equal(wall_time_to_rfc3339(t).text, rows[i].out);
			assert_ptr_equal(end, limit);
		} else {
			assert_int_equal(t.us, -1);
		}
	}
}

static void dates_and_day_numbers_are_each_others_reverse(void **state)
{
	(void)state;
	for (int64_t day = -1000; day < 2932897; day += 13) {
		int64_t year;
		int month, dom;
		clock_civil_from_days(day, &year, &month, &dom);
		assert_int_equal(clock_days_from_civil(year, month, dom), day);
	}
	assert_int_equal(clock_days_from_civil(1970, 1, 1), 0);
	assert_int_equal(clock_days_from_civil(2000, 3, 1), 11017);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(iso_texts_are_read_and_written_back),
		cmocka_unit_test(dates_and_day_numbers_are_each_others_reverse),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
