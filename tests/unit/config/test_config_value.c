/* SPDX-License-Identifier: ISC */
#include "config/config_value.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define UNTOUCHED 77

static void sizes_are_read_or_refused(void **state)
{
	static const struct {
		const char *text;
		bool good;
		uint64_t bytes;
	} rows[] = {
		{"0", true, 0},
		{"4096", true, 4096},
		{"4096B", true, 4096},
		{"64k", true, 65536},
		{"64M", true, UINT64_C(64) << 20},
		{"64MB", true, UINT64_C(64) << 20},
		{"64MiB", true, UINT64_C(64) << 20},
		{"2g", true, UINT64_C(2) << 30},
		{"", false, 0},
		{"M", false, 0},
		{"-1M", false, 0},
		{"+1M", false, 0},
		{"1.5G", false, 0},
		{"64 M", false, 0},
		{"64M ", false, 0},
		{"64T", false, 0},
		{"64Mi", false, 0},
		{"9007199254740991G", false, 0},
		{"99999999999999999999999", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint64_t got = UNTOUCHED;
		uint64_t wanted = rows[i].good ? rows[i].bytes : UNTOUCHED;
		bool good = config_value_size(rows[i].text, &got);
		if (good != rows[i].good || got != wanted)
			fail_msg("\"%s\": got %d %" PRIu64 ", wanted %d %" PRIu64, rows[i].text,
				good, got, rows[i].good, wanted);
	}
}

static void durations_are_read_or_refused(void **state)
{
	static const struct {
		const char *text;
		bool good;
		int64_t seconds;
	} rows[] = {
		{"0", true, 0},
		{"0s", true, 0},
		{"90s", true, 90},
		{"30m", true, 1800},
		{"1h30m", true, 5400},
		{"7d", true, 604800},
		{"2w", true, 1209600},
		{"1w1d1h1m1s", true, 694861},
		{"36525d", true, INT64_C(36525) * 86400},
		{"36525d1s", false, 0},
		{"", false, 0},
		{"90", false, 0},
		{"h", false, 0},
		{"1m1h", false, 0},
		{"1h1h", false, 0},
		{"-1h", false, 0},
		{"1.5h", false, 0},
		{"1h ", false, 0},
		{"1hour", false, 0},
		{"9999999999999w", false, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t got = UNTOUCHED;
		int64_t wanted = rows[i].good ? rows[i].seconds * 1000000 : UNTOUCHED;
		bool good = config_value_duration(rows[i].text, &got);
		if (good != rows[i].good || got != wanted)
			fail_msg("\"%s\": got %d %" PRId64 ", wanted %d %" PRId64, rows[i].text,
				good, got, rows[i].good, wanted);
	}
}

/* What is written is read again as what it was. */
static void values_are_written_as_they_are_read(void **state)
{
	static const struct {
		const char *text;
		uint64_t bytes;
		int64_t seconds;
	} rows[] = {
		{"64M", 64 << 20, -1},
		{"1G", 1 << 30, -1},
		{"1536M", UINT64_C(1536) << 20, -1},
		{"4K", 4096, -1},
		{"4097", 4097, -1},
		{"1d", 0, 86400},
		{"1h30m", 0, 5400},
		{"1m30s", 0, 90},
		{"0", 0, 0},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		char got[64];
		struct text_buffer out = text_buffer_over(got, sizeof got);
		if (rows[i].bytes > 0)
			config_value_write_size(rows[i].bytes, &out);
		else
			config_value_write_duration(rows[i].seconds * 1000000, &out);
		assert_string_equal(got, rows[i].text);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(sizes_are_read_or_refused),
		cmocka_unit_test(durations_are_read_or_refused),
		cmocka_unit_test(values_are_written_as_they_are_read),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
