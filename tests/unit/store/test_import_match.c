/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memfd_create */
#include "store/import_match.h"

/* cmocka.h wants these before it. */
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

enum { SIZE = 700000 };

static char text[SIZE];

static int make_file(size_t length)
{
	int fd = memfd_create("import", MFD_CLOEXEC);
	assert_true(fd >= 0);
	for (size_t i = 0; i < SIZE; i++)
		text[i] = (char)('a' + i * i % 23);
	assert_int_equal(write(fd, text, length), (ssize_t)length);
	return fd;
}

static struct store_import import_of(size_t length)
{
	struct store_import in = {.file = {.has_sum = true, .bytes = length}};
	struct journal_hasher *h = journal_hasher_create();
	journal_hasher_sum(h, NULL, text, length, &in.file.sum);
	journal_hasher_destroy(h);
	return in;
}

static void a_file_is_known_whole_and_by_its_beginning(void **state)
{
	(void)state;
	close(make_file(0));
	struct store_import rows[] = {import_of(0), import_of(1), import_of(300000),
		import_of(300000), import_of(600000), import_of(SIZE)};
	rows[2].file.sum.bytes[0] ^= 1; /* another file of that length */
	const struct store_imports all = {rows, sizeof rows / sizeof rows[0]};
	static const struct {
		size_t length;
		int known; /* row; -1 = none */
	} cases[] = {{0, -1}, {1, 1}, {2, 1}, {299999, 1}, {300000, 3}, {300001, 3}, {599999, 3},
		{600000, 4}, {SIZE - 1, 4}, {SIZE, 5}};
	for (size_t i = 0; i < sizeof cases / sizeof cases[0]; i++) {
		const struct store_import *known;
		struct import sum;
		int fd = make_file(cases[i].length);
		assert_true(import_match_find(fd, &all, &sum, &known));
		assert_int_equal(sum.bytes, cases[i].length);
		struct store_import whole = import_of(cases[i].length);
		assert_true(journal_hash_equal(&sum.sum, &whole.file.sum));
		if (known != (cases[i].known < 0 ? NULL : &rows[cases[i].known]))
			fail_msg("%zu bytes: wanted row %d", cases[i].length, cases[i].known);
		close(fd);
	}
}

static void a_file_that_differs_in_its_first_byte_is_new(void **state)
{
	(void)state;
	struct import sum;
	const struct store_import *known;
	int fd = make_file(1000);
	struct store_import row = import_of(1000);
	assert_int_equal(pwrite(fd, "#", 1, 0), 1);
	assert_true(import_match_find(fd, &(struct store_imports){&row, 1}, &sum, &known));
	assert_null(known);
	close(fd);
	assert_false(import_match_find(-1, &(struct store_imports){&row, 1}, &sum, &known));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_file_is_known_whole_and_by_its_beginning),
		cmocka_unit_test(a_file_that_differs_in_its_first_byte_is_new),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
