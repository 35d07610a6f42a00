/* SPDX-License-Identifier: ISC */
#include "base/byte_cursor.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static void numbers_are_read_in_network_order(void **state)
{
	(void)state;
	const uint8_t bytes[] = {1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15};
	struct byte_cursor c = byte_cursor_over(bytes, sizeof bytes);
	assert_int_equal(byte_cursor_u8(&c), 0x01);
	assert_int_equal(byte_cursor_u16(&c), 0x0203);
	assert_int_equal(byte_cursor_u32(&c), 0x04050607);
	assert_int_equal(byte_cursor_u64(&c), 0x08090a0b0c0d0e0f);
	assert_false(c.failed);
	assert_int_equal(byte_cursor_left(&c), 0);
}

static void a_read_past_the_end_fails_for_good(void **state)
{
	(void)state;
	const uint8_t bytes[] = {1, 2, 3};
	struct byte_cursor c = byte_cursor_over(bytes, sizeof bytes);
	assert_int_equal(byte_cursor_u32(&c), 0);
	assert_true(c.failed);
	assert_int_equal(byte_cursor_u8(&c), 0);
	assert_int_equal(byte_cursor_u64(&c), 0);
	assert_true(c.failed);
}

static void a_part_never_reaches_behind_its_whole(void **state)
{
	(void)state;
	const uint8_t bytes[] = {1, 2, 3};
	struct byte_cursor c = byte_cursor_over(bytes, sizeof bytes);
	struct byte_cursor part = byte_cursor_peek_part(&c, 100);
	assert_int_equal(byte_cursor_left(&part), 3);
	part = byte_cursor_peek_part(&c, 2);
	assert_int_equal(byte_cursor_left(&part), 2);
	assert_int_equal(byte_cursor_left(&c), 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_are_read_in_network_order),
		cmocka_unit_test(a_read_past_the_end_fails_for_good),
		cmocka_unit_test(a_part_never_reaches_behind_its_whole),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
