/* SPDX-License-Identifier: ISC */
#include "access/access_mark.h"

#include "access_lab.h"

static void a_mark_is_a_comment_and_nothing_else(void **state)
{
	(void)state;
	static const struct {
		const char *line;
		enum access_mark_kind kind;
	} rows[] = {
		{"# knockwatch: strict", ACCESS_MARK_STRICT},
		{"#knockwatch:strict", ACCESS_MARK_STRICT},
		{"#\tKnockwatch: \t STRICT \r", ACCESS_MARK_STRICT},
		{"# knockwatch: ok needs-dns", ACCESS_MARK_OK},
		{"# knockwatch: ok", ACCESS_MARK_OK},
		{"# knockwatch: strict mode", ACCESS_MARK_OTHER},
		{"# knockwatch: strikt", ACCESS_MARK_OTHER},
		{"# knockwatch:", ACCESS_MARK_OTHER},
		{"# knockwatch strict", ACCESS_MARK_NONE},
		{"## knockwatch: strict", ACCESS_MARK_NONE},
		{" # knockwatch: strict", ACCESS_MARK_NONE},
		{"knockwatch: strict", ACCESS_MARK_NONE},
		{"# strict", ACCESS_MARK_NONE},
		{"#", ACCESS_MARK_NONE},
		{"", ACCESS_MARK_NONE},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += table_check_number(rows[i].line, "kind", access_mark_of(text_slice_of(rows[i].line)), rows[i].kind);
	assert_int_equal(faults, 0);
}

static void it_counts_at_the_head_of_a_table(void **state)
{
	(void)state;
	static const struct {
		const char *text;
		bool strict;
	} rows[] = {
		{"# knockwatch: strict\nALL: ALL\n", true},
		{"# knockwatch: strict", true},
		{"# us\n\n \t\r\n#\n# knockwatch: strict\r\nALL: ALL\n", true},
		{"# knockwatch: ok x\n# knockwatch: strict\n", true},
		{"ALL: ALL\n# knockwatch: strict\n", false},
		{"ALL\n# knockwatch: strict\n", false},
		{" # us\n# knockwatch: strict\n", false},
		{"# knockwatch: \\\nstrict\nALL: ALL\n", true},
		{"# us \\\n# knockwatch: strict\nALL: ALL\n", false},
		{"# knockwatch: strict \\\nALL: ALL\n", false},
		{"\xef\xbb\xbf# knockwatch: strict\n", true}, /* and that line is broken there */
		{"\xef\xbb\xbf# a comment\n# knockwatch: strict\n", false},
		{"", false},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		access_lab_write("table", rows[i].text);
		faults += table_check_number(
			rows[i].text, "strict", access_mark_table_is_strict(access_lab_path_of("table").text), rows[i].strict);
	}
	assert_false(access_mark_table_is_strict("/nowhere/hosts.deny"));
	assert_false(access_mark_table_is_strict("/etc"));
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_mark_is_a_comment_and_nothing_else),
		cmocka_unit_test(it_counts_at_the_head_of_a_table),
	};
	return cmocka_run_group_tests(tests, access_lab_open, access_lab_close);
}
