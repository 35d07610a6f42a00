/* SPDX-License-Identifier: ISC */
#include "priv/state_directory.h"

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

#define USER 4321
#define STRANGER 4322

static char base[64], path[96];

static int set_up(void **state)
{
	(void)state;
	strcpy(base, "/tmp/kw_state_XXXXXX");
	if (!mkdtemp(base) || chmod(base, 0755) != 0)
		return -1;
	snprintf(path, sizeof path, "%s/state", base);
	return 0;
}

static int tear_down(void **state)
{
	char line[128];
	(void)state;
	snprintf(line, sizeof line, "rm -rf '%s'", base);
	return system(line);
}

static void expect_owner(const char *name, uid_t uid, mode_t mode)
{
	struct stat facts;
	assert_int_equal(lstat(name, &facts), 0);
	assert_int_equal(facts.st_uid, uid);
	assert_int_equal(facts.st_gid, uid);
	if (mode)
		assert_int_equal(facts.st_mode & 07777, mode);
}

static void make_file(const char *name)
{
	int fd = open(name, O_WRONLY | O_CREAT | O_EXCL, 0600);
	assert_true(fd >= 0);
	close(fd);
}

static bool prepare(char *error, size_t size)
{
	return state_directory_prepare(path, USER, USER, error, size);
}

static void it_is_made_for_its_user_alone(void **state)
{
	(void)state;
	char error[256] = "";
	assert_true(prepare(error, sizeof error));
	expect_owner(path, USER, 0700);
	assert_true(prepare(error, sizeof error)); /* and again */
	expect_owner(path, USER, 0700);
}

static void a_group_that_was_let_in_stays_so_and_nobody_else(void **state)
{
	(void)state;
	static const struct {
		mode_t is, becomes;
	} rows[] = {{0750, 0750}, {0755, 0700}, {0770, 0700}, {0710, 0700}, {02750, 0700}};
	char error[256] = "";
	assert_true(prepare(error, sizeof error));
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		assert_int_equal(chmod(path, rows[i].is), 0);
		assert_true(prepare(error, sizeof error));
		expect_owner(path, USER, rows[i].becomes);
	}
	assert_int_equal(chown(path, 0, 0), 0); /* root's group was, ours was not */
	assert_int_equal(chmod(path, 0750), 0);
	assert_true(prepare(error, sizeof error));
	expect_owner(path, USER, 0700);
}

static void one_of_roots_is_handed_over_with_its_files(void **state)
{
	(void)state;
	char error[256] = "", own[160], linked[160], outside[160], target[160];
	snprintf(own, sizeof own, "%s/store.db", path);
	snprintf(linked, sizeof linked, "%s/linked", path);
	snprintf(outside, sizeof outside, "%s/outside", base);
	snprintf(target, sizeof target, "%s/pointer", path);
	assert_int_equal(mkdir(path, 0755), 0);
	make_file(own);
	make_file(outside);
	assert_int_equal(link(outside, linked), 0);
	assert_int_equal(symlink("/etc/passwd", target), 0);
	assert_true(prepare(error, sizeof error));
	expect_owner(path, USER, 0700);
	expect_owner(own, USER, 0600);
	expect_owner(outside, 0, 0600); /* a second name: not only ours */
	expect_owner(target, 0, 0);
	expect_owner("/etc/passwd", 0, 0);
}

static void what_belongs_to_others_is_left_alone(void **state)
{
	(void)state;
	char error[256] = "";
	assert_int_equal(mkdir(path, 0755), 0);
	assert_int_equal(chown(path, STRANGER, STRANGER), 0);
	assert_false(prepare(error, sizeof error));
	assert_non_null(strstr(error, "belongs to uid 4322, not to us"));
	expect_owner(path, STRANGER, 0755);
}

static void links_and_files_are_refused(void **state)
{
	(void)state;
	char error[256] = "";
	assert_int_equal(symlink(base, path), 0);
	assert_false(prepare(error, sizeof error));
	assert_non_null(strstr(error, "is not a directory"));
	assert_int_equal(unlink(path), 0);
	make_file(path);
	assert_false(prepare(error, sizeof error));
	assert_non_null(strstr(error, "is not a directory"));
}

static void a_closed_directory_on_the_way_is_said(void **state)
{
	(void)state;
	char error[512] = "";
	assert_int_equal(chmod(base, 0700), 0);
	assert_false(prepare(error, sizeof error));
	assert_non_null(strstr(error, "uid 4321 may not enter"));
	assert_non_null(strstr(error, base));
	assert_int_equal(chmod(base, 0755), 0);
	assert_true(prepare(error, sizeof error));
}

static void a_missing_parent_is_said(void **state)
{
	(void)state;
	char error[256] = "";
	snprintf(path, sizeof path, "%s/no/state", base);
	assert_false(prepare(error, sizeof error));
	assert_non_null(strstr(error, "cannot be made: No such file or directory"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(it_is_made_for_its_user_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_group_that_was_let_in_stays_so_and_nobody_else, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			one_of_roots_is_handed_over_with_its_files, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_belongs_to_others_is_left_alone, set_up, tear_down),
		cmocka_unit_test_setup_teardown(links_and_files_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_closed_directory_on_the_way_is_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_missing_parent_is_said, set_up, tear_down),
	};
	if (geteuid() != 0) {
		printf("skipped: state_directory: only root can give a directory away\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
