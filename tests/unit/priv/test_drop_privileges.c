/* SPDX-License-Identifier: ISC */
#include "priv/drop_privileges.h"

#include <errno.h>
#include <fcntl.h>
#include <grp.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/prctl.h>
#include <sys/wait.h>
#include <unistd.h>

#include <cmocka.h>

#define KEPT_GROUP 4321

typedef const char *deed(void);

/* Does something in a child that has dropped its privileges; fails with what the child complains
 * of. */
static void after_the_drop(deed *what)
{
	int out[2];
	char complaint[512] = "";
	assert_int_equal(pipe(out), 0);
	pid_t child = fork();
	if (child == 0) {
		struct drop_identity to;
		gid_t groups[] = {KEPT_GROUP};
		char error[256] = "", memory[512];
		struct text_buffer report = text_buffer_over(memory, sizeof memory);
		const char *fault = NULL;
		if (!drop_privileges_choose(NULL, &to, error, sizeof error) ||
			!drop_privileges_now(&to, groups, 1, &report, error, sizeof error))
			fault = error;
		else
			fault = what();
		if (fault && write(out[1], fault, strlen(fault)) < 0)
			_exit(2);
		_exit(0);
	}
	close(out[1]);
	ssize_t got = read(out[0], complaint, sizeof complaint - 1);
	int status;
	waitpid(child, &status, 0);
	close(out[0]);
	if (got != 0 || status != 0)
		fail_msg("%s (status %d)", complaint, status);
}

static const char *look_at_ids(void)
{
	uid_t r, e, s;
	gid_t groups[8];
	if (getresuid(&r, &e, &s) < 0 || r == 0 || r != e || r != s)
		return "user ids differ or are root's";
	if (getresgid(&r, &e, &s) < 0 || r == 0 || r != e || r != s)
		return "group ids differ or are root's";
	int count = getgroups(8, groups);
	return count == 1 && groups[0] == KEPT_GROUP ? NULL : "other groups than asked for";
}

static void every_id_is_the_users(void **state)
{
	(void)state;
	after_the_drop(look_at_ids);
}

static const char *look_at_capabilities(void)
{
	static const char *const sets[] = {"CapInh:", "CapPrm:", "CapEff:", "CapBnd:", "CapAmb:"};
	char text[8192] = "";
	int fd = open("/proc/thread-self/status", O_RDONLY);
	if (fd < 0 || read(fd, text, sizeof text - 1) <= 0)
		return "status cannot be read";
	for (size_t i = 0; i < sizeof sets / sizeof sets[0]; i++) {
		const char *at = strstr(text, sets[i]);
		if (!at || strtoull(at + strlen(sets[i]), NULL, 16) != 0)
			return sets[i];
	}
	return strstr(text, "NoNewPrivs:\t1") ? NULL : "exec may gain privileges";
}

static void no_capability_is_left_in_any_set(void **state)
{
	(void)state;
	after_the_drop(look_at_capabilities);
}

static const char *try_what_root_may(void)
{
	if (setuid(0) == 0 || seteuid(0) == 0 || setresuid(0, 0, 0) == 0)
		return "root came back";
	if (setgid(0) == 0 || setgroups(0, NULL) == 0)
		return "groups can be changed";
	if (open("/etc/shadow", O_RDONLY) >= 0)
		return "/etc/shadow can be read";
	if (chown("/tmp", 0, 0) == 0 || errno != EPERM)
		return "files can be given away";
	return prctl(PR_GET_DUMPABLE) == 0 ? NULL : "memory can be dumped";
}

static void nothing_of_root_comes_back(void **state)
{
	(void)state;
	after_the_drop(try_what_root_may);
}

static void root_and_strangers_are_refused(void **state)
{
	(void)state;
	struct drop_identity to;
	char error[256];
	assert_false(drop_privileges_choose("root", &to, error, sizeof error));
	assert_string_equal(error, "root: has the rights of root; choose a user without");
	assert_false(drop_privileges_choose("no-such-user-here", &to, error, sizeof error));
	assert_string_equal(error, "no-such-user-here: no such user to run as");
}

static void the_group_of_root_is_never_kept(void **state)
{
	(void)state;
	struct drop_identity to;
	gid_t groups[] = {KEPT_GROUP, 0};
	char error[256], memory[64];
	struct text_buffer report = text_buffer_over(memory, sizeof memory);
	assert_true(drop_privileges_choose(NULL, &to, error, sizeof error));
	assert_false(drop_privileges_now(&to, groups, 2, &report, error, sizeof error));
	assert_int_equal(geteuid(), 0);
}

static void what_was_done_is_said(void **state)
{
	(void)state;
	int out[2];
	char said[512] = "";
	assert_int_equal(pipe(out), 0);
	pid_t child = fork();
	if (child == 0) {
		struct drop_identity to;
		char error[256], memory[512];
		gid_t groups[] = {KEPT_GROUP};
		struct text_buffer report = text_buffer_over(memory, sizeof memory);
		bool done = drop_privileges_choose("nobody", &to, error, sizeof error) &&
			    drop_privileges_now(&to, groups, 1, &report, error, sizeof error) &&
			    write(out[1], memory, report.used) > 0;
		_exit(done ? 0 : 1);
	}
	close(out[1]);
	assert_true(read(out[0], said, sizeof said - 1) > 0);
	waitpid(child, NULL, 0);
	close(out[0]);
	assert_non_null(strstr(said, "runs as nobody (uid "));
	assert_non_null(strstr(said, "may read for group 4321)"));
	assert_non_null(strstr(said, "nobody is shared"));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_id_is_the_users),
		cmocka_unit_test(no_capability_is_left_in_any_set),
		cmocka_unit_test(nothing_of_root_comes_back),
		cmocka_unit_test(root_and_strangers_are_refused),
		cmocka_unit_test(the_group_of_root_is_never_kept),
		cmocka_unit_test(what_was_done_is_said),
	};
	if (geteuid() != 0) {
		printf("skipped: drop_privileges: only root has something to drop\n");
		return 77;
	}
	return cmocka_run_group_tests(tests, NULL, NULL);
}
