/* SPDX-License-Identifier: ISC */
#include "logline/field_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

static void keys_keep_their_separator_and_their_last_eight_letters(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t key;
		size_t taken;
	} rows[] = {
		{"ACK=7", FIELD_KEY4('A', 'C', 'K', '='), 4},
		{"ACK 7", FIELD_KEY3('A', 'C', 'K'), 3},
		{"FRAG:185", FIELD_KEY5('F', 'R', 'A', 'G', ':'), 5},
		{"HOPLIMIT=1", FIELD_KEY8('O', 'P', 'L', 'I', 'M', 'I', 'T', '='), 9},
		{"", 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct field_scan s = field_scan_over(text_slice_of(rows[i].text));
		uint64_t key = field_scan_key(&s);
		if (key != rows[i].key || s.at != rows[i].text + rows[i].taken)
			fail_msg("%s: got key %llx", rows[i].text, (unsigned long long)key);
	}
}

static void numbers_stop_at_their_bound_and_never_wrap(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		uint64_t max;
		bool ok;
		uint64_t value;
	} rows[] = {
		{"65535 ", 65535, true, 65535},
		{"65536", 65535, false, 0},
		{"00000000000000000000000007", 65535, true, 7},
		{"18446744073709551617", UINT32_MAX, false, 0},
		{"999999999999999999999999999999", UINT64_C(1000000000000000000), false, 0},
		{"x", 9, false, 0},
		{"", 9, false, 0},
		{"-1", 9, false, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct field_scan s = field_scan_over(text_slice_of(rows[i].text));
		uint64_t value = 0;
		bool ok = field_scan_number(&s, rows[i].max, &value);
		if (ok != rows[i].ok || value != rows[i].value)
			fail_msg("%s: got %d %llu", rows[i].text, ok, (unsigned long long)value);
		if (!ok)
			assert_ptr_equal(s.at, rows[i].text);
	}
}

static void a_read_at_the_end_takes_nothing(void **state)
{
	(void)state;
	struct field_scan s = field_scan_over(text_slice_of("ab"));
	assert_false(field_scan_take_text(&s, "abc"));
	assert_true(field_scan_take_text(&s, "ab"));
	assert_int_equal(field_scan_peek(&s), '\0');
	assert_false(field_scan_take_char(&s, '\0'));
	assert_int_equal(field_scan_word(&s).length, 0);
	assert_int_equal(field_scan_left(&s), 0);
}

static void texts_are_found_where_they_first_stand(void **state)
{
	(void)state;
	const char *text = "PaPac Packet log: Packet log: ";
	assert_ptr_equal(field_scan_find(text_slice_of(text), "Packet log: "), text + 6);
	assert_null(field_scan_find(text_slice_of(text), "Packet log:  "));
	assert_null(field_scan_find(text_slice_of(""), "P"));
	assert_null(field_scan_find(text_slice_of("Pac"), "Pack"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_keep_their_separator_and_their_last_eight_letters),
		cmocka_unit_test(numbers_stop_at_their_bound_and_never_wrap),
		cmocka_unit_test(a_read_at_the_end_takes_nothing),
		cmocka_unit_test(texts_are_found_where_they_first_stand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
