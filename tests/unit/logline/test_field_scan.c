/* SPDX-License-Identifier: ISC */
#include "logline/field_scan.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

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

/* The promises in their plainest form. */

static size_t plain_word(const char *text, size_t length)
{
	size_t n = 0;
	while (n < length && text[n] != ' ')
		n++;
	return n;
}

static uint64_t plain_key(const char *text, size_t length, size_t *taken)
{
	uint64_t key = 0;
	size_t n = 0;
	while (n < length && text[n] != ' ') {
		char c = text[n++];
		key = key << 8 | (uint8_t)c;
		if (c == '=' || c == ':')
			break;
	}
	*taken = n;
	return key;
}

static bool plain_number(
	const char *text, size_t length, uint64_t max, uint64_t *out, size_t *taken)
{
	uint64_t value = 0;
	size_t n = 0;
	for (; n < length && text[n] >= '0' && text[n] <= '9'; n++) {
		value = value * 10 + (uint64_t)(text[n] - '0');
		if (value > max)
			return false;
	}
	*out = value;
	*taken = n;
	return n > 0;
}

static void check_text(const char *text, size_t length)
{
	static const uint64_t bounds[] = {9, 255, 65535, UINT32_MAX, UINT64_C(1000000000000000000)};
	const struct text_slice slice = {text, length};
	struct field_scan s = field_scan_over(slice);
	assert_int_equal(field_scan_word(&s).length, plain_word(text, length));
	size_t taken;
	s = field_scan_over(slice);
	uint64_t key = plain_key(text, length, &taken);
	assert_true(field_scan_key(&s) == key);
	assert_ptr_equal(s.at, text + taken);
	for (size_t i = 0; i < sizeof bounds / sizeof bounds[0]; i++) {
		uint64_t wanted, got = 0;
		bool good = plain_number(text, length, bounds[i], &wanted, &taken);
		s = field_scan_over(slice);
		assert_int_equal(field_scan_number(&s, bounds[i], &got), good);
		assert_true(!good || got == wanted);
		assert_ptr_equal(s.at, text + (good ? taken : 0));
	}
}

/* Every length, so that texts end before, in and behind the eight characters of one look. */
static void eight_at_once_say_what_one_after_the_other_says(void **state)
{
	(void)state;
	static const char alphabet[] =
		"00112359999AZaz @=:[]/.-(\x01\x1f\x21\x7f\x80\xb0\xb9\xa0\xff";
	unsigned seed = 20261128;
	for (int round = 0; round < 200000; round++) {
		char text[24];
		size_t length = (size_t)rand_r(&seed) % (sizeof text + 1);
		size_t letters = round % 3 == 0 ? 10 : sizeof alphabet - 1; /* mostly digits */
		for (size_t i = 0; i < length; i++)
			text[i] = alphabet[(size_t)rand_r(&seed) % letters];
		if (round % 4 == 0 && length > 0)
			text[(size_t)rand_r(&seed) % length] = '\0';
		check_text(text, length);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(keys_keep_their_separator_and_their_last_eight_letters),
		cmocka_unit_test(numbers_stop_at_their_bound_and_never_wrap),
		cmocka_unit_test(a_read_at_the_end_takes_nothing),
		cmocka_unit_test(eight_at_once_say_what_one_after_the_other_says),
		cmocka_unit_test(texts_are_found_where_they_first_stand),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
