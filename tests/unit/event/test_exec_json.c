/* SPDX-License-Identifier: ISC */
#include "event/exec_json.h"

#include "table_check.h"

#include <jansson.h>

static struct exec_event e;

static void fill(void)
{
	static const char args[] = "rm\0-rf\0\0/tmp/a b";
	memset(&e, 0, sizeof e);
	e.time = wall_time_from_parts(1795000000, 120311);
	e.euid = 0;
	e.uid = 1000;
	e.auid = 1000;
	e.pid = 77;
	e.ppid = 70;
	memcpy(e.exe, "/usr/bin/rm", sizeof "/usr/bin/rm");
	memcpy(e.cwd, "/root", sizeof "/root");
	memcpy(e.tty, "pts0", sizeof "pts0");
	memcpy(e.parent, "bash", sizeof "bash");
	memcpy(e.unit, "session-3.scope", sizeof "session-3.scope");
	memcpy(e.args, args, sizeof args);
	e.args_size = e.args_true = sizeof args;
}

static json_t *write(struct json_line *line, bool is_new)
{
	exec_json_write(line, &e, &(struct exec_json_notes){"minnie", is_new});
	json_t *root = json_loads(line->text, JSON_REJECT_DUPLICATES, NULL);
	assert_non_null(root);
	return root;
}

static const char *text_of(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

static void a_start_is_told_as_the_contract_says(void **state)
{
	(void)state;
	struct json_line line = {0};
	fill();
	json_t *root = write(&line, true), *exec = json_object_get(root, "exec");
	assert_string_equal(text_of(root, "event_type"), "exec");
	assert_string_equal(text_of(root, "host"), "minnie");
	assert_string_equal(text_of(root, "origin"), "kernel");
	assert_int_equal(json_integer_value(json_object_get(exec, "uid")), 1000);
	assert_int_equal(json_integer_value(json_object_get(exec, "euid")), 0);
	assert_int_equal(json_integer_value(json_object_get(exec, "auid")), 1000);
	assert_int_equal(json_integer_value(json_object_get(exec, "ppid")), 70);
	assert_string_equal(text_of(exec, "exe"), "/usr/bin/rm");
	assert_string_equal(text_of(exec, "via"), "hook");
	assert_true(json_is_true(json_object_get(exec, "new")));
	assert_null(json_object_get(exec, "cut"));
	json_decref(root);
	json_line_clear(&line);
}

static void every_argument_keeps_its_place_the_empty_one_too(void **state)
{
	(void)state;
	struct json_line line = {0};
	static const char *const wanted[] = {"rm", "-rf", "", "/tmp/a b"};
	fill();
	json_t *root = write(&line, false);
	json_t *args = json_object_get(json_object_get(root, "exec"), "args");
	assert_int_equal(json_array_size(args), 4);
	for (size_t i = 0; i < 4; i++)
		assert_string_equal(json_string_value(json_array_get(args, i)), wanted[i]);
	json_decref(root);
	json_line_clear(&line);
}

static void what_is_unknown_leaves_no_trace_and_a_cut_its_true_length(void **state)
{
	(void)state;
	struct json_line line = {0};
	fill();
	e.auid = EXEC_NOBODY;
	e.ppid = 0;
	e.tty[0] = e.cwd[0] = e.parent[0] = e.unit[0] = e.exe[0] = '\0';
	e.args_true = 1000000;
	json_t *root = write(&line, false), *exec = json_object_get(root, "exec");
	static const char *const absent[] = {"auid", "ppid", "tty", "cwd", "parent", "unit", "exe"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(absent); i++)
		assert_null(json_object_get(exec, absent[i]));
	assert_int_equal(json_integer_value(json_object_get(exec, "cut")), 1000000);
	json_decref(root);
	json_line_clear(&line);
}

static void hostile_text_makes_a_printable_line_within_its_bound(void **state)
{
	(void)state;
	struct json_line line = {0};
	static const char pieces[] = {'\x1b', '\xff', '"', '\\', '\n', '\0'};
	fill();
	memset(e.exe, '\x1b', sizeof e.exe - 1);
	memset(e.cwd, '\x01', sizeof e.cwd - 1);
	memset(e.unit, '"', sizeof e.unit - 1);
	for (size_t piece = 0; piece < sizeof pieces; piece++) {
		memset(e.args, pieces[piece], EXEC_ARGS_MAX);
		e.args_size = e.args_true = EXEC_ARGS_MAX;
		json_decref(write(&line, true));
		assert_true(line.used <= EXEC_JSON_LINE_MAX);
		for (size_t i = 0; i < line.used; i++)
			assert_true(line.text[i] >= 0x20 && line.text[i] <= 0x7e);
	}
	json_line_clear(&line);
}

static void starts_that_were_held_back_are_one_event(void **state)
{
	(void)state;
	struct json_line line = {0};
	struct exec_json_held held = {.first = wall_time_from_parts(1795000000, 0),
		.last = wall_time_from_parts(1795000009, 0),
		.count = 5000,
		.fresh = 3,
		.unit = "cron.service",
		.parent = "sh",
		.exe = "/bin/true"};
	exec_json_write_held(&line, &held, "minnie");
	json_t *root = json_loads(line.text, JSON_REJECT_DUPLICATES, NULL);
	json_t *exec = json_object_get(root, "exec");
	assert_string_equal(text_of(root, "timestamp"), text_of(exec, "last"));
	assert_int_equal(json_integer_value(json_object_get(exec, "held")), 5000);
	assert_int_equal(json_integer_value(json_object_get(exec, "held_new")), 3);
	assert_string_equal(text_of(exec, "unit"), "cron.service");
	json_decref(root);
	json_line_clear(&line);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_is_told_as_the_contract_says),
		cmocka_unit_test(every_argument_keeps_its_place_the_empty_one_too),
		cmocka_unit_test(what_is_unknown_leaves_no_trace_and_a_cut_its_true_length),
		cmocka_unit_test(hostile_text_makes_a_printable_line_within_its_bound),
		cmocka_unit_test(starts_that_were_held_back_are_one_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
