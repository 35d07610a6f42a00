/* SPDX-License-Identifier: ISC */
#include "base/decimal.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

/* What printf writes, and nothing behind it. */
static void check(uint64_t n)
{
	char wanted[DECIMAL_MAX + 2], got[DECIMAL_MAX + 2];
	memset(got, 'x', sizeof got);
	int length = snprintf(wanted, sizeof wanted, "%" PRIu64, n);
	char *end = decimal_write(got, n);
	assert_int_equal(end - got, length);
	assert_int_equal(*end, 'x');
	*end = '\0';
	assert_string_equal(got, wanted);
}

static void numbers_are_written_as_printf_writes_them(void **state)
{
	(void)state;
	for (uint64_t n = 0; n < 20000; n++)
		check(n);
	for (uint64_t power = 10; power <= UINT64_C(1000000000000000000); power *= 10) {
		check(power - 1);
		check(power);
		check(power + 1);
	}
	check(UINT64_C(9999999999999999999));
	check(UINT64_C(10000000000000000000));
	check(UINT64_MAX);
}

static void two_digits_are_always_two(void **state)
{
	(void)state;
	for (unsigned n = 0; n < 100; n++) {
		char wanted[8], got[] = "..x";
		snprintf(wanted, sizeof wanted, "%02ux", n);
		decimal_write_two(got, n);
		assert_string_equal(got, wanted);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_written_as_printf_writes_them),
		cmocka_unit_test(two_digits_are_always_two),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
