/* SPDX-License-Identifier: ISC */
#include "cli/option_number.h"

#include "table_check.h"

struct row {
	const char *text;
	uint64_t most;
	bool good;
	uint64_t number;
};

static const struct row rows[] = {
	{"0", 5, true, 0},
	{"5", 5, true, 5},
	{"6", 5, false, 0},
	{"007", 9, true, 7},
	{"10", 9, false, 0},
	{"", 9, false, 0},
	{" 1", 9, false, 0},
	{"1 ", 9, false, 0},
	{"+1", 9, false, 0},
	{"-1", 9, false, 0},
	{"1x", 9, false, 0},
	{"0x1", 9, false, 0},
	{"18446744073709551615", UINT64_MAX, true, UINT64_MAX},
	{"18446744073709551616", UINT64_MAX, false, 0},
	{"99999999999999999999999", UINT64_MAX, false, 0},
};

static void only_digits_within_the_bounds_are_a_number(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		uint64_t n = 0;
		faults += table_check_number(rows[i].text, "good",
			option_number_read(rows[i].text, rows[i].most, &n), rows[i].good);
		faults += table_check_number(
			rows[i].text, "number", (long long)n, (long long)rows[i].number);
	}
	assert_int_equal(faults, 0);
}

static void the_least_is_asked_for(void **state)
{
	(void)state;
	uint64_t n;
	assert_false(option_number_parse("top", "0", 1, 9, &n));
	assert_true(option_number_parse("top", "1", 1, 9, &n));
	assert_int_equal(n, 1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_digits_within_the_bounds_are_a_number),
		cmocka_unit_test(the_least_is_asked_for),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
