/* SPDX-License-Identifier: ISC */
#include "event/name_table.h"

#include "table_check.h"

#include <stdio.h>

static void a_name_keeps_its_number(void **state)
{
	(void)state;
	struct name_table *t = name_table_create();
	uint16_t eth0 = name_table_intern(t, text_slice_of("eth0"));
	uint16_t eth1 = name_table_intern(t, text_slice_of("eth1"));
	assert_true(eth0 != 0 && eth1 != 0 && eth0 != eth1);
	assert_int_equal(name_table_intern(t, text_slice_of("eth0")), eth0);
	assert_string_equal(name_table_name(t, eth0), "eth0");
	assert_string_equal(name_table_name(t, eth1), "eth1");
	name_table_destroy(t);
}

static void no_name_and_unknown_numbers_are_empty(void **state)
{
	(void)state;
	struct name_table *t = name_table_create();
	assert_int_equal(name_table_intern(t, text_slice_of("")), 0);
	assert_string_equal(name_table_name(t, 0), "");
	assert_string_equal(name_table_name(t, 1), "");
	assert_string_equal(name_table_name(t, UINT16_MAX), "");
	name_table_destroy(t);
	name_table_destroy(NULL);
}

static void names_beyond_the_limit_get_no_number(void **state)
{
	(void)state;
	struct name_table *t = name_table_create();
	unsigned numbered = 0;
	for (unsigned i = 0; i < 5 * NAME_TABLE_MAX; i++) {
		char name[24];
		snprintf(name, sizeof name, "host-%u", i);
		uint16_t number = name_table_intern(t, text_slice_of(name));
		numbered += number != 0;
		if (number != 0)
			assert_string_equal(name_table_name(t, number), name);
	}
	assert_in_range(numbered, NAME_TABLE_MAX - 32, NAME_TABLE_MAX - 1);
	assert_true(name_table_intern(t, text_slice_of("host-0")) != 0);
	name_table_destroy(t);
}

static void names_are_escaped_and_capped(void **state)
{
	(void)state;
	struct name_table *t = name_table_create();
	struct text_slice hostile = {"a\n\x1b[2J", 6};
	char longest[3 * NAME_TABLE_LENGTH];
	memset(longest, 'x', sizeof longest);
	struct text_slice wide = {longest, sizeof longest};
	const char *name = name_table_name(t, name_table_intern(t, hostile));
	assert_string_equal(name, "a\\x0a\\x1b[2J");
	name = name_table_name(t, name_table_intern(t, wide));
	assert_int_equal(strlen(name), NAME_TABLE_LENGTH - 1);
	name_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_name_keeps_its_number),
		cmocka_unit_test(no_name_and_unknown_numbers_are_empty),
		cmocka_unit_test(names_beyond_the_limit_get_no_number),
		cmocka_unit_test(names_are_escaped_and_capped),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
