/* SPDX-License-Identifier: ISC */
#include "event/json_head.h"

#include "table_check.h"

static void members_of_the_head_are_found_in_a_line(void **state)
{
	(void)state;
	static const struct {
		const char *line, *opening, *text;
	} rows[] = {
		{"{\"v\":1,\"timestamp\":\"now\",\"host\":\"h\",\"event_type\":\"knock\"}",
			JSON_HEAD_TYPE, "knock"},
		{"{\"v\":1,\"timestamp\":\"now\",\"host\":\"h\",\"event_type\":\"knock\"}",
			JSON_HEAD_HOST, "h"},
		{"{\"v\":1,\"timestamp\":\"now\",\"host\":\"h\",\"event_type\":\"knock\"}",
			JSON_HEAD_TIME, "now"},
		{"{\"event_type\":\"exec\",\"exec\":{\"event_type\":\"knock\"}}", JSON_HEAD_TYPE,
			"exec"},
		{"{\"args\":\"\\\"event_type\\\":\\\"knock\\\"\"}", JSON_HEAD_TYPE, ""},
		{"{\"args\":\",\\\"event_type\\\":\\\"knock\\\"\",\"event_type\":\"exec\"}",
			JSON_HEAD_TYPE, "exec"},
		{"{\"event_type\":7}", JSON_HEAD_TYPE, ""},
		{"{\"event_type\":\"\"}", JSON_HEAD_TYPE, ""},
		{"{\"event_type\":\"never ends", JSON_HEAD_TYPE, ""},
		{"{\"event_type\":\"", JSON_HEAD_TYPE, ""},
		{"{\"event_typ", JSON_HEAD_TYPE, ""},
		{"", JSON_HEAD_TYPE, ""},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		/* Without a NUL, and not a byte longer. */
		size_t length = strlen(rows[i].line);
		char *line = malloc(length + (length == 0));
		assert_non_null(line);
		/* NOLINTNEXTLINE(bugprone-not-null-terminated-result) */
		memcpy(line, rows[i].line, length);
		struct text_slice found = json_head_find(line, length, rows[i].opening);
		assert_true(text_slice_equals(found, rows[i].text));
		free(line);
	}
}

static void a_type_is_the_whole_word(void **state)
{
	(void)state;
	static const char line[] = "{\"v\":1,\"event_type\":\"incident\"}";
	assert_true(json_head_is_type(line, sizeof line - 1, "incident"));
	assert_false(json_head_is_type(line, sizeof line - 1, "inciden"));
	assert_false(json_head_is_type(line, sizeof line - 1, "incidents"));
	assert_false(json_head_is_type(line, sizeof line - 4, "incident"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_the_head_are_found_in_a_line),
		cmocka_unit_test(a_type_is_the_whole_word),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
