/* SPDX-License-Identifier: ISC */
#include "store/import_json.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <string.h>

static bool read_text(const char *text, struct import *out)
{
	json_t *root = json_loads(text, 0, NULL);
	assert_non_null(root);
	bool good = import_json_read(json_object_get(root, "import"), out);
	json_decref(root);
	return good;
}

static void what_is_written_is_read_back(void **state)
{
	(void)state;
	struct import rows[] = {
		{.name = "kern.log", .has_sum = true, .bytes = 12345, .whole = true},
		{.name = "-", .whole = false},
	};
	memset(rows[0].sum.bytes, 0xab, sizeof rows[0].sum.bytes);
	struct json_line line = {0};
	for (size_t i = 0; i < 2; i++) {
		struct import out;
		import_json_write(&line, &rows[i], wall_time_from_parts(1795435200, 0), "minnie");
		assert_true(read_text(line.text, &out));
		assert_string_equal(out.name, rows[i].name);
		assert_int_equal(out.has_sum, rows[i].has_sum);
		assert_int_equal(out.bytes, rows[i].bytes);
		assert_int_equal(out.whole, rows[i].whole);
		assert_true(journal_hash_equal(&out.sum, &rows[i].sum));
	}
	json_line_clear(&line);
}

/* Not from what lies in memory beside it. */
static void equal_imports_have_equal_lines(void **state)
{
	(void)state;
	struct import in[2];
	struct json_line lines[2] = {{0}};
	for (int i = 0; i < 2; i++) {
		memset(&in[i], i == 0 ? 0 : 0xee, sizeof in[i]);
		memcpy(in[i].name, "kern.log", sizeof "kern.log");
		in[i].has_sum = in[i].whole = true;
		in[i].bytes = 12345;
		memset(in[i].sum.bytes, 0xab, sizeof in[i].sum.bytes);
		import_json_write(&lines[i], &in[i], wall_time_from_parts(1795435200, 0), "minnie");
	}
	assert_string_equal(lines[0].text, lines[1].text);
	in[1].bytes++;
	import_json_write(&lines[1], &in[1], wall_time_from_parts(1795435200, 0), "minnie");
	assert_memory_not_equal(
		strstr(lines[0].text, "\"id\""), strstr(lines[1].text, "\"id\""), 32);
	json_line_clear(&lines[0]);
	json_line_clear(&lines[1]);
}

static void what_makes_no_sense_is_refused_or_has_no_sum(void **state)
{
	(void)state;
	struct import out;
	assert_false(read_text("{}", &out));
	assert_false(read_text("{\"import\":[]}", &out));
	assert_false(read_text("{\"import\":{\"name\":7}}", &out));
	assert_true(
		read_text("{\"import\":{\"name\":\"a\",\"sha256\":\"abc\",\"bytes\":3}}", &out));
	assert_false(out.has_sum);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_read_back),
		cmocka_unit_test(equal_imports_have_equal_lines),
		cmocka_unit_test(what_makes_no_sense_is_refused_or_has_no_sum),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
