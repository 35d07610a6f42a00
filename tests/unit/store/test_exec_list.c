/* SPDX-License-Identifier: ISC */
#include "store/exec_list.h"

#include "../support/table_check.h"

#include <stdio.h>

static struct exec_list list;

static bool add(const char *time, const char *exec)
{
	char line[1024];
	int n = snprintf(line, sizeof line,
		"{\"v\":1,\"timestamp\":\"2026-11-2%sZ\",\"id\":\"x\",\"host\":\"h\",\"event_type\":\"exec\","
		"\"origin\":\"kernel\",\"exec\":{%s}}",
		time, exec);
	return exec_list_add_line(
		&list, line, (size_t)n, (struct wall_time){0}, (struct wall_time){0});
}

static void what_is_alike_is_one_group(void **state)
{
	(void)state;
	assert_true(add("1T10:00:00",
		"\"exe\":\"/bin/x\",\"args\":[\"x\",\"12\"],\"unit\":\"a\",\"new\":true"));
	assert_true(add("1T11:00:00",
		"\"exe\":\"/bin/x\",\"args\":[\"x\",\"34\"],\"unit\":\"a\",\"new\":false"));
	assert_true(add("1T12:00:00",
		"\"exe\":\"/bin/x\",\"args\":[\"x\",\"y\"],\"unit\":\"a\",\"new\":true"));
	assert_int_equal(list.count, 2);
	assert_int_equal(list.starts, 3);
	assert_int_equal(list.fresh, 2);
	assert_int_equal(list.groups[0].count, 2);
	assert_int_equal(list.groups[0].fresh, 1);
	assert_string_equal(list.groups[0].args, "x 34");
	assert_true(list.groups[0].first.us < list.groups[0].last.us);
	exec_list_clear(&list);
}

static void a_sum_counts_what_it_holds(void **state)
{
	(void)state;
	assert_true(add("1T10:00:10",
		"\"exe\":\"/bin/x\",\"unit\":\"a\",\"held\":5000,\"held_new\":3,"
		"\"first\":\"2026-11-21T10:00:00Z\",\"last\":\"2026-11-21T10:00:10Z\""));
	assert_int_equal(list.starts, 5000);
	assert_int_equal(list.fresh, 3);
	assert_int_equal(list.groups[0].counted, 5000);
	exec_list_clear(&list);
}

static void only_starts_of_the_time_asked_for_count(void **state)
{
	(void)state;
	static const char line[] = "{\"v\":1,\"timestamp\":\"2026-11-21T10:00:00Z\","
				   "\"event_type\":\"exec\",\"exec\":{\"exe\":\"/x\"}}";
	const struct wall_time at = {1795255200 * CLOCK_US_PER_S};
	size_t n = sizeof line - 1;
	assert_true(exec_list_add_line(&list, line, n, at, (struct wall_time){at.us + 1}));
	assert_false(exec_list_add_line(
		&list, line, n, (struct wall_time){at.us + 1}, (struct wall_time){0}));
	assert_false(exec_list_add_line(&list, line, n, (struct wall_time){0}, at));
	exec_list_clear(&list);
}

static void what_is_no_start_is_passed_over(void **state)
{
	(void)state;
	static const char *const lines[] = {"", "{", "{\"v\":1,\"event_type\":\"knock\"}",
		"{\"v\":1,\"event_type\":\"exec\"}",
		"{\"v\":1,\"event_type\":\"exec\",\"exec\":{}}",
		"{\"v\":1,\"event_type\":\"exec\",\"exec\":{},\"timestamp\":\"never\"}"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(lines); i++)
		assert_false(exec_list_add_line(&list, lines[i], strlen(lines[i]),
			(struct wall_time){0}, (struct wall_time){0}));
	assert_int_equal(list.count, 0);
	exec_list_clear(&list);
}

static void more_groups_than_there_is_room_for_are_counted(void **state)
{
	(void)state;
	char exec[256];
	for (unsigned i = 0; i < EXEC_LIST_GROUPS + 10; i++) {
		snprintf(exec, sizeof exec, "\"exe\":\"/%u\",\"new\":true", i);
		assert_true(add("1T10:00:00", exec));
	}
	assert_int_equal(list.count, EXEC_LIST_GROUPS);
	assert_int_equal(list.groupless, 10);
	assert_int_equal(list.starts, EXEC_LIST_GROUPS + 10);
	exec_list_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_alike_is_one_group),
		cmocka_unit_test(a_sum_counts_what_it_holds),
		cmocka_unit_test(only_starts_of_the_time_asked_for_count),
		cmocka_unit_test(what_is_no_start_is_passed_over),
		cmocka_unit_test(more_groups_than_there_is_room_for_are_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
