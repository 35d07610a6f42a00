/* SPDX-License-Identifier: ISC */
#include "access/access_number.h"

#include "table_check.h"

#include <limits.h>
#include <stdio.h>

static const char *const number_texts[] = {
	"", "0", "7", "24", "024", "+24", "-24", "+-24", "--1", "24junk", "24.0", "junk", "-", "+", "0x10", "08", "777",
	"2147483647", "2147483648", "-2147483648", "4294967295", "4294967296", "4294967320", "-4294967274",
	"9223372036854775807", "9223372036854775808", "-9223372036854775808", "-9223372036854775809",
	"18446744073709551615", "18446744073709551616", "-18446744073709551615", "-18446744073709551616",
	"99999999999999999999999999", "-99999999999999999999999999", "000000000000000000000000000000005",
};

/* The C library is the original here, so it is asked. */
static void numbers_are_what_the_c_library_makes_of_them(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(number_texts); i++) {
		const char *text = number_texts[i];
		int got;
		unsigned got_unsigned;
		char *end;
		size_t used = access_number_read_int(text_slice_of(text), &got);
		faults += table_check_number(text, "int", got, (int)strtol(text, &end, 10));
		faults += table_check_number(text, "read", (long long)used, end - text);
		static const unsigned bases[] = {8, 10};
		for (size_t b = 0; b < TABLE_CHECK_ROWS(bases); b++) {
			used = access_number_read_unsigned(text_slice_of(text), bases[b], &got_unsigned);
			unsigned wanted = (unsigned)strtoul(text, &end, (int)bases[b]);
			faults += table_check_number(text, "unsigned", got_unsigned, wanted);
			faults += table_check_number(text, "read unsigned", (long long)used, end - text);
		}
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_what_the_c_library_makes_of_them),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
