/* SPDX-License-Identifier: ISC */
#include "libwrap/wrap_shared.h"

#include "table_check.h"

#include <fcntl.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <unistd.h>

static char folder[] = "/tmp/kw-shared-XXXXXX";

static int make_folder(void **state)
{
	(void)state;
	return mkdtemp(folder) ? chdir(folder) : -1;
}

static int remove_folder(void **state)
{
	(void)state;
	char command[100];
	snprintf(command, sizeof command, "rm -rf %s", folder);
	return system(command); // NOLINT: a test
}

static struct wrap_shared open_one(const char *path)
{
	return wrap_shared_open_at(WRAP_SHARED_TRAPS, &path, 1);
}

static void all_see_the_same(void **state)
{
	(void)state;
	struct wrap_shared a = open_one("one"), b = open_one("one");
	assert_non_null(a.memory);
	assert_false(a.is_own);
	assert_ptr_not_equal(a.memory, b.memory);
	assert_int_equal(*(char *)b.memory, 0);
	*(char *)a.memory = 'x';
	assert_int_equal(*(char *)b.memory, 'x');
	wrap_shared_close(&a);
	wrap_shared_close(&b);
	struct stat st;
	assert_int_equal(stat("one", &st), 0);
	assert_int_equal(st.st_mode & 07777, 0600);
	assert_true((size_t)st.st_blocks * 512 >= a.size);
	b = open_one("one");
	assert_int_equal(*(char *)b.memory, 'x');
	wrap_shared_close(&b);
}

static void the_first_that_can_be_had_is_taken(void **state)
{
	(void)state;
	static const char *const paths[] = {"/no/where/at/all", "second"};
	struct wrap_shared s = wrap_shared_open_at(WRAP_SHARED_TRAPS, paths, 2);
	assert_false(s.is_own);
	wrap_shared_close(&s);
	assert_int_equal(access("second", F_OK), 0);
}

static void make_file(const char *path, mode_t mode)
{
	const int fd = open(path, O_WRONLY | O_CREAT, 0600);
	assert_true(fd >= 0);
	assert_int_equal(fchmod(fd, mode), 0);
	close(fd);
}

static void what_others_can_write_is_not_used(void **state)
{
	(void)state;
	make_file("open", 0666);
	make_file("group", 0620);
	make_file("linked", 0600);
	make_file("aimed", 0600);
	assert_int_equal(link("linked", "linked-too"), 0);
	assert_int_equal(symlink("aimed", "link"), 0);
	assert_int_equal(mkdir("folder", 0700), 0);
	assert_int_equal(mkfifo("fifo", 0600), 0);
	static const char *const rows[] = {"open", "group", "linked", "link", "folder", "fifo", "/no/where"};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct wrap_shared s = open_one(rows[i]);
		faults += table_check_number(rows[i], "own", s.is_own, true);
		assert_non_null(s.memory);
		wrap_shared_close(&s);
	}
	assert_int_equal(faults, 0);
}

static void what_belongs_to_another_is_not_used(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	make_file("theirs", 0600);
	assert_int_equal(chown("theirs", 65534, 65534), 0);
	assert_true(open_one("theirs").is_own);
}

/* Of a daemon that may write nowhere: once there, it is for the children it forks. */
static void own_memory_is_shared_with_children(void **state)
{
	(void)state;
	struct wrap_shared s = open_one("/no/where");
	assert_true(s.is_own);
	*(char *)s.memory = 'p';
	const pid_t child = fork();
	if (child == 0) {
		struct wrap_shared mine = open_one("/no/where");
		const bool same = *(char *)mine.memory == 'p';
		*(char *)mine.memory = 'c';
		_exit(same ? 0 : 1);
	}
	int status = 0;
	assert_int_equal(waitpid(child, &status, 0), child);
	assert_int_equal(status, 0);
	wrap_shared_close(&s); /* it stays */
	assert_int_equal(*(char *)s.memory, 'c');
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(all_see_the_same),
		cmocka_unit_test(the_first_that_can_be_had_is_taken),
		cmocka_unit_test(what_others_can_write_is_not_used),
		cmocka_unit_test(what_belongs_to_another_is_not_used),
		cmocka_unit_test(own_memory_is_shared_with_children),
	};
	return cmocka_run_group_tests(tests, make_folder, remove_folder);
}
