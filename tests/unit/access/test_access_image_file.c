/* SPDX-License-Identifier: ISC */
#include "access/access_image_file.h"

#include "hosts_tables.h"
#include "table_check.h"

#include <errno.h>
#include <sys/stat.h>

enum { STRANGER = 65534, LARGE = 300000 };

static char why[128];

static int write_pieces(const char *one, size_t one_length, const char *two, size_t two_length)
{
	const struct iovec pieces[] = {{(void *)one, one_length}, {NULL, 0}, {(void *)two, two_length}};
	return access_image_file_write(hosts_tables_deny, pieces, 3);
}

static unsigned files_in_directory(void)
{
	char command[128];
	unsigned count = 0;
	snprintf(command, sizeof command, "ls -A '%s' | wc -l", hosts_tables_directory);
	FILE *out = popen(command, "r");
	assert_non_null(out);
	assert_int_equal(fscanf(out, "%u", &count), 1);
	pclose(out);
	return count;
}

static void what_is_written_is_opened_small_or_large(void **state)
{
	(void)state;
	static char large[LARGE];
	struct access_bytes f;
	struct stat s;
	large[LARGE - 1] = 'x';
	const size_t sizes[] = {1, 100, 65000, LARGE};
	umask(077);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sizes); i++) {
		assert_int_equal(write_pieces("head", 4, large + LARGE - sizes[i], sizes[i]), 0);
		assert_int_equal(stat(hosts_tables_deny_index, &s), 0);
		assert_int_equal(s.st_mode & 07777, 0600);
		assert_true(access_image_file_open(hosts_tables_deny, &f, why, sizeof why));
		assert_int_equal(f.size, sizes[i] + 4);
		/* who has it open keeps what it has */
		assert_int_equal(write_pieces("other", 5, "", 0), 0);
		assert_memory_equal(access_bytes_at(&f, 0, 4), "head", 4);
		assert_memory_equal(access_bytes_at(&f, f.size - 1, 1), "x", 1);
		access_bytes_clear(&f);
	}
	assert_int_equal(files_in_directory(), 1);
}

static void who_may_read_the_table_may_read_its_index(void **state)
{
	(void)state;
	static const struct {
		mode_t table, index;
	} rows[] = {{0600, 0600}, {0640, 0640}, {0644, 0644}, {0755, 0644}, {0666, 0644}, {0604, 0604}, {0400, 0400}};
	struct stat s;
	unsigned faults = 0;
	hosts_tables_put_text(hosts_tables_deny, "ALL: ALL\n");
	if (geteuid() == 0)
		assert_int_equal(chown(hosts_tables_deny, (uid_t)-1, 7), 0);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char row[16];
		snprintf(row, sizeof row, "%04o", (unsigned)rows[i].table);
		assert_int_equal(chmod(hosts_tables_deny, rows[i].table), 0);
		assert_int_equal(write_pieces("head", 4, "", 0), 0);
		assert_int_equal(stat(hosts_tables_deny_index, &s), 0);
		faults += table_check_number(row, "mode", s.st_mode & 07777, rows[i].index);
		if (geteuid() == 0)
			faults += table_check_number(row, "group", s.st_gid, 7);
	}
	assert_int_equal(unlink(hosts_tables_deny), 0);
	assert_int_equal(faults, 0);
}

static void refuse(const char *reason)
{
	struct access_bytes f;
	why[0] = '\0';
	assert_false(access_image_file_open(hosts_tables_deny, &f, why, sizeof why));
	assert_string_equal(why, reason);
}

static void what_others_may_write_is_not_opened(void **state)
{
	(void)state;
	struct access_bytes f;
	assert_int_equal(write_pieces("head", 4, "", 0), 0);
	assert_int_equal(chmod(hosts_tables_deny_index, 0664), 0);
	refuse("it may be written by others");
	assert_int_equal(chmod(hosts_tables_deny_index, 0646), 0);
	refuse("it may be written by others");
	assert_int_equal(chmod(hosts_tables_deny_index, 0644), 0);
	assert_int_equal(chmod(hosts_tables_directory, 0775), 0);
	refuse("its directory may be written by others");
	assert_int_equal(chmod(hosts_tables_directory, 01777), 0);
	refuse("its directory may be written by others");
	assert_int_equal(chmod(hosts_tables_directory, 0755), 0);
	assert_true(access_image_file_open(hosts_tables_deny, &f, why, sizeof why));
	access_bytes_clear(&f);
}

