/* SPDX-License-Identifier: ISC */
#include "priv/state_lock.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

struct place {
	char directory[64];
	char file[96];
};

static struct place make_place(void)
{
	struct place p = {.directory = "/tmp/kw_state_lock_XXXXXX"};
	assert_non_null(mkdtemp(p.directory));
	snprintf(p.file, sizeof p.file, "%s/" STATE_LOCK_FILE, p.directory);
	return p;
}

static void remove_place(const struct place *p)
{
	unlink(p->file);
	rmdir(p->directory);
}

static int take(const struct place *p)
{
	char error[256];
	int fd;
	assert_int_equal(state_lock_take(p->directory, &fd, error, sizeof error), STATE_LOCK_TAKEN);
	assert_true(fd >= 0);
	return fd;
}

static void a_second_one_is_kept_out_until_the_first_gives_back(void **state)
{
	(void)state;
	struct place p = make_place();
	char error[256];
	int first = take(&p), second;
	assert_int_equal(
		state_lock_take(p.directory, &second, error, sizeof error), STATE_LOCK_HELD);
	assert_int_equal(second, -1);
	close(first);
	close(take(&p));
	remove_place(&p);
}

static void the_lock_dies_with_the_process(void **state)
{
	(void)state;
	struct place p = make_place();
	int ready[2];
	char byte;
	assert_int_equal(pipe(ready), 0);
	pid_t child = fork();
	if (child == 0) {
		char error[256];
		int fd;
		if (state_lock_take(p.directory, &fd, error, sizeof error) == STATE_LOCK_TAKEN)
			(void)!write(ready[1], "x", 1);
		pause();
		_exit(0);
	}
	assert_int_equal(read(ready[0], &byte, 1), 1);
	bool held;
	char line[64];
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_true(held);
	kill(child, SIGKILL);
	waitpid(child, NULL, 0);
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_false(held);
	close(take(&p));
	close(ready[0]);
	close(ready[1]);
	remove_place(&p);
}

static void the_line_is_what_was_written_last(void **state)
{
	(void)state;
	struct place p = make_place();
	int fd = take(&p);
	bool held;
	char line[STATE_LOCK_LINE_MAX], small[4];
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_string_equal(line, "");
	assert_true(state_lock_write(fd, "a long first line"));
	assert_true(state_lock_write(fd, "short"));
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_string_equal(line, "short");
	assert_true(state_lock_look(p.directory, &held, small, sizeof small));
	assert_string_equal(small, ""); /* half a line is none */
	assert_true(held);
	close(fd);
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_string_equal(line, "short");
	assert_false(held);
	remove_place(&p);
}

/* Who comes between the lock and the line must not be told of the one before. */
static void the_line_of_one_who_has_just_come_is_waited_for(void **state)
{
	(void)state;
	struct place p = make_place();
	char line[STATE_LOCK_LINE_MAX];
	bool held;
	int fd = take(&p), status;
	assert_true(state_lock_write(fd, "the one before"));
	close(fd);
	fd = take(&p);
	pid_t child = fork();
	if (child == 0) {
		usleep(50000);
		_exit(state_lock_write(fd, "the new one") ? 0 : 1);
	}
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_true(held);
	assert_string_equal(line, "the new one");
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	close(fd);
	close(take(&p)); /* and one who never said anything */
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_false(held);
	assert_string_equal(line, "");
	remove_place(&p);
}

static void a_line_that_is_too_long_leaves_the_old_one(void **state)
{
	(void)state;
	struct place p = make_place();
	int fd = take(&p);
	bool held;
	char line[STATE_LOCK_LINE_MAX], text[STATE_LOCK_LINE_MAX + 1];
	memset(text, 'x', sizeof text);
	text[STATE_LOCK_LINE_MAX] = '\0';
	assert_true(state_lock_write(fd, "old"));
	assert_false(state_lock_write(fd, text));
	assert_true(state_lock_look(p.directory, &held, line, sizeof line));
	assert_string_equal(line, "old");
	text[STATE_LOCK_LINE_MAX - 1] = '\0';
	text[STATE_LOCK_LINE_MAX - 2] = 'y';
	text[STATE_LOCK_LINE_MAX - 1] = '\0';
	assert_true(state_lock_write(fd, text));
	close(fd);
	remove_place(&p);
}

static void asking_keeps_nobody_out_and_makes_nothing(void **state)
{
	(void)state;
	struct place p = make_place();
	bool held;
	char line[64];
	assert_false(state_lock_look(p.directory, &held, line, sizeof line));
	assert_int_equal(errno, ENOENT);
	assert_int_equal(access(p.file, F_OK), -1);
	assert_false(state_lock_look("/tmp/kw_not_there", &held, line, sizeof line));
	assert_int_equal(errno, ENOENT);
	remove_place(&p);
}

static void only_a_plain_file_with_one_name_is_ours(void **state)
{
	(void)state;
	struct place p = make_place();
	char error[256], other[96];
	int fd;
	snprintf(other, sizeof other, "%s/other", p.directory);
	close(open(other, O_WRONLY | O_CREAT | O_CLOEXEC, 0600));

	assert_int_equal(symlink(other, p.file), 0);
	assert_int_equal(state_lock_take(p.directory, &fd, error, sizeof error), STATE_LOCK_FAILED);
	assert_int_equal(unlink(p.file), 0);
	assert_int_equal(link(other, p.file), 0);
	assert_int_equal(state_lock_take(p.directory, &fd, error, sizeof error), STATE_LOCK_FAILED);
	assert_non_null(strstr(error, "no file of ours"));
	assert_int_equal(unlink(p.file), 0);
	assert_int_equal(mkfifo(p.file, 0600), 0);
	assert_int_equal(state_lock_take(p.directory, &fd, error, sizeof error), STATE_LOCK_FAILED);
	assert_int_equal(fd, -1);
	unlink(other);
	remove_place(&p);
}

static void a_directory_that_cannot_be_made_is_said(void **state)
{
	(void)state;
	char error[256];
	int fd;
	assert_int_equal(state_lock_take("/tmp/kw_not_there/deeper", &fd, error, sizeof error),
		STATE_LOCK_FAILED);
	assert_non_null(strstr(error, "/tmp/kw_not_there/deeper: cannot be made"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_second_one_is_kept_out_until_the_first_gives_back),
		cmocka_unit_test(the_lock_dies_with_the_process),
		cmocka_unit_test(the_line_is_what_was_written_last),
		cmocka_unit_test(the_line_of_one_who_has_just_come_is_waited_for),
		cmocka_unit_test(a_line_that_is_too_long_leaves_the_old_one),
		cmocka_unit_test(asking_keeps_nobody_out_and_makes_nothing),
		cmocka_unit_test(only_a_plain_file_with_one_name_is_ours),
		cmocka_unit_test(a_directory_that_cannot_be_made_is_said),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
