/* SPDX-License-Identifier: ISC */
#include "sensor/rotated_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void rotated_names_have_a_number_or_date_behind(void **state)
{
	(void)state;
	static const struct {
		const char *base, *name;
		bool expected;
	} rows[] = {
		{"kern.log", "kern.log.1", true},
		{"kern.log", "kern.log-20261120", true},
		{"kern.log", "kern.log-2026-11-20", true},
		{"kern.log", "kern.log-20261120-1732112345", true},
		{"kern.log", "kern.log", false},
		{"kern.log", "kern.log.1.gz", false},
		{"kern.log", "kern.log.gz", false},
		{"kern.log", "kern.log.", false},
		{"kern.log", "kern.log-old", false},
		{"kern.log", "kern.log2", false},
		{"kern.log", "kern.lo", false},
		{"kern.log", "mail.log.1", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool got = rotated_files_is_rotated_name(rows[i].base, rows[i].name);
		if (got != rows[i].expected)
			fail_msg("%s beside %s: got %d, wanted %d", rows[i].name, rows[i].base, got,
				rows[i].expected);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotated_names_have_a_number_or_date_behind),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