static void what_belongs_to_somebody_else_is_not_opened(void **state)
{
	(void)state;
	if (geteuid() != 0)
		skip();
	struct access_bytes f;
	hosts_tables_put_text(hosts_tables_deny, "ALL: ALL\n");
	assert_int_equal(chmod(hosts_tables_deny, 0644), 0);
	assert_int_equal(write_pieces("head", 4, "", 0), 0);
	assert_int_equal(unlink(hosts_tables_deny), 0);
	assert_int_equal(chown(hosts_tables_deny_index, STRANGER, 0), 0);
	refuse("it belongs to uid 65534");
	assert_int_equal(chown(hosts_tables_deny_index, 0, 0), 0);
	assert_int_equal(chown(hosts_tables_directory, STRANGER, 0), 0);
	refuse("its directory belongs to uid 65534");
	/* what is root's or their own is good for others */
	assert_int_equal(seteuid(STRANGER), 0);
	assert_true(access_image_file_open(hosts_tables_deny, &f, why, sizeof why));
	access_bytes_clear(&f);
	assert_int_equal(seteuid(0), 0);
	assert_int_equal(chown(hosts_tables_directory, 0, 0), 0);
}

static void links_pipes_and_directories_are_not_opened_and_an_empty_file_has_nothing(void **state)
{
	(void)state;
	(void)unlink(hosts_tables_deny_index);
	refuse("No such file or directory");
	assert_int_equal(symlink("/etc/passwd", hosts_tables_deny_index), 0);
	refuse("Too many levels of symbolic links");
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
	assert_int_equal(mkfifo(hosts_tables_deny_index, 0600), 0);
	refuse("it is no file");
	assert_int_equal(unlink(hosts_tables_deny_index), 0);
	assert_int_equal(mkdir(hosts_tables_deny_index, 0700), 0);
	refuse("it is no file");
	assert_int_equal(write_pieces("head", 4, "", 0), -1);
	assert_int_equal(errno, EISDIR);
	assert_int_equal(files_in_directory(), 1);
	assert_int_equal(rmdir(hosts_tables_deny_index), 0);
	int fd = open(hosts_tables_deny_index, O_WRONLY | O_CREAT | O_CLOEXEC, 0600);
	assert_true(fd >= 0);
	close(fd);
	struct access_bytes f;
	assert_true(access_image_file_open(hosts_tables_deny, &f, why, sizeof why));
	assert_int_equal(f.size, 0);
	access_bytes_clear(&f);
}

static void its_state_is_another_after_each_change(void **state)
{
	(void)state;
	(void)unlink(hosts_tables_deny_index);
	struct access_image_table before = access_image_file_state(hosts_tables_deny);
	assert_int_equal(before.inode, 0);
	for (size_t i = 1; i < 5; i++) {
		assert_int_equal(write_pieces("head", i % 4, "", 0), 0);
		const struct access_image_table now = access_image_file_state(hosts_tables_deny);
		const struct access_image_table again = access_image_file_state(hosts_tables_deny);
		assert_false(access_image_table_same(&before, &now));
		assert_true(access_image_table_same(&again, &now));
		before = now;
	}
}

static void a_path_that_is_too_long_is_an_error(void **state)
{
	(void)state;
	static char path[8000];
	struct access_bytes f;
	memset(path, 'a', sizeof path - 1);
	assert_false(access_image_file_open(path, &f, why, sizeof why));
	assert_int_equal(access_image_file_write(path, NULL, 0), -1);
	assert_int_equal(errno, ENAMETOOLONG);
}

static void a_table_without_a_directory_is_one_of_the_working_directory(void **state)
{
	(void)state;
	struct access_bytes f;
	char before[256];
	assert_non_null(getcwd(before, sizeof before));
	assert_int_equal(chdir(hosts_tables_directory), 0);
	const struct iovec piece = {(void *)"head", 4};
	assert_int_equal(access_image_file_write("t", &piece, 1), 0);
	assert_true(access_image_file_open("t", &f, why, sizeof why));
	access_bytes_clear(&f);
	assert_int_equal(chdir(before), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_written_is_opened_small_or_large),
		cmocka_unit_test(who_may_read_the_table_may_read_its_index),
		cmocka_unit_test(what_others_may_write_is_not_opened),
		cmocka_unit_test(what_belongs_to_somebody_else_is_not_opened),
		cmocka_unit_test(links_pipes_and_directories_are_not_opened_and_an_empty_file_has_nothing),
		cmocka_unit_test(its_state_is_another_after_each_change),
		cmocka_unit_test(a_path_that_is_too_long_is_an_error),
		cmocka_unit_test(a_table_without_a_directory_is_one_of_the_working_directory),
	};
	return cmocka_run_group_tests(tests, hosts_tables_begin, hosts_tables_end);
}
