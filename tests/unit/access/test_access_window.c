/* SPDX-License-Identifier: ISC */
#include "access/access_window.h"

#include "table_check.h"

#include <pthread.h>
#include <stdio.h>

static void *fresh(void)
{
	void *memory = calloc(1, ACCESS_WINDOW_BYTES);
	assert_non_null(memory);
	return memory;
}

/* Any key serves in any memory. */
static uint64_t head[ACCESS_LIMIT_HEAD_BYTES / sizeof(uint64_t)];

static struct access_window source(uint32_t address, unsigned count, uint64_t span_ms)
{
	const struct addr a = addr_from_v4(address);
	return (struct access_window){ACCESS_WINDOW_SOURCES, access_limit_key_of(head, "trap", &a, 32, 64), count, span_ms};
}

static struct access_window rule(const char *name, unsigned count, uint64_t span_ms)
{
	const struct addr nobody = {0};
	return (struct access_window){ACCESS_WINDOW_RULES, access_limit_key_of(head, name, &nobody, 0, 0), count, span_ms};
}

static void the_first_of_a_window_are_admitted_and_the_others_counted(void **state)
{
	(void)state;
	static const struct {
		uint64_t at_ms;
		bool admitted;
		unsigned beyond;
	} rows[] = {
		{5, true, 0},         /* a machine that has just started */
		{6, true, 0},
		{6, false, 1},
		{60004, false, 2},    /* the last moment of the window */
		{60005, true, 2},     /* the next one, with the number of those that were not */
		{60006, true, 0},
		{60007, false, 1},
		{500000, true, 1},    /* it begins with who comes, not at fixed times */
		{550000, true, 0},
		{559999, false, 1},
		{560000, true, 1},
	};
	void *memory = fresh();
	const struct access_window w = source(0xc6336407, 2, 60000);
	unsigned faults = 0, beyond = 99;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		char name[40];
		snprintf(name, sizeof name, "row %zu", i);
		faults += table_check_number(name, "admitted", access_window_take(memory, &w, rows[i].at_ms, &beyond), rows[i].admitted);
		faults += table_check_number(name, "beyond", beyond, rows[i].beyond);
	}
	assert_int_equal(faults, 0);
	free(memory);
}

static void each_key_has_its_own_window(void **state)
{
	(void)state;
	void *memory = fresh();
	unsigned beyond;
	for (uint32_t i = 0; i < 1000; i++) {
		const struct access_window w = source(0x0a000000 + i, 1, 60000);
		assert_true(access_window_take(memory, &w, 1000, &beyond));
		assert_false(access_window_take(memory, &w, 1000, &beyond));
	}
	free(memory);
}

static void what_is_given_back_may_be_taken_again(void **state)
{
	(void)state;
	void *memory = fresh();
	unsigned beyond;
	const struct access_window w = source(1, 1, 60000);
	access_window_give_back(memory, &w); /* nothing there: nothing done */
	assert_true(access_window_take(memory, &w, 1000, &beyond));
	assert_false(access_window_take(memory, &w, 1001, &beyond));
	access_window_give_back(memory, &w);
	assert_true(access_window_take(memory, &w, 1002, &beyond));
	assert_false(access_window_take(memory, &w, 1003, &beyond));
	assert_int_equal(beyond, 2);
	free(memory);
}

static void a_count_of_nothing_only_counts(void **state)
{
	(void)state;
	void *memory = fresh();
	unsigned beyond;
	const struct access_window w = rule("busy", 0, 60000);
	for (unsigned i = 1; i <= 20000; i++) {
		assert_false(access_window_take(memory, &w, 1000, &beyond));
		assert_int_equal(beyond, i < ACCESS_WINDOW_BEYOND_MAX ? i : ACCESS_WINDOW_BEYOND_MAX);
	}
	free(memory);
}

/* Whoever has many addresses gets more of his own commands at the worst; the rule's bound is not his to push out. */
static void a_flood_of_sources_does_not_push_out_the_bound_of_all(void **state)
{
	(void)state;
	void *memory = fresh();
	const struct access_window all = rule("all", 30, 60000);
	unsigned beyond, run = 0;
	for (uint32_t i = 0; i < 300000; i++) {
		const struct access_window one = source(i, 1, 60000);
		run += access_window_take(memory, &one, 1000 + i / 10, &beyond) && access_window_take(memory, &all, 1000 + i / 10, &beyond);
	}
	assert_int_equal(run, 30);
	/* And a newcomer is nobody's heir. */
	assert_true(access_window_take(memory, &(struct access_window){ACCESS_WINDOW_SOURCES, {12345}, 1, 60000}, 31000, &beyond));
	free(memory);
}

static void any_bytes_are_safe_and_the_clock_may_begin_anew(void **state)
{
	(void)state;
	unsigned beyond;
	const struct access_window w = source(7, 1, 60000);
	void *memory = fresh();
	assert_true(access_window_take(memory, &w, 1u << 30, &beyond));
	assert_true(access_window_take(memory, &w, 5, &beyond)); /* its window lies in the future */
	assert_false(access_window_take(memory, &w, 6, &beyond));
	for (int byte = 1; byte < 256; byte++) {
		memset(memory, byte, ACCESS_WINDOW_BYTES);
		assert_true(access_window_take(memory, &w, 1000, &beyond));
		assert_false(access_window_take(memory, &w, 1000, &beyond));
		access_window_give_back(memory, &w);
	}
	free(memory);
}

enum { THREADS = 4, COMERS = 50000 };

struct comer {
	void *memory;
	unsigned admitted;
};

static void *come(void *arg)
{
	struct comer *c = arg;
	const struct access_window w = source(9, 100, 60000);
	unsigned beyond;
	for (unsigned i = 0; i < COMERS; i++)
		c->admitted += access_window_take(c->memory, &w, 1000, &beyond);
	return NULL;
}

static void together_they_never_get_more_than_one_alone(void **state)
{
	(void)state;
	void *memory = fresh();
	struct comer comers[THREADS];
	pthread_t ids[THREADS];
	unsigned admitted = 0;
	for (unsigned i = 0; i < THREADS; i++) {
		comers[i] = (struct comer){.memory = memory};
		assert_int_equal(pthread_create(&ids[i], NULL, come, &comers[i]), 0);
	}
	for (unsigned i = 0; i < THREADS; i++) {
		pthread_join(ids[i], NULL);
		admitted += comers[i].admitted;
	}
	assert_int_equal(admitted, 100);
	free(memory);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_first_of_a_window_are_admitted_and_the_others_counted),
		cmocka_unit_test(each_key_has_its_own_window),
		cmocka_unit_test(what_is_given_back_may_be_taken_again),
		cmocka_unit_test(a_count_of_nothing_only_counts),
		cmocka_unit_test(a_flood_of_sources_does_not_push_out_the_bound_of_all),
		cmocka_unit_test(any_bytes_are_safe_and_the_clock_may_begin_anew),
		cmocka_unit_test(together_they_never_get_more_than_one_alone),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
