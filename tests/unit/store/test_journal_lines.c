/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "store/journal_lines.h"

#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static int open_file(const struct journal_scene *s, const char *name)
{
	int fd = open(journal_scene_path(s, name), O_RDONLY | O_CLOEXEC);
	assert_true(fd >= 0);
	return fd;
}

static void begin(struct journal_scene *s, const char *text, size_t length)
{
	struct store_error error;
	journal_scene_begin(s);
	close(journal_files_open_directory(s->state, true, &error));
	journal_scene_write(s, "file", text, length);
}

static void expect(struct journal_lines *l, enum journal_lines_result wanted, const char *text)
{
	const char *line;
	size_t length;
	assert_int_equal(journal_lines_next(l, &line, &length), wanted);
	if (text != NULL) {
		assert_int_equal(length, strlen(text));
		assert_memory_equal(line, text, length);
	}
}

static void lines_come_as_they_are(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s, "one\n\ntwo\nthree", 14);
	for (int packed = 0; packed < 2; packed++) {
		if (packed)
			journal_scene_pack(&s, "file");
		struct journal_lines *l =
			journal_lines_create(open_file(&s, packed ? "file.zst" : "file"), packed);
		expect(l, JOURNAL_LINES_LINE, "one");
		expect(l, JOURNAL_LINES_LINE, "");
		expect(l, JOURNAL_LINES_LINE, "two");
		assert_int_equal(journal_lines_bytes(l), 9);
		expect(l, JOURNAL_LINES_REST, "three");
		expect(l, JOURNAL_LINES_REST, "three");
		journal_lines_destroy(l);
	}
	journal_scene_end(&s);
}

static void what_comes_later_is_read_later(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s, "one\ntw", 6);
	struct journal_lines *l = journal_lines_create(open_file(&s, "file"), false);
	expect(l, JOURNAL_LINES_LINE, "one");
	expect(l, JOURNAL_LINES_REST, "tw");
	int fd = open(journal_scene_path(&s, "file"), O_WRONLY | O_APPEND | O_CLOEXEC);
	assert_int_equal(write(fd, "o\n", 2), 2);
	expect(l, JOURNAL_LINES_LINE, "two");
	expect(l, JOURNAL_LINES_END, NULL);
	assert_int_equal(write(fd, "three\n", 6), 6);
	expect(l, JOURNAL_LINES_LINE, "three");
	close(fd);
	journal_lines_destroy(l);
	journal_scene_end(&s);
}

static void a_part_ends_where_it_was_told(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s, "one\ntwo\nthree\n", 14);
	int fd = open_file(&s, "file");
	struct journal_lines *l = journal_lines_create_part(fd, 4, 8);
	expect(l, JOURNAL_LINES_LINE, "two");
	expect(l, JOURNAL_LINES_END, NULL);
	journal_lines_destroy(l);
	l = journal_lines_create_part(fd, 4, 10);
	expect(l, JOURNAL_LINES_LINE, "two");
	expect(l, JOURNAL_LINES_REST, "th");
	journal_lines_destroy(l);
	assert_true(lseek(fd, 0, SEEK_CUR) == 0); /* the descriptor is as it was */
	close(fd);
	journal_scene_end(&s);
}

static void a_line_without_end_takes_bounded_memory(void **state)
{
	(void)state;
	struct journal_scene s;
	size_t size = 3 * (size_t)JOURNAL_LINE_MAX + 5;
	char *text = malloc(size);
	memset(text, 'a', size);
	begin(&s, text, size);
	journal_scene_pack(&s, "file");
	struct journal_lines *l = journal_lines_create(open_file(&s, "file.zst"), true);
	const char *line;
	size_t length;
	for (int i = 0; i < 3; i++) {
		assert_int_equal(journal_lines_next(l, &line, &length), JOURNAL_LINES_LINE);
		assert_int_equal(length, JOURNAL_LINE_MAX);
	}
	expect(l, JOURNAL_LINES_REST, "aaaaa");
	journal_lines_destroy(l);
	free(text);
	journal_scene_end(&s);
}

static void packed_bytes_that_are_cut_or_foreign_are_broken(void **state)
{
	(void)state;
	struct journal_scene s;
	begin(&s, "one\ntwo\n", 8);
	journal_scene_pack(&s, "file");
	size_t length;
	char *packed = journal_scene_read(&s, "file.zst", &length);
	for (size_t n = 1; n < length; n++) {
		journal_scene_write(&s, "cut", packed, n);
		struct journal_lines *l = journal_lines_create(open_file(&s, "cut"), true);
		enum journal_lines_result r;
		const char *line;
		size_t line_length;
		while ((r = journal_lines_next(l, &line, &line_length)) == JOURNAL_LINES_LINE)
			continue;
		assert_int_equal(r, JOURNAL_LINES_BROKEN);
		assert_non_null(journal_lines_fault(l));
		journal_lines_destroy(l);
	}
	journal_scene_write(&s, "foreign", "no zstd at all", 14);
	struct journal_lines *l = journal_lines_create(open_file(&s, "foreign"), true);
	expect(l, JOURNAL_LINES_BROKEN, NULL);
	journal_lines_destroy(l);
	free(packed);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(lines_come_as_they_are),
		cmocka_unit_test(what_comes_later_is_read_later),
		cmocka_unit_test(a_part_ends_where_it_was_told),
		cmocka_unit_test(a_line_without_end_takes_bounded_memory),
		cmocka_unit_test(packed_bytes_that_are_cut_or_foreign_are_broken),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
