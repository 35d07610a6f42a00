/* SPDX-License-Identifier: ISC */
#include "tcpd/finger_text.h"

#include "table_check.h"

#include <stdio.h>

struct text_row {
	const char *name;
	const char *said;
	const char *told;
};

#define EIGHT(x) x x x x x x x x
#define A64 EIGHT("aaaaaaaa")
#define LINE A64 EIGHT("bbbbbbb") "ccccccc" /* 127: with its margin a whole line */

static const struct text_row text_rows[] = {
	{"nothing", "", ""},
	{"a line", "Login: joe\r\n", " Login: joe\n"},
	{"no line end at the end", "Login: joe", " Login: joe\n"},
	{"an empty line stays empty", "a\n\nb\n", " a\n\n b\n"},
	{"a mail command is none behind a margin", "~!rm -rf /\n", " ~!rm -rf /\n"},
	{"a backslash is doubled", "a\\b\n", " a\\\\b\n"},
	{"bytes are octal", "\x1b[2J\x07\xe9\x7f\n", " \\033[2J\\007\\351\\177\n"},
	{"a CR alone is a byte", "good\rbad\n", " good\\015bad\n"},
	{"two CRs before a line end", "a\r\r\nb", " a\\015\n b\n"},
	{"a CR at the very end", "a\r", " a\\015\n"},
	{"form feed and vertical tab are bytes", "\f\v\n", " \\014\\013\n"},
	{"a tab stays", "a\tb\n", " a\tb\n"},
	{"a line of 128 columns", LINE "\n", " " LINE "\n"},
	{"a longer one goes on below", LINE "d\n", " " LINE "\\\n d\n"},
	{"an escape is not cut", LINE "\x01\n", " " LINE "\\\n \\001\n"},
	{"a tab to the edge", A64 EIGHT("bbbbbbb") "ccc\td\n", " " A64 EIGHT("bbbbbbb") "ccc\t\\\n d\n"},
	{"a tab at the edge", LINE "\td\n", " " LINE "\\\n \td\n"},
};

/* In pieces of so many bytes. */
static const char *filter(const char *said, size_t length, size_t piece, char *memory, size_t size)
{
	struct finger_text t = {0};
	struct text_buffer out = text_buffer_over(memory, size);
	bool cut = false;
	for (size_t at = 0; at < length && !cut; at += piece) {
		const size_t n = length - at < piece ? length - at : piece;
		cut = !finger_text_add(&t, (const uint8_t *)said + at, n, &out);
	}
	finger_text_end(&t, cut, &out);
	assert_false(out.cut);
	return memory;
}

static void only_harmless_text_gets_through(void **state)
{
	(void)state;
	unsigned faults = 0;
	char told[4096];
	for (size_t i = 0; i < TABLE_CHECK_ROWS(text_rows); i++) {
		const struct text_row *r = &text_rows[i];
		const size_t length = strlen(r->said);
		for (size_t piece = 1; piece < 300; piece += 41)
			faults += table_check_text(
				r->name, "told", filter(r->said, length, piece, told, sizeof told), r->told);
	}
	assert_int_equal(faults, 0);
}

static void a_nul_is_a_byte_like_others(void **state)
{
	(void)state;
	char told[64];
	assert_string_equal(filter("a\0b", 3, 3, told, sizeof told), " a\\000b\n");
}

static void the_answer_ends_after_a_hundred_thousand_bytes(void **state)
{
	(void)state;
	const size_t size = (size_t)FINGER_TEXT_MOST * FINGER_TEXT_GROWTH + 2000;
	char *said = malloc(FINGER_TEXT_MOST + 1), *told = malloc(size);
	assert_non_null(said);
	assert_non_null(told);
	memset(said, '\n', FINGER_TEXT_MOST + 1);
	filter(said, FINGER_TEXT_MOST, 1000, told, size);
	assert_int_equal(strlen(told), FINGER_TEXT_MOST);
	filter(said, FINGER_TEXT_MOST + 1, 1000, told, size);
	assert_string_equal(told + FINGER_TEXT_MOST, "\n Input truncated to 100000 bytes...\n");
	free(told);
	free(said);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(only_harmless_text_gets_through),
		cmocka_unit_test(a_nul_is_a_byte_like_others),
		cmocka_unit_test(the_answer_ends_after_a_hundred_thousand_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
