/* SPDX-License-Identifier: ISC */
#include "base/short_copy.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

/* From and to memory of exactly that size: a sanitizer sees a byte too many. */
static void every_length_is_moved_and_nothing_else(void **state)
{
	(void)state;
	for (size_t length = 0; length < 200; length++) {
		char *from = malloc(length + 1), *to = malloc(length + 1);
		assert_non_null(from);
		assert_non_null(to);
		for (size_t i = 0; i < length; i++)
			from[i + 1] = (char)(i * 7 + 1);
		memset(to, 0, length + 1);
		to[length] = 'x';
		assert_ptr_equal(short_copy(to, from + 1, length), to + length);
		assert_memory_equal(to, from + 1, length);
		assert_int_equal(to[length], 'x');
		free(from);
		free(to);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_length_is_moved_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
