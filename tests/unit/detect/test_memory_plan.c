/* SPDX-License-Identifier: ISC */
#include "detect/memory_plan.h"

#include "detect/detector.h"
#include "track/aim_table.h"
#include "track/campaign_table.h"
#include "track/conversation_table.h"
#include "track/doorkeeper.h"
#include "track/reply_table.h"
#include "track/service_table.h"
#include "track/source_table.h"

#include "table_check.h"

#include <stdio.h>
#include <unistd.h>

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
	{"files that would take all", 76 * MIB, 76 * MIB, 76 * MIB, 52 * MIB},
	{"files that would take all of the least", 24 * MIB, 3 * MIB, 24 * MIB, 0},
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

/* All that the process could come to hold without asking the system again: pages that are mapped. */
static uint64_t mapped(void)
{
	FILE *f = fopen("/proc/self/statm", "re");
	unsigned long long pages = 0;
	assert_non_null(f);
	assert_int_equal(fscanf(f, "%llu", &pages), 1);
	fclose(f);
	return pages * (uint64_t)sysconf(_SC_PAGESIZE);
}

/* A page more at each end of a mapping, and what the heap grows by. */
#define SLACK (64 * 1024)

static unsigned check_table(const char *name, uint64_t before, uint64_t share)
{
	return table_check_range(name, "bytes", (double)(mapped() - before), (double)share * 0.8,
		(double)(share + SLACK));
}

/* Each table takes its share and no more, and does not leave much of it idle. */
static void every_table_keeps_to_its_share(void **state)
{
	(void)state;
	static const uint64_t options[] = {
		MEMORY_PLAN_LEAST, 32 * MIB, MEMORY_PLAN_DEFAULT, 128 * MIB};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(options); i++) {
		struct memory_plan p = memory_plan_make(options[i], 0);
		uint64_t start = mapped();
		struct doorkeeper *k = doorkeeper_create(p.shares[MEMORY_SHARE_DOORKEEPER]);
		faults += check_table("doorkeeper", start, p.shares[MEMORY_SHARE_DOORKEEPER]);
		start = mapped();
		struct source_table *s = source_table_create(p.shares[MEMORY_SHARE_SOURCES]);
		faults += check_table("sources", start, p.shares[MEMORY_SHARE_SOURCES]);
		start = mapped();
		struct conversation_table *c =
			conversation_table_create(p.shares[MEMORY_SHARE_CONVERSATIONS]);
		faults += check_table("conversations", start, p.shares[MEMORY_SHARE_CONVERSATIONS]);
		start = mapped();
		struct reply_table *r = reply_table_create(p.shares[MEMORY_SHARE_REPLIES]);
		faults += check_table("replies", start, p.shares[MEMORY_SHARE_REPLIES]);
		doorkeeper_destroy(k);
		source_table_destroy(s);
		conversation_table_destroy(c);
		reply_table_destroy(r);
	}
	assert_int_equal(faults, 0);
}

static void the_tables_of_fixed_size_fit_into_what_is_fixed(void **state)
{
	(void)state;
	uint64_t start = mapped();
	struct service_table *s = service_table_create();
	struct aim_table *a = aim_table_create();
	struct campaign_table *c = campaign_table_create();
	struct tally *t = tally_create();
	print_message("they take %llu KiB\n", (unsigned long long)((mapped() - start) >> 10));
	assert_true(mapped() - start <= MEMORY_PLAN_FIXED + SLACK);
	service_table_destroy(s);
	aim_table_destroy(a);
	campaign_table_destroy(c);
	tally_destroy(t);
}

static void ignore(void *context, const struct finding *f)
{
	(void)context;
	(void)f;
}

/* Dossiers, their sets and groups are in it too; stories and tellings are others' to take. */
static void a_detector_takes_the_shares_and_nothing_else(void **state)
{
	(void)state;
	static const uint64_t options[] = {
		MEMORY_PLAN_LEAST, 40 * MIB, MEMORY_PLAN_DEFAULT, 256 * MIB};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(options); i++) {
		struct detector_options o = {.memory = memory_plan_make(options[i], 0),
			.hash_seed = 1,
			.on_finding = ignore};
		uint64_t start = mapped();
		struct detector *d = detector_create(&o);
		uint64_t took = mapped() - start, most = options[i] - MEMORY_PLAN_ASIDE -
							 o.memory.shares[MEMORY_SHARE_TELLINGS];
		faults += table_check_range("detector", "bytes", (double)took, (double)most * 0.8,
			(double)(most + 8 * SLACK));
		detector_destroy(d);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_shares_sum_to_the_option),
		cmocka_unit_test(every_share_grows_with_the_option),
		cmocka_unit_test(every_table_keeps_to_its_share),
		cmocka_unit_test(the_tables_of_fixed_size_fit_into_what_is_fixed),
		cmocka_unit_test(a_detector_takes_the_shares_and_nothing_else),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
