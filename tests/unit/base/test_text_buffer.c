/* SPDX-License-Identifier: ISC */
#include "base/text_buffer.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void text_that_does_not_fit_is_cut_and_said(void **state)
{
	(void)state;
	char memory[8];
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	text_buffer_add(&b, "abc");
	assert_false(b.cut);
	text_buffer_printf(&b, "%d", 12345);
	assert_true(b.cut);
	assert_string_equal(memory, "abc1234");
	text_buffer_add(&b, "x");
	assert_string_equal(memory, "abc1234");
}

static void outside_bytes_become_printable(void **state)
{
	(void)state;
	char memory[64];
	struct text_buffer b = text_buffer_over(memory, sizeof memory);
	text_buffer_add_escaped(&b, "a\\\x1b[2J\n\0\xff z", 10);
	assert_string_equal(memory, "a\\\\\\x1b[2J\\x0a\\x00\\xff ");
}

static void numbers_are_plain_decimals(void **state)
{
	(void)state;
	static const struct {
		uint64_t number;
		const char *text;
	} rows[] = {{0, "0"}, {9, "9"}, {10, "10"}, {65535, "65535"},
		{UINT64_MAX, "18446744073709551615"}};
	char memory[32];
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct text_buffer b = text_buffer_over(memory, sizeof memory);
		text_buffer_add_number(&b, rows[i].number);
		assert_string_equal(memory, rows[i].text);
	}
	struct text_buffer small = text_buffer_over(memory, 4);
	text_buffer_add_number(&small, 12345);
	assert_string_equal(memory, "123");
	assert_true(small.cut);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_does_not_fit_is_cut_and_said),
		cmocka_unit_test(outside_bytes_become_printable),
		cmocka_unit_test(numbers_are_plain_decimals),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
