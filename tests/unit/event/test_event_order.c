/* SPDX-License-Identifier: ISC */
#include "event/event_order.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

enum { MOST = 4096 };

static struct event events[MOST];
static struct event_order_key scratch[2 * MOST];

/* In order of time, and those of one time in the order they had; nobody is lost. */
static void check_order(size_t count)
{
	static bool seen[MOST];
	memset(seen, 0, sizeof seen);
	for (size_t i = 0; i < count; i++) {
		assert_false(seen[events[i].seq]);
		seen[events[i].seq] = true;
		if (i == 0)
			continue;
		assert_true(events[i - 1].time.us <= events[i].time.us);
		assert_true(events[i - 1].time.us < events[i].time.us ||
			    events[i - 1].seq < events[i].seq);
	}
}

static void any_number_in_any_order_comes_out_in_order(void **state)
{
	(void)state;
	uint32_t dice = 1;
	for (size_t count = 0; count < 70; count++) {
		for (unsigned spread = 1; spread < 100; spread += 7) {
			for (size_t i = 0; i < count; i++) {
				dice = dice * 1664525 + 1013904223;
				events[i] =
					(struct event){.time = {dice >> 16}, .seq = (uint32_t)i};
				events[i].time.us %= spread;
			}
			event_order_by_time(events, count, scratch);
			check_order(count);
		}
	}
}

/* Two interfaces under one flood heard the same seconds. */
static void put_two_ears(void)
{
	for (uint32_t i = 0; i < MOST; i++)
		events[i] = (struct event){.time = {i % (MOST / 2)}, .seq = i};
}

static void two_ears_become_one(void **state)
{
	(void)state;
	put_two_ears();
	event_order_by_time(events, MOST, scratch);
	check_order(MOST);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(any_number_in_any_order_comes_out_in_order),
		cmocka_unit_test(two_ears_become_one),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
