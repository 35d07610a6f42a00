/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_directory(const struct journal_scene *s)
{
	struct store_error error;
	int dir = journal_files_open_directory(s->state, true, &error);
	if (dir < 0)
		fail_msg("%s", error.text);
	return dir;
}

static void names_are_the_days(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		bool good, packed;
	} rows[] = {
		{"2026-11-28.jsonl", true, false},
		{"2026-11-28.jsonl.zst", true, true},
		{"1970-01-01.jsonl", true, false},
		{"2024-02-29.jsonl", true, false},
		{"9999-12-31.jsonl", true, false},
		{"2026-02-29.jsonl", false, false},
		{"2026-11-31.jsonl", false, false},
		{"1969-12-31.jsonl", false, false},
		{"2026-13-01.jsonl", false, false},
		{"2026-11-28.jsonl.zst.new", false, false},
		{"2026-11-28.torn-1", false, false},
		{"2026-1-28.jsonl", false, false},
		{"2026/11/28.jsonl", false, false},
		{"2026-11-28", false, false},
		{"", false, false},
		{".", false, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		uint32_t day;
		bool packed;
		if (journal_file_name_parse(rows[i].name, &day, &packed) != rows[i].good)
			fail_msg("%s: wanted %d", rows[i].name, rows[i].good);
		if (!rows[i].good)
			continue;
		assert_int_equal(packed, rows[i].packed);
		assert_string_equal(journal_file_name_of(day, packed).text, rows[i].name);
	}
}

static void files_are_listed_by_day_and_others_are_passed_over(void **state)
{
	(void)state;
	static const char *const names[] = {"2026-11-28.jsonl", "2025-12-31.jsonl.zst",
		"2026-11-27.jsonl.zst", "2026-11-27.jsonl", "notes.txt", "2026-11-26.jsonl.new"};
	struct journal_scene s;
	struct journal_files files;
	journal_scene_begin(&s);
	int dir = open_directory(&s);
	for (size_t i = 0; i < sizeof names / sizeof names[0]; i++)
		journal_scene_write(&s, names[i], "abcdef", i);
	assert_true(journal_files_list(dir, &files));
	assert_int_equal(files.count, 3);
	assert_string_equal(journal_file_name_of(files.items[0].day, files.items[0].packed).text,
		"2025-12-31.jsonl.zst");
	assert_int_equal(files.items[0].bytes, 1);
	assert_false(files.items[1].packed);
	assert_string_equal(
		journal_file_name_of(files.items[2].day, false).text, "2026-11-28.jsonl");
	journal_files_clear(&files);
	close(dir);
	journal_scene_end(&s);
}

static void what_is_made_is_for_us_and_our_group(void **state)
{
	(void)state;
	struct journal_scene s;
	static const mode_t masks[] = {0, 0022, 0077};
	struct stat facts;
	for (size_t i = 0; i < sizeof masks / sizeof masks[0]; i++) {
		journal_scene_begin(&s);
		mode_t before = umask(masks[i]);
		int dir = open_directory(&s), fd = journal_files_open_writer(dir, 20000);
		umask(before);
		assert_true(fstat(dir, &facts) == 0);
		assert_int_equal(facts.st_mode & 07777, 0750);
		assert_true(fstat(fd, &facts) == 0);
		assert_int_equal(facts.st_mode & 07777, 0640);
		assert_true(fcntl(fd, F_GETFL) & O_APPEND);
		close(fd);
		close(dir);
		journal_scene_end(&s);
	}
}

static void nothing_foreign_is_opened(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	char path[256];
	journal_scene_begin(&s);
	int dir = open_directory(&s);
	uint32_t day = 20000;
	struct journal_file file = {.day = day};
	const char *name = journal_file_name_of(day, false).text;
	snprintf(path, sizeof path, "%s", journal_scene_path(&s, name));
	/* a symbolic link, a pipe, a directory, a second name */
	assert_true(symlink("/etc/passwd", path) == 0);
	assert_int_equal(journal_files_open(dir, &file), -1);
	assert_int_equal(journal_files_open_writer(dir, day), -1);
	unlink(path);
	assert_true(mkfifo(path, 0600) == 0);
	assert_int_equal(journal_files_open(dir, &file), -1);
	assert_int_equal(journal_files_open_writer(dir, day), -1);
	unlink(path);
	assert_true(mkdir(path, 0700) == 0);
	assert_int_equal(journal_files_open(dir, &file), -1);
	assert_int_equal(journal_files_open_writer(dir, day), -1);
	rmdir(path);
	journal_scene_write(&s, name, "", 0);
	char second[256];
	snprintf(second, sizeof second, "%s/second", s.state);
	assert_true(link(path, second) == 0);
	assert_int_equal(journal_files_open_writer(dir, day), -1);
	assert_int_equal(errno, EINVAL);
	close(dir);
	/* the directory itself as a link */
	snprintf(path, sizeof path, "%s/link", s.state);
	assert_true(mkdir(path, 0700) == 0);
	snprintf(second, sizeof second, "%s/link/" JOURNAL_DIRECTORY, s.state);
	assert_true(symlink("/tmp", second) == 0);
	assert_int_equal(journal_files_open_directory(path, true, &error), -1);
	assert_int_equal(journal_files_open_directory(path, false, &error), -1);
	unlink(second);
	journal_scene_end(&s);
}

static void a_reader_makes_nothing(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	journal_scene_begin(&s);
	assert_int_equal(journal_files_open_directory(s.state, false, &error), -1);
	assert_int_equal(error.trouble, STORE_TROUBLE_MISSING);
	assert_int_not_equal(access(journal_scene_path(&s, ""), F_OK), 0);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(names_are_the_days),
		cmocka_unit_test(files_are_listed_by_day_and_others_are_passed_over),
		cmocka_unit_test(what_is_made_is_for_us_and_our_group),
		cmocka_unit_test(nothing_foreign_is_opened),
		cmocka_unit_test(a_reader_makes_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
