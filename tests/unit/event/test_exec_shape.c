/* SPDX-License-Identifier: ISC */
#include "event/exec_shape.h"

#include "event/exec_wire.h"

#include "table_check.h"

static struct exec_event e;

/* Words parted by \1, as in test_secret_mask. */
static void set_args(const char *text)
{
	size_t n = strlen(text);
	for (size_t i = 0; i <= n; i++)
		e.args[i] = (char)(text[i] == '\x01' ? '\0' : text[i]);
	e.args_size = e.args_true = (uint32_t)n + 1;
}

struct shape_row {
	const char *args, *shape;
};

static void numbers_and_chance_go_and_words_stay(void **state)
{
	(void)state;
	static const struct shape_row rows[] = {
		{"/usr/sbin/logrotate\1/etc/logrotate.conf", "logrotate /etc/logrotate.conf"},
		{"sleep\1"
		 "10",
			"sleep #"},
		{"x\1-j8\1--size=1024M", "x -j# --size=#M"},
		{"x\1/tmp/tmp.Xk3a9\1/var/tmp/abc/d", "x /tmp/* /var/tmp/*/d"},
		{"x\1/proc/1234/exe", "x /proc/*/exe"},
		{"x\1"
		 "0123456789abcdef",
			"x *"},
		{"x\1"
		 "a1b2c3d4e5",
			"x *"},
		{"x\1"
		 "deadbeef01",
			"x *"},
		{"x\1"
		 "addedfile",
			"x addedfile"},
		{"x\1"
		 "10.1.2.3\1lib64",
			"x #.#.#.# lib#"},
		{"sh\1-c\1rm -rf /srv/42", "sh -c rm_-rf_/srv/#"},
		{"x\1\1y", "x '' y"},
		{"x\1"
		 "a\nb\x1b[m",
			"x a?b?[m"},
		{"rm\1-rf\1/", "rm -rf /"},
		{"", "''"},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		set_args(rows[i].args);
		faults += table_check_text(
			rows[i].args, "shape", exec_shape_of(&e).text, rows[i].shape);
	}
	assert_int_equal(faults, 0);
}

static void a_long_command_ends_in_dots(void **state)
{
	(void)state;
	struct exec_shape shape;
	memset(e.args, 'a', 2000);
	e.args[2000] = '\0';
	e.args_size = e.args_true = 2001;
	shape = exec_shape_of(&e);
	assert_true(strlen(shape.text) <= EXEC_SHAPE_MAX);
	assert_string_equal(shape.text + strlen(shape.text) - 4, " ...");
	set_args("x\1y");
	e.args_true = 100000;
	assert_string_equal(exec_shape_of(&e).text, "x y ...");
	for (uint32_t i = 0; i < 400; i += 2)
		memcpy(e.args + i, "y", 2);
	e.args_size = e.args_true = 400;
	shape = exec_shape_of(&e);
	assert_string_equal(shape.text + strlen(shape.text) - 4, " ...");
}

static void names_lose_their_numbers(void **state)
{
	(void)state;
	char out[32];
	exec_shape_of_name("session-12.scope", out, sizeof out);
	assert_string_equal(out, "session-#.scope");
	exec_shape_of_name("docker-0a1b2c3d4e5f.scope", out, sizeof out);
	assert_string_equal(out, "docker-*.scope");
}

static void an_event_goes_through_the_wire_as_it_was(void **state)
{
	(void)state;
	static struct exec_event got;
	memset(&e, 0, sizeof e);
	set_args("rm\1-rf");
	e.time = wall_time_from_parts(1795000000, 1);
	memcpy(e.exe, "/bin/rm", 8);
	assert_true(exec_wire_read(&e, exec_wire_size(&e), &got));
	assert_memory_equal(&got, &e, exec_wire_size(&e));
	assert_int_equal(got.args[got.args_size], '\0');
}

static void what_is_no_event_does_not_come_through(void **state)
{
	(void)state;
	static struct exec_event got, bad;
	memset(&e, 0, sizeof e);
	set_args("rm\1-rf");
	size_t size = exec_wire_size(&e);
	for (size_t n = 0; n < size; n++)
		assert_false(exec_wire_read(&e, n, &got));
	assert_false(exec_wire_read(&e, size + 1, &got));
	assert_false(exec_wire_read(&e, sizeof e, &got));
	bad = e;
	bad.euid = 1;
	assert_false(exec_wire_read(&bad, size, &got));
	bad = e;
	bad.via = EXEC_VIAS;
	assert_false(exec_wire_read(&bad, size, &got));
	bad = e;
	bad.time.us = INT64_MAX;
	assert_false(exec_wire_read(&bad, size, &got));
	bad = e;
	memset(bad.unit, 'x', sizeof bad.unit);
	assert_false(exec_wire_read(&bad, size, &got));
	bad = e;
	memset(bad.exe, 'x', sizeof bad.exe);
	assert_false(exec_wire_read(&bad, size, &got));
	bad = e;
	bad.args_true = 1;
	assert_false(exec_wire_read(&bad, size, &got));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(numbers_and_chance_go_and_words_stay),
		cmocka_unit_test(a_long_command_ends_in_dots),
		cmocka_unit_test(names_lose_their_numbers),
		cmocka_unit_test(an_event_goes_through_the_wire_as_it_was),
		cmocka_unit_test(what_is_no_event_does_not_come_through),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
