/* SPDX-License-Identifier: ISC */
#include "input/clock_check.h"

#include "event_maker.h"
#include "table_check.h"

#include <stdio.h>

#define RECORDS 12

/* Minutes after the first record; -1 ends a row. */
static const struct {
	const char *name;
	int sent[RECORDS], wanted[RECORDS];
	unsigned misdated;
} rows[] = {
	{"in order", {0, 1, 2, 3, -1}, {0, 1, 2, 3, -1}, 0},
	{"one a year ahead", {0, 1, 525600, 2, 3, -1}, {0, 1, 1, 2, 3, -1}, 1},
	{"two in a row ahead", {0, 1, 900, 901, 2, 3, -1}, {0, 1, 1, 1, 2, 3, -1}, 2},
	{"the very first ahead", {900, 0, 1, 2, -1}, {0, 0, 1, 2, -1}, 1},
	{"the last ahead: nobody contradicts", {0, 1, 900, -1}, {0, 1, 900, -1}, 0},
	{"a slow scan, hours apart", {0, 90, 200, 300, 420, -1}, {0, 90, 200, 300, 420, -1}, 0},
	{"a clock that was set", {0, 1, 900, 901, 902, 903, 904, 905, 906, 907, 908, 909},
		{0, 1, 900, 901, 902, 903, 904, 905, 906, 907, 908, 909}, 0},
	{"less than an hour ahead", {0, 1, 50, 2, 3, -1}, {0, 1, 50, 2, 3, -1}, 0},
	{"long before", {900, 901, 1, 902, -1}, {900, 901, 1, 902, -1}, 0},
};

static size_t fill(struct event *events, size_t row)
{
	size_t n = 0;
	while (n < RECORDS && rows[row].sent[n] >= 0) {
		events[n] = event_maker_at(event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 22),
			rows[row].sent[n] * EVENT_MAKER_MINUTE);
		n++;
	}
	return n;
}

/* Given a few at a time, as a source does it: what is not settled comes again. */
static size_t mend_in_steps(struct clock_check *c, struct event *events, size_t count, size_t step)
{
	size_t settled = 0, seen = 0;
	while (settled < count) {
		seen = seen + step < count ? seen + step : count;
		settled += clock_check_mend(c, events + settled, seen - settled, seen == count);
	}
	return settled;
}

static void a_leap_counts_if_others_agree(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		for (size_t step = 1; step <= RECORDS; step++) {
			struct event events[RECORDS];
			struct clock_check c = {0};
			size_t count = fill(events, i);
			mend_in_steps(&c, events, count, step);
			for (size_t k = 0; k < count; k++)
				faults += table_check_number(rows[i].name, "minute",
					(events[k].time.us - event_maker_time(0).us) /
						EVENT_MAKER_MINUTE,
					rows[i].wanted[k]);
			faults += table_check_number(
				rows[i].name, "misdated", (int64_t)c.misdated, rows[i].misdated);
		}
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_leap_counts_if_others_agree),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
