/* SPDX-License-Identifier: ISC */
#include "base/number_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static void thousands_are_separated(void **state)
{
	(void)state;
	static const struct {
		uint64_t n;
		const char *wanted;
	} rows[] = {{0, "0"}, {999, "999"}, {1000, "1,000"}, {1024, "1,024"}, {123456, "123,456"},
		{1000000, "1,000,000"}, {UINT64_MAX, "18,446,744,073,709,551,615"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(number_text_of(rows[i].n).text, rows[i].wanted);
	assert_string_equal(number_text_with(1, "port").text, "1 port");
	assert_string_equal(number_text_with(0, "port").text, "0 ports");
	assert_string_equal(number_text_with(1024, "port").text, "1,024 ports");
}

static void estimates_say_so_and_keep_two_digits(void **state)
{
	(void)state;
	static const struct {
		uint64_t n;
		const char *wanted;
	} rows[] = {{1, "1 source"}, {100, "100 sources"}, {101, "about 100 sources"},
		{105, "about 110 sources"}, {282, "about 280 sources"},
		{999, "about 1,000 sources"}, {3589, "about 3,600 sources"},
		{1500001, "about 1,500,000 sources"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(
			number_text_about_with(rows[i].n, "source").text, rows[i].wanted);
	assert_string_equal(number_text_about(17).text, "17");
	assert_string_equal(number_text_about(1234).text, "about 1,200");
}

static void bytes_get_the_largest_unit_that_fits(void **state)
{
	(void)state;
	static const struct {
		uint64_t bytes;
		const char *wanted;
	} rows[] = {{0, "0 B"}, {999, "999 B"}, {1000, "1.0 kB"}, {12345, "12.3 kB"},
		{999999, "999.9 kB"}, {1000000, "1.0 MB"}, {UINT64_C(4200000000), "4.2 GB"},
		{UINT64_MAX, "18.4 EB"}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_string_equal(number_text_bytes(rows[i].bytes).text, rows[i].wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(thousands_are_separated),
		cmocka_unit_test(estimates_say_so_and_keep_two_digits),
		cmocka_unit_test(bytes_get_the_largest_unit_that_fits),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
