/* SPDX-License-Identifier: ISC */
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[128], fresh[128];

static int set_up(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kw-replace.XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/kept", directory);
	snprintf(fresh, sizeof fresh, "%s/kept.new", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	unlink(fresh);
	return rmdir(directory);
}

static bool write_text(void *text, int fd)
{
	size_t length = strlen(text);
	return write(fd, text, length) == (ssize_t)length;
}

/* As a disk that fills up amid the file. */
static bool write_half(void *text, int fd)
{
	(void)write_text(text, fd);
	errno = ENOSPC;
	return false;
}

static bool replace_by(file_replace_write *write, const char *text)
{
	char copy[64];
	snprintf(copy, sizeof copy, "%s", text);
	return file_replace(directory, "kept", 0600, write, copy);
}

static void expect_text(const char *wanted)
{
	char got[64] = "";
	int fd = open(path, O_RDONLY);
	assert_true(fd >= 0 && read(fd, got, sizeof got - 1) >= 0);
	close(fd);
	assert_string_equal(got, wanted);
	assert_int_equal(access(fresh, F_OK), -1);
}

static void the_new_one_stands_in_place_of_the_old(void **state)
{
	(void)state;
	struct stat facts;
	assert_true(replace_by(write_text, "the first and longer one"));
	expect_text("the first and longer one");
	assert_true(replace_by(write_text, "the second"));
	expect_text("the second");
	assert_int_equal(stat(path, &facts), 0);
	assert_int_equal(facts.st_mode & 07777, 0600);
}

static void what_a_crash_left_beside_it_does_not_matter(void **state)
{
	(void)state;
	static char half[] = "a half of something longer than that";
	int fd = open(fresh, O_WRONLY | O_CREAT, 0600);
	assert_true(write_text(half, fd));
	close(fd);
	assert_true(replace_by(write_text, "whole"));
	expect_text("whole");
}

static void where_writing_fails_the_old_one_stays(void **state)
{
	(void)state;
	assert_true(replace_by(write_text, "old"));
	assert_false(replace_by(write_half, "ne"));
	assert_int_equal(errno, ENOSPC);
	expect_text("old");
}

static void a_link_beside_it_is_not_followed(void **state)
{
	(void)state;
	assert_true(replace_by(write_text, "old"));
	assert_int_equal(symlink("kept", fresh), 0);
	assert_false(replace_by(write_text, "new"));
	assert_int_equal(errno, ELOOP);
	expect_text("old");
}

static void without_the_directory_it_is_said_why(void **state)
{
	(void)state;
	assert_false(file_replace("/nonexistent", "kept", 0600, write_text, NULL));
	assert_int_equal(errno, ENOENT);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			the_new_one_stands_in_place_of_the_old, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_a_crash_left_beside_it_does_not_matter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			where_writing_fails_the_old_one_stays, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_link_beside_it_is_not_followed, set_up, tear_down),
		cmocka_unit_test(without_the_directory_it_is_said_why),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
