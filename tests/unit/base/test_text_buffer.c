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

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(text_that_does_not_fit_is_cut_and_said),
		cmocka_unit_test(outside_bytes_become_printable),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
