/* SPDX-License-Identifier: ISC */
#include "sensor/rotated_files.h"

#include "base/memory.h"
#include "sensor/seen_files.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

static void rotated_names_have_a_number_or_date_behind(void **state)
{
	(void)state;
	static const struct {
		const char *base, *name;
		bool expected;
	} rows[] = {
		{"kern.log", "kern.log.1", true},
		{"kern.log", "kern.log-20261120", true},
		{"kern.log", "kern.log-2026-11-20", true},
		{"kern.log", "kern.log-20261120-1732112345", true},
		{"kern.log", "kern.log", false},
		{"kern.log", "kern.log.1.gz", false},
		{"kern.log", "kern.log.gz", false},
		{"kern.log", "kern.log.", false},
		{"kern.log", "kern.log-old", false},
		{"kern.log", "kern.log2", false},
		{"kern.log", "kern.lo", false},
		{"kern.log", "mail.log.1", false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		bool got = rotated_files_is_rotated_name(rows[i].base, rows[i].name);
		if (got != rows[i].expected)
			fail_msg("%s beside %s: got %d, wanted %d", rows[i].name, rows[i].base, got,
				rows[i].expected);
	}
}

static struct file_identity file(ino_t inode, int64_t born_ns, int64_t written_ns)
{
	return (struct file_identity){.inode = inode, .born_ns = born_ns, .written_ns = written_ns};
}

static void what_was_seen_is_known_even_in_the_same_tick(void **state)
{
	(void)state;
	struct seen_files *s = memory_calloc(1, sizeof *s);
	struct file_identity a = file(1, 100, 100), again = file(1, 100, 900),
			     twin = file(2, 100, 100), reborn = file(1, 101, 101);
	seen_files_init(s, 100);
	seen_files_add(s, &a);
	assert_true(seen_files_has(s, &again));
	assert_false(seen_files_has(s, &twin));
	assert_false(seen_files_has(s, &reborn));
	free(s);
}

static void what_is_older_than_the_beginning_is_not_ours(void **state)
{
	(void)state;
	struct seen_files *s = memory_calloc(1, sizeof *s);
	const struct {
		struct file_identity identity;
		bool old;
	} rows[] = {
		{file(1, 100, 100), false},
		{file(2, 99, 500), true},
		{file(3, 200, 99), true}, /* put back from an archive */
		{file(4, 0, 100), false}, /* no birth told */
		{file(5, 0, 99), true},
	};
	seen_files_init(s, 100);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		assert_int_equal(seen_files_is_old(s, &rows[i].identity), rows[i].old);
	free(s);
}

static void a_full_memory_never_takes_the_forgotten_for_new(void **state)
{
	(void)state;
	enum { MANY = SEEN_FILES_MAX + 500 };
	struct seen_files *s = memory_calloc(1, sizeof *s);
	seen_files_init(s, 0);
	for (ino_t i = 0; i < MANY; i++) { /* ten born in each tick */
		struct file_identity f = file(i, (int64_t)(1 + i / 10) * 4000000, INT64_MAX);
		seen_files_add(s, &f);
		seen_files_add(s, &f);
	}
	for (ino_t i = 0; i < MANY; i++) {
		struct file_identity f = file(i, (int64_t)(1 + i / 10) * 4000000, INT64_MAX);
		assert_true(seen_files_has(s, &f) || seen_files_is_old(s, &f));
	}
	assert_int_equal(s->count, SEEN_FILES_MAX);
	struct file_identity next = file(MANY, (int64_t)(1 + MANY / 10) * 4000000, INT64_MAX);
	assert_false(seen_files_has(s, &next) || seen_files_is_old(s, &next));
	free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(rotated_names_have_a_number_or_date_behind),
		cmocka_unit_test(what_was_seen_is_known_even_in_the_same_tick),
		cmocka_unit_test(what_is_older_than_the_beginning_is_not_ours),
		cmocka_unit_test(a_full_memory_never_takes_the_forgotten_for_new),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
