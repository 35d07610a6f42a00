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

/* The line of an event with nothing but a head. */
static char *head_of(const char *host, const char *type, const char *told)
{
	char memory[64];
	struct text_buffer facts = text_buffer_over(memory, sizeof memory);
	struct json_line line = {0};
	text_buffer_add(&facts, told);
	json_line_start(&line);
	json_head_put_facts(
		&line, (struct wall_time){INT64_C(1767571200123456)}, host, type, &facts);
	json_line_close(&line);
	return line.text;
}

static void a_head_has_its_members_in_this_order(void **state)
{
	(void)state;
	char *with = head_of("minnie", "stats", "1 2 3"),
	     *without = head_of(NULL, "stats", "1 2 3");
	assert_string_equal(with,
		"{\"v\":1,\"timestamp\":\"2026-01-05T00:00:00.123456Z\",\"id\":\"01KE5Q863VZ6G4F1JFKNAXBK1S\","
		"\"host\":\"minnie\",\"event_type\":\"stats\"}");
	assert_null(strstr(without, "host"));
	free(with);
	free(without);
}

static void an_id_follows_from_time_type_and_facts(void **state)
{
	(void)state;
	static const char opening[] = "\"id\":\"";
	static const struct {
		const char *host, *type, *facts;
		bool same;
	} rows[] = {
		{"minnie", "stats", "1 2 3", true},
		{"goofy", "stats", "1 2 3", true},
		{"minnie", "counts", "1 2 3", false},
		{"minnie", "stats", "1 2 4", false},
		{"minnie", "stats", "", false},
	};
	char *first = head_of("minnie", "stats", "1 2 3");
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char *line = head_of(rows[i].host, rows[i].type, rows[i].facts);
		struct text_slice a = json_head_find(first, strlen(first), opening),
				  b = json_head_find(line, strlen(line), opening);
		assert_int_equal(a.length, EVENT_ID_LENGTH);
		assert_int_equal(b.length, EVENT_ID_LENGTH);
		assert_int_equal(memcmp(a.start, b.start, a.length) == 0, rows[i].same);
		free(line);
	}
	free(first);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(members_of_the_head_are_found_in_a_line),
		cmocka_unit_test(a_type_is_the_whole_word),
		cmocka_unit_test(a_head_has_its_members_in_this_order),
		cmocka_unit_test(an_id_follows_from_time_type_and_facts),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
