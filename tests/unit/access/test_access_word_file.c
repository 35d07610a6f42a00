/* SPDX-License-Identifier: ISC */
#include "access/access_word_file.h"

#include "access_lab.h"

#include <errno.h>

struct word_file_row {
	const char *name;
	const char *bytes;
	size_t length;
	const char *wanted; /* a '|' behind each word */
};

#define BYTES(text) text, sizeof text - 1

static const struct word_file_row word_file_rows[] = {
	{"nothing", BYTES(""), ""},
	{"white space only", BYTES(" \t\r\n\v\f"), ""},
	{"all white space separates", BYTES("a b\tc\rd\ne\vf\fg"), "a|b|c|d|e|f|g|"},
	{"commas, comments and colons are letters", BYTES("a,b #c\nd:e\n"), "a,b|#c|d:e|"},
	{"no newline is needed at the end", BYTES("a\nb"), "a|b|"},
	{"backslashes do not join", BYTES("a\\\nb\n"), "a\\|b|"},
	{"a NUL ends a word only", BYTES("a\0b c\n"), "a|c|"},
	{"a NUL first", BYTES("\0b c\n"), "|c|"},
};

static void words_are_apart_by_white_space(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(word_file_rows); i++) {
		const struct word_file_row *row = &word_file_rows[i];
		char told[128] = "";
		struct access_word_file f;
		struct text_slice word;
		enum access_word_file_result result;
		access_lab_write_bytes("w", row->bytes, row->length);
		assert_int_equal(access_word_file_open(&f, access_lab_path_of("w").text), 0);
		while ((result = access_word_file_next(&f, &word)) == ACCESS_WORD_FILE_WORD) {
			size_t used = strlen(told);
			snprintf(told + used, sizeof told - used, "%.*s|", (int)word.length, word.start);
		}
		faults += table_check_number(row->name, "result", result, ACCESS_WORD_FILE_END);
		faults += table_check_text(row->name, "words", told, row->wanted);
		access_word_file_close(&f);
	}
	assert_int_equal(faults, 0);
}

static void words_are_whole_wherever_a_piece_ends(void **state)
{
	(void)state;
	FILE *out = fopen(access_lab_path_of("w").text, "w");
	assert_non_null(out);
	for (unsigned i = 0; i < 50000; i++)
		fprintf(out, "word%u%s", i, i % 7 ? " " : "\n\n  ");
	assert_int_equal(fclose(out), 0);
	struct access_word_file f;
	struct text_slice word;
	assert_int_equal(access_word_file_open(&f, access_lab_path_of("w").text), 0);
	for (unsigned i = 0; i < 50000; i++) {
		char wanted[24];
		snprintf(wanted, sizeof wanted, "word%u", i);
		assert_int_equal(access_word_file_next(&f, &word), ACCESS_WORD_FILE_WORD);
		assert_true(text_slice_equals(word, wanted));
	}
	assert_int_equal(access_word_file_next(&f, &word), ACCESS_WORD_FILE_END);
	access_word_file_close(&f);
}

static void a_word_has_a_longest_length(void **state)
{
	(void)state;
	static char bytes[ACCESS_WORD_FILE_WORD_MAX + 1];
	struct access_word_file f;
	struct text_slice word;
	memset(bytes, 'a', sizeof bytes);
	access_lab_write_bytes("w", bytes, ACCESS_WORD_FILE_WORD_MAX);
	assert_int_equal(access_word_file_open(&f, access_lab_path_of("w").text), 0);
	assert_int_equal(access_word_file_next(&f, &word), ACCESS_WORD_FILE_WORD);
	assert_int_equal(word.length, ACCESS_WORD_FILE_WORD_MAX);
	access_word_file_close(&f);
	access_lab_write_bytes("w", bytes, sizeof bytes);
	assert_int_equal(access_word_file_open(&f, access_lab_path_of("w").text), 0);
	assert_int_equal(access_word_file_next(&f, &word), ACCESS_WORD_FILE_FAILED);
	assert_int_equal(errno, EFBIG);
	access_word_file_close(&f);
}

static void a_folder_is_no_file(void **state)
{
	(void)state;
	struct access_word_file f;
	assert_int_equal(access_word_file_open(&f, access_lab_folder), -1);
	assert_int_equal(errno, EISDIR);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(words_are_apart_by_white_space),
		cmocka_unit_test(words_are_whole_wherever_a_piece_ends),
		cmocka_unit_test(a_word_has_a_longest_length),
		cmocka_unit_test(a_folder_is_no_file),
	};
	return cmocka_run_group_tests(tests, access_lab_open, access_lab_close);
}
