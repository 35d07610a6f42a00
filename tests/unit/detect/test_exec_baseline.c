/* SPDX-License-Identifier: ISC */
#include "detect/exec_baseline.h"

#include "../support/table_check.h"

#include <stdio.h>
#include <sys/mman.h>
#include <unistd.h>

static struct exec_event e;

static void set(const char *unit, const char *parent, const char *exe, const char *arg)
{
	memset(&e, 0, offsetof(struct exec_event, args));
	e.time = wall_time_from_parts(1795000000, 0);
	snprintf(e.unit, sizeof e.unit, "%s", unit);
	snprintf(e.parent, sizeof e.parent, "%s", parent);
	snprintf(e.exe, sizeof e.exe, "%s", exe);
	e.args_size = e.args_true = (uint32_t)snprintf(e.args, sizeof e.args, "x%c%s", 0, arg) + 1;
}

static bool note(struct exec_baseline *b, const char *unit, const char *parent, const char *exe,
	const char *arg)
{
	set(unit, parent, exe, arg);
	return exec_baseline_note(b, &e);
}

static void a_start_is_new_once(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create();
	assert_true(note(b, "cron.service", "cron", "/bin/run-parts", "/etc/cron.daily"));
	assert_false(note(b, "cron.service", "cron", "/bin/run-parts", "/etc/cron.daily"));
	assert_int_equal(exec_baseline_stats(b).starts, 2);
	assert_int_equal(exec_baseline_stats(b).fresh, 1);
	assert_int_equal(exec_baseline_stats(b).since.us, e.time.us);
	exec_baseline_destroy(b);
}

static void unit_parent_file_and_words_make_the_difference(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create();
	assert_true(note(b, "a.service", "p", "/bin/x", "y"));
	assert_true(note(b, "b.service", "p", "/bin/x", "y"));
	assert_true(note(b, "a.service", "q", "/bin/x", "y"));
	assert_true(note(b, "a.service", "p", "/bin/z", "y"));
	assert_true(note(b, "a.service", "p", "/bin/x", "w"));
	set("a.service", "p", "/bin/x", "y");
	e.uid = 1000; /* by a person's hand, through a setuid program */
	assert_true(exec_baseline_note(b, &e));
	exec_baseline_destroy(b);
}

static void numbers_make_none(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create();
	assert_true(note(b, "session-1.scope", "sshd", "/bin/x", "--pid=100"));
	assert_false(note(b, "session-22.scope", "sshd", "/bin/x", "--pid=4711"));
	exec_baseline_destroy(b);
}

static void who_has_many_shapes_is_known_for_it(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create();
	char word[3] = "aa";
	for (unsigned i = 0; i < EXEC_BASELINE_SHAPES; i++) {
		word[0] = (char)('a' + i / 26);
		word[1] = (char)('a' + i % 26);
		assert_true(note(b, "a.service", "p", "/bin/x", word));
	}
	assert_false(note(b, "a.service", "p", "/bin/x", "another"));
	assert_true(note(b, "a.service", "p", "/bin/y", "another"));
	exec_baseline_destroy(b);
}

static void it_never_grows_and_forgets_what_was_quiet_longest(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create();
	char exe[32];
	for (unsigned i = 0; i < 5 * EXEC_BASELINE_ENTRIES; i++) {
		snprintf(exe, sizeof exe, "/bin/%c%c%c%c", 'a' + i % 26, 'a' + i / 26 % 26,
			'a' + i / 676 % 26, 'a' + i / 17576 % 26);
		set("a.service", "p", exe, "y");
		e.time.us += (int64_t)i * CLOCK_US_PER_S;
		assert_true(exec_baseline_note(b, &e));
		assert_false(exec_baseline_note(b, &e));
	}
	struct exec_baseline_stats s = exec_baseline_stats(b);
	assert_int_equal(s.entries, EXEC_BASELINE_ENTRIES);
	assert_int_equal(s.evicted, 9 * EXEC_BASELINE_ENTRIES);
	exec_baseline_destroy(b);
}

static int file_of(struct exec_baseline *b)
{
	int fd = memfd_create("baseline", 0);
	assert_true(exec_baseline_save(b, fd));
	assert_int_equal(lseek(fd, 0, SEEK_SET), 0);
	return fd;
}

static void what_was_saved_is_known_after_loading(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create(), *again = exec_baseline_create();
	note(b, "a.service", "p", "/bin/x", "y");
	note(b, "a.service", "p", "/bin/z", "y");
	int fd = file_of(b);
	assert_null(exec_baseline_load(again, fd));
	assert_false(note(again, "a.service", "p", "/bin/x", "y"));
	assert_true(note(again, "a.service", "p", "/bin/x", "other"));
	assert_int_equal(exec_baseline_stats(again).starts, 4);
	assert_int_equal(exec_baseline_stats(again).entries, 5);
	close(fd);
	exec_baseline_destroy(b);
	exec_baseline_destroy(again);
}

static void a_broken_file_is_refused_and_changes_nothing(void **state)
{
	(void)state;
	struct exec_baseline *b = exec_baseline_create(), *other = exec_baseline_create();
	note(b, "a.service", "p", "/bin/x", "y");
	note(other, "b.service", "p", "/bin/x", "y");
	int fd = file_of(b);
	off_t size = lseek(fd, 0, SEEK_END);
	for (off_t at = 0; at < size; at++) {
		char byte;
		assert_int_equal(pread(fd, &byte, 1, at), 1);
		byte ^= 0x40;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
		lseek(fd, 0, SEEK_SET);
		assert_non_null(exec_baseline_load(other, fd));
		byte ^= 0x40;
		assert_int_equal(pwrite(fd, &byte, 1, at), 1);
	}
	for (off_t n = size - 1; n >= 0; n--) {
		assert_int_equal(ftruncate(fd, n), 0);
		lseek(fd, 0, SEEK_SET);
		assert_non_null(exec_baseline_load(other, fd));
	}
	assert_false(note(other, "b.service", "p", "/bin/x", "y"));
	close(fd);
	exec_baseline_destroy(b);
	exec_baseline_destroy(other);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_start_is_new_once),
		cmocka_unit_test(unit_parent_file_and_words_make_the_difference),
		cmocka_unit_test(numbers_make_none),
		cmocka_unit_test(who_has_many_shapes_is_known_for_it),
		cmocka_unit_test(it_never_grows_and_forgets_what_was_quiet_longest),
		cmocka_unit_test(what_was_saved_is_known_after_loading),
		cmocka_unit_test(a_broken_file_is_refused_and_changes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
