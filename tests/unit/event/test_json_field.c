/* SPDX-License-Identifier: ISC */
#include "event/json_field.h"

#include "table_check.h"

static void each_member_is_read_as_what_it_is(void **state)
{
	(void)state;
	static const struct {
		const char *object, *text;
		uint64_t count;
		int64_t time_us; /* -1 = none */
	} rows[] = {
		{"{\"k\":\"abc\"}", "abc", 0, -1},
		{"{\"k\":\"\"}", "", 0, -1},
		{"{\"k\":7}", NULL, 7, -1},
		{"{\"k\":0}", NULL, 0, -1},
		{"{\"k\":-7}", NULL, 0, -1},
		{"{\"k\":9223372036854775807}", NULL, INT64_MAX, -1},
		{"{\"k\":7.5}", NULL, 0, -1},
		{"{\"k\":\"7\"}", "7", 0, -1},
		{"{\"k\":true}", NULL, 0, -1},
		{"{\"k\":null}", NULL, 0, -1},
		{"{\"k\":[7]}", NULL, 0, -1},
		{"{\"k\":{\"k\":7}}", NULL, 0, -1},
		{"{\"other\":7}", NULL, 0, -1},
		{"[7]", NULL, 0, -1},
		{"{\"k\":\"1970-01-01T00:00:02.000003Z\"}", "1970-01-01T00:00:02.000003Z", 0,
			2000003},
		{"{\"k\":\"1970-01-01T01:00:02+01:00\"}", "1970-01-01T01:00:02+01:00", 0, 2000000},
		{"{\"k\":\"1970-01-01 00:00:02\"}", "1970-01-01 00:00:02", 0, 2000000},
		{"{\"k\":\"1970-01-01T00:00:02Z \"}", "1970-01-01T00:00:02Z ", 0, -1},
		{"{\"k\":\"1969-12-31T23:59:59Z\"}", "1969-12-31T23:59:59Z", 0, -1},
		{"{\"k\":\"1970-01-01\"}", "1970-01-01", 0, -1},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		json_t *object = json_loads(rows[i].object, 0, NULL);
		struct wall_time t = {-1};
		assert_non_null(object);
		const char *text = json_field_text(object, "k");
		if (rows[i].text == NULL)
			assert_null(text);
		else
			assert_string_equal(text, rows[i].text);
		assert_true(json_field_count(object, "k") == rows[i].count);
		assert_int_equal(json_field_time(object, "k", &t), rows[i].time_us >= 0);
		assert_true(t.us == rows[i].time_us);
		json_decref(object);
	}
}

static void what_is_no_object_has_no_members(void **state)
{
	(void)state;
	struct wall_time t = {-1};
	assert_null(json_field_text(NULL, "k"));
	assert_true(json_field_count(NULL, "k") == 0);
	assert_false(json_field_time(NULL, "k", &t));
	assert_true(t.us == -1);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_member_is_read_as_what_it_is),
		cmocka_unit_test(what_is_no_object_has_no_members),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
