/* SPDX-License-Identifier: ISC */
#include "daemon/position_file.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

static char directory[64], path[128];

static int set_up(void **state)
{
	(void)state;
	strcpy(directory, "/tmp/kw-position.XXXXXX");
	if (mkdtemp(directory) == NULL)
		return -1;
	snprintf(path, sizeof path, "%s/systemd-journal.cursor", directory);
	return 0;
}

static int tear_down(void **state)
{
	(void)state;
	unlink(path);
	return rmdir(directory);
}

static void put(const char *text)
{
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	fputs(text, f);
	fclose(f);
}

static void expect_kept(const char *wanted)
{
	struct position_file f;
	char got[EAR_POSITION_MAX];
	position_file_load(&f, directory, got);
	assert_string_equal(got, wanted);
}

static void what_is_saved_is_found(void **state)
{
	(void)state;
	struct position_file f = {0};
	expect_kept("");
	position_file_save(&f, directory, "s=1;i=1");
	expect_kept("s=1;i=1");
	position_file_save(&f, directory, "s=1;i=2");
	expect_kept("s=1;i=2");
}

static void what_is_the_same_is_not_written_again(void **state)
{
	(void)state;
	struct position_file f = {0};
	position_file_save(&f, directory, "s=1;i=1");
	unlink(path);
	position_file_save(&f, directory, "s=1;i=1");
	expect_kept("");
	put("s=1;i=2\n");
	char got[EAR_POSITION_MAX];
	position_file_load(&f, directory, got);
	unlink(path);
	position_file_save(&f, directory, "s=1;i=2");
	expect_kept("");
}

static void what_is_no_position_is_neither_written_nor_read(void **state)
{
	(void)state;
	char longer[2 * EAR_POSITION_MAX];
	memset(longer, 'x', sizeof longer);
	memcpy(longer, "s=", 2);
	longer[sizeof longer - 1] = '\0';
	const char *const broken[] = {"hello", "s=1 i=2", "s=\x01", "x=1;s=2", "s=1\ns=2 "};
	struct position_file f = {0};
	for (size_t i = 0; i < sizeof broken / sizeof broken[0]; i++) {
		position_file_save(&f, directory, broken[i]);
		expect_kept("");
	}
	position_file_save(&f, directory, longer);
	position_file_save(&f, directory, "");
	expect_kept("");
	static const char *const files[] = {"", "\n", "hello", "s=1 i=2\n", "s=\x01"};
	for (size_t i = 0; i < sizeof files / sizeof files[0]; i++) {
		put(files[i]);
		expect_kept("");
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(what_is_saved_is_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_the_same_is_not_written_again, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			what_is_no_position_is_neither_written_nor_read, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
