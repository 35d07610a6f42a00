/* SPDX-License-Identifier: ISC */
/*
 * table_check - what every table of inputs and outputs needs: a comparison that says got and
 * wanted, and random numbers whose seed is printed.
 *
 * A check returns 1 for a difference and 0 for none, so that a test walks its whole table and fails
 * once, with every fault on the terminal. The seed comes from KNOCKWATCH_TEST_SEED where it is set.
 */
#ifndef KW_TESTS_TABLE_CHECK_H
#define KW_TESTS_TABLE_CHECK_H

#include <setjmp.h>
#include <stdarg.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define TABLE_CHECK_ROWS(table) (sizeof(table) / sizeof((table)[0]))

static inline unsigned table_check_number(
	const char *row, const char *what, long long got, long long wanted)
{
	if (got == wanted)
		return 0;
	print_error("%s: %s: got %lld, wanted %lld\n", row, what, got, wanted);
	return 1;
}

/* Inside both bounds. */
static inline unsigned table_check_range(
	const char *row, const char *what, double got, double least, double most)
{
	if (got >= least && got <= most)
		return 0;
	print_error("%s: %s: got %g, wanted %g to %g\n", row, what, got, least, most);
	return 1;
}

/* Null stands for "no text" and equals only itself. */
static inline unsigned table_check_text(
	const char *row, const char *what, const char *got, const char *wanted)
{
	if (got == wanted || (got != NULL && wanted != NULL && strcmp(got, wanted) == 0))
		return 0;
	print_error("%s: %s: got \"%s\", wanted \"%s\"\n", row, what, got ? got : "(none)",
		wanted ? wanted : "(none)");
	return 1;
}

struct table_check_random {
	uint64_t state;
};

static inline struct table_check_random table_check_random_start(const char *test)
{
	const char *wish = getenv("KNOCKWATCH_TEST_SEED");
	struct timespec now;
	timespec_get(&now, TIME_UTC);
	uint64_t seed = wish ? strtoull(wish, NULL, 10) : (uint64_t)now.tv_nsec | 1;
	print_message("%s: KNOCKWATCH_TEST_SEED=%llu\n", test, (unsigned long long)seed);
	return (struct table_check_random){seed};
}

/* splitmix64: every seed gives a good sequence. */
static inline uint64_t table_check_random_next(struct table_check_random *r)
{
	uint64_t z = (r->state += UINT64_C(0x9e3779b97f4a7c15));
	z = (z ^ (z >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	z = (z ^ (z >> 27)) * UINT64_C(0x94d049bb133111eb);
	return z ^ (z >> 31);
}

static inline uint32_t table_check_random_below(struct table_check_random *r, uint32_t limit)
{
	return (uint32_t)(table_check_random_next(r) % limit);
}

#endif
