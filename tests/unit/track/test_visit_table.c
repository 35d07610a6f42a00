/* SPDX-License-Identifier: ISC */
#include "track/visit_table.h"

#include "table_check.h"

static struct target tcp(uint16_t port)
{
	return (struct target){1, port, TARGET_TCP, TARGET_OPENED};
}

static void a_few_doors_are_kept_once_each_and_for_a_while(void **state)
{
	(void)state;
	struct visit_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	visit_table_note(t, 7, tcp(80), 100);
	visit_table_note(t, 7, tcp(443), 101);
	visit_table_note(t, 7, tcp(80), 102);
	assert_int_equal(visit_table_take(t, 8, 103).count, 0);
	struct visit v = visit_table_take(t, 7, 103);
	assert_int_equal(v.count, 2);
	assert_int_equal(v.doors[1].port, 443);
	assert_int_equal(visit_table_take(t, 7, 103).count, 0);
	for (uint16_t port = 1; port < 9; port++)
		visit_table_note(t, 7, tcp(port), 200);
	assert_int_equal(visit_table_take(t, 7, 201 + VISIT_SPAN_S).count, 0);
	assert_int_equal(visit_table_take(t, 7, 201).count, VISIT_DOORS);
	free(t);
}

static void another_source_takes_the_slot(void **state)
{
	(void)state;
	struct visit_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	visit_table_note(t, 7, tcp(80), 100);
	visit_table_note(t, 7 + VISIT_SLOTS, tcp(25), 100);
	assert_int_equal(visit_table_take(t, 7, 100).count, 0);
	struct visit v = visit_table_take(t, 7 + VISIT_SLOTS, 100);
	assert_int_equal(v.count, 1);
	assert_int_equal(v.doors[0].port, 25);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_few_doors_are_kept_once_each_and_for_a_while),
		cmocka_unit_test(another_source_takes_the_slot),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
