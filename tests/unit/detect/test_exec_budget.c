/* SPDX-License-Identifier: ISC */
#include "detect/exec_budget.h"

#include "../support/table_check.h"

#include <stdio.h>

static struct exec_budget b;
static struct exec_event e;

static void set(const char *unit, int64_t us)
{
	memset(&e, 0, offsetof(struct exec_event, args));
	e.time.us = 1795000000 * CLOCK_US_PER_S + us;
	snprintf(e.unit, sizeof e.unit, "%s", unit);
	snprintf(e.exe, sizeof e.exe, "/bin/x");
}

/* How many of `count` starts, `gap_us` apart, are told. */
static unsigned start(const char *unit, unsigned count, int64_t gap_us, bool is_new)
{
	unsigned told = 0;
	for (unsigned i = 0; i < count; i++) {
		set(unit, (int64_t)i * gap_us);
		told += exec_budget_take(&b, &e, is_new);
	}
	return told;
}

static void ten_thousand_short_starts_are_told_one_by_one(void **state)
{
	(void)state;
	exec_budget_clear(&b);
	assert_int_equal(start("a.service", 10000, 100, false), 10000);
	assert_int_equal(b.held, 0);
}

static void a_bomb_is_counted_beyond_its_burst_and_told_as_one(void **state)
{
	(void)state;
	struct exec_json_held sum;
	exec_budget_clear(&b);
	/* 20 s at 10,000 a second */
	unsigned told = start("a.service", 200000, 100, false);
	assert_in_range(told, EXEC_BUDGET_BURST, EXEC_BUDGET_BURST + 21 * EXEC_BUDGET_RATE);
	assert_true(exec_budget_next_sum(&b, e.time, false, &sum));
	assert_int_equal(sum.count, 200000 - told);
	assert_string_equal(sum.unit, "a.service");
	assert_string_equal(sum.exe, "/bin/x");
	assert_int_equal(sum.last.us, e.time.us);
	assert_false(exec_budget_next_sum(&b, e.time, true, &sum));
}

static void a_sum_waits_ten_seconds_unless_it_is_the_end(void **state)
{
	(void)state;
	struct exec_json_held sum;
	exec_budget_clear(&b);
	start("a.service", EXEC_BUDGET_BURST + 5, 0, false);
	assert_false(exec_budget_next_sum(&b, e.time, false, &sum));
	assert_true(exec_budget_next_sum(&b, e.time, true, &sum));
	assert_int_equal(sum.count, 5);
}

static void a_bomb_hides_neither_what_is_new_nor_another_unit(void **state)
{
	(void)state;
	exec_budget_clear(&b);
	start("a.service", 20000, 0, false);
	assert_int_equal(start("a.service", 1, 0, true), 1);
	assert_int_equal(start("b.service", 100, 0, false), 100);
}

static void all_together_have_a_bound_as_well(void **state)
{
	(void)state;
	unsigned told = 0;
	char unit[32];
	exec_budget_clear(&b);
	for (unsigned i = 0; i < 10; i++) {
		snprintf(unit, sizeof unit, "u%u.service", i);
		told += start(unit, 10000, 0, false);
	}
	assert_int_equal(told, EXEC_BUDGET_BURST_ALL);
	assert_int_equal(b.held, 100000 - told);
}

static void any_number_of_units_fits_and_no_start_goes_uncounted(void **state)
{
	(void)state;
	unsigned told = 0, count = 0;
	struct exec_json_held sum;
	char unit[32];
	exec_budget_clear(&b);
	start("bomb.service", 2 * EXEC_BUDGET_BURST_ALL, 0, false);
	while (exec_budget_next_sum(&b, e.time, true, &sum))
		continue;
	for (unsigned i = 0; i < 1000; i++) {
		snprintf(unit, sizeof unit, "u%u.service", i);
		told += start(unit, 20, 0, false);
	}
	while (exec_budget_next_sum(&b, e.time, true, &sum))
		count += (unsigned)sum.count;
	assert_int_equal(told + count, 20000);
}

static void a_clock_that_jumps_back_does_not_stop_the_telling_for_long(void **state)
{
	(void)state;
	exec_budget_clear(&b);
	start("a.service", 100, 3600 * CLOCK_US_PER_S, false);
	unsigned told = start("a.service", 1000, CLOCK_US_PER_S, false);
	assert_true(told >= 990);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_short_starts_are_told_one_by_one),
		cmocka_unit_test(a_bomb_is_counted_beyond_its_burst_and_told_as_one),
		cmocka_unit_test(a_sum_waits_ten_seconds_unless_it_is_the_end),
		cmocka_unit_test(a_bomb_hides_neither_what_is_new_nor_another_unit),
		cmocka_unit_test(all_together_have_a_bound_as_well),
		cmocka_unit_test(any_number_of_units_fits_and_no_start_goes_uncounted),
		cmocka_unit_test(a_clock_that_jumps_back_does_not_stop_the_telling_for_long),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
