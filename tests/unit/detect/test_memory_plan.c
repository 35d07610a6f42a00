/* SPDX-License-Identifier: ISC */
#include "detect/memory_plan.h"

#include "table_check.h"

#define MIB (UINT64_C(1) << 20)

struct sum_row {
	const char *name;
	uint64_t asked, inputs;
	uint64_t bytes, given_to_inputs;
};

static const struct sum_row sum_rows[] = {
	{"the default", 0, 0, 76 * MIB, 0},
	{"the least", 24 * MIB, 0, 24 * MIB, 0},
	{"less than the least", 1, 0, 24 * MIB, 0},
	{"no whole number of anything", 33333333, 4711, 33333333, 4711},
	{"a large one", 64 * 1024 * MIB, 0, 64 * 1024 * MIB, 0},
	{"files beside it", 76 * MIB, 10 * MIB, 76 * MIB, 10 * MIB},
	{"files that would take all", 76 * MIB, 76 * MIB, 76 * MIB, 54 * MIB},
	{"files that would take all of the least", 24 * MIB, 3 * MIB, 24 * MIB, 2 * MIB},
};

static void the_shares_sum_to_the_option(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sum_rows); i++) {
		const struct sum_row *r = &sum_rows[i];
		struct memory_plan p = memory_plan_make(r->asked, r->inputs);
		uint64_t sum = MEMORY_PLAN_ASIDE + MEMORY_PLAN_FIXED + p.inputs;
		for (int share = 0; share < MEMORY_SHARES; share++)
			sum += p.shares[share];
		faults += table_check_number(
			r->name, "bytes", (long long)p.bytes, (long long)r->bytes);
		faults += table_check_number(
			r->name, "inputs", (long long)p.inputs, (long long)r->given_to_inputs);
		faults += table_check_number(r->name, "sum", (long long)sum, (long long)r->bytes);
	}
	assert_int_equal(faults, 0);
}

static void every_share_grows_with_the_option(void **state)
{
	(void)state;
	struct memory_plan before = memory_plan_make(MEMORY_PLAN_LEAST, 0);
	for (uint64_t mib = 25; mib < 200; mib++) {
		struct memory_plan p = memory_plan_make(mib * MIB, 0);
		for (int share = 0; share < MEMORY_SHARES; share++)
			assert_true(p.shares[share] > before.shares[share]);
		before = p;
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shares_sum_to_the_option),
		cmocka_unit_test(every_share_grows_with_the_option),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
