/* SPDX-License-Identifier: ISC */
#include "track/visit_table.h"

#include "table_check.h"

#define SOURCE UINT64_C(0x1234)

static struct visit_table *make(void)
{
	struct visit_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	return t;
}

static void visit(struct visit_table *t, uint64_t source, uint16_t port, uint32_t second)
{
	visit_table_note(
		t, &(struct visit){.source = source, .host = 7, .port = port, .second = second});
}

static void doors_are_remembered_by_source(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	visit(t, SOURCE, 80, 1000);
	visit(t, SOURCE + VISIT_BUCKETS, 22, 1000);
	visit(t, SOURCE, 443, 1001);
	visit(t, SOURCE, 80, 1002);
	assert_int_equal(visit_table_recall(t, SOURCE, 1002, found), 2);
	assert_int_equal(found[0].port, 80);
	assert_int_equal(found[0].second, 1002);
	assert_int_equal(found[1].port, 443);
	assert_int_equal(visit_table_recall(t, SOURCE + 1, 1002, found), 0);
	free(t);
}

static void an_old_visit_was_a_clients(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	visit(t, SOURCE, 80, 1000);
	assert_int_equal(visit_table_recall(t, SOURCE, 1000 + VISIT_SPAN_S, found), 1);
	assert_int_equal(visit_table_recall(t, SOURCE, 1001 + VISIT_SPAN_S, found), 0);
	free(t);
}

static void a_visit_between_two_knocks_counts(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	visit(t, SOURCE, 80, 1040);
	assert_int_equal(visit_table_recall(t, SOURCE, 1000, found), 1);
	free(t);
}

static void the_oldest_of_a_bucket_goes(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	for (uint16_t port = 1; port <= VISIT_WAYS + 1; port++)
		visit(t, SOURCE, port, 1000);
	assert_int_equal(visit_table_recall(t, SOURCE, 1000, found), VISIT_WAYS);
	for (unsigned i = 0; i < VISIT_WAYS; i++)
		assert_int_not_equal(found[i].port, 1);
	free(t);
}

static void a_door_that_was_closed_is_forgotten(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	visit(t, SOURCE, 80, 1000);
	visit(t, SOURCE, 22, 1000);
	visit_table_forget(t, SOURCE, 8, 80);
	visit_table_forget(t, SOURCE, 7, 22);
	assert_int_equal(visit_table_recall(t, SOURCE, 1000, found), 1);
	assert_int_equal(found[0].port, 80);
	free(t);
}

static void an_empty_table_knows_nobody(void **state)
{
	(void)state;
	struct visit_table *t = make();
	struct visit found[VISIT_WAYS];
	assert_int_equal(visit_table_recall(t, 0, 0, found), 0);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(doors_are_remembered_by_source),
		cmocka_unit_test(an_old_visit_was_a_clients),
		cmocka_unit_test(a_visit_between_two_knocks_counts),
		cmocka_unit_test(the_oldest_of_a_bucket_goes),
		cmocka_unit_test(a_door_that_was_closed_is_forgotten),
		cmocka_unit_test(an_empty_table_knows_nobody),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
