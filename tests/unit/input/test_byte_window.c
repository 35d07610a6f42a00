/* SPDX-License-Identifier: ISC */
#include "input/byte_window.h"

#include "base/memory.h"
#include "memory_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define SIZE 2000003 /* no multiple of anything */

static uint8_t byte_at(size_t i)
{
	return (uint8_t)((i * 2654435761u) >> 13);
}

static void pieces_of_any_length_come_in_order(void **state)
{
	(void)state;
	unsigned seed = (unsigned)time(NULL);
	print_message("seed %u\n", seed);
	srand(seed);
	uint8_t *bytes = memory_calloc(SIZE, 1);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = byte_at(i);
	struct byte_window w;
	byte_window_init(&w, memory_file_stream(bytes, SIZE));
	size_t at = 0;
	for (;;) {
		size_t limit = rand() % 20 == 0 ? BYTE_WINDOW_MAX : 2000;
		size_t size = 1 + (size_t)rand() % limit;
		assert_int_equal(byte_window_offset(&w), at);
		if (!byte_window_want(&w, size)) {
			assert_true(size > SIZE - at);
			break;
		}
		assert_true(byte_window_left(&w) >= size);
		assert_memory_equal(w.at, bytes + at, size);
		w.at += size;
		at += size;
	}
	assert_int_equal(byte_window_left(&w), SIZE - at); /* the rest is still there */
	assert_memory_equal(w.at, bytes + at, SIZE - at);
	byte_window_clear(&w);
	free(bytes);
}

static void a_want_of_nothing_is_always_met(void **state)
{
	(void)state;
	struct byte_window w;
	byte_window_init(&w, memory_file_stream("", 0));
	assert_true(byte_window_want(&w, 0));
	assert_false(byte_window_want(&w, 1));
	byte_window_clear(&w);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_of_any_length_come_in_order),
		cmocka_unit_test(a_want_of_nothing_is_always_met),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
