/* SPDX-License-Identifier: ISC */
#include "daemon/exec_hearing.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

/* An ear that is never empty: every `each`th record is a start by root, 0 = none is. */
struct storm {
	unsigned each, records;
};

static struct storm storm;
static unsigned taken;

static bool read_storm(void *self, struct exec_event *out, bool *is_start)
{
	struct storm *s = self;
	s->records++;
	*is_start = s->each != 0 && s->records % s->each == 0;
	if (*is_start)
		*out = (struct exec_event){.euid = 0};
	return true;
}

static void take(void *context, const struct exec_event *e)
{
	(void)context;
	(void)e;
	taken++;
}

static void hear(unsigned each, bool all)
{
	static const struct exec_ear_ops ops = {.read = read_storm};
	static struct exec_hearing h;
	h = (struct exec_hearing){.ear = {.ops = &ops, .self = &storm}};
	storm = (struct storm){.each = each};
	taken = 0;
	exec_hearing_hear(&h, all, take, NULL);
}

static void a_storm_of_an_ordinary_user_does_not_hold_the_turn(void **state)
{
	(void)state;
	hear(0, false);
	assert_in_range(storm.records, 1, 10000);
	assert_int_equal(taken, 0);
}

static void starts_amid_a_storm_are_heard_within_the_same_bound(void **state)
{
	(void)state;
	hear(0, false);
	unsigned alone = storm.records;
	hear(7, false);
	assert_int_equal(storm.records, alone);
	assert_int_equal(taken, alone / 7);
}

static void the_last_turn_ends_as_well(void **state)
{
	(void)state;
	hear(0, false);
	unsigned one_turn = storm.records;
	hear(0, true);
	assert_in_range(storm.records, one_turn + 1, 1000000);
}

static void without_an_ear_nothing_is_heard(void **state)
{
	(void)state;
	static struct exec_hearing h;
	taken = 0;
	exec_hearing_hear(&h, true, take, NULL);
	assert_int_equal(taken, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_storm_of_an_ordinary_user_does_not_hold_the_turn),
		cmocka_unit_test(starts_amid_a_storm_are_heard_within_the_same_bound),
		cmocka_unit_test(the_last_turn_ends_as_well),
		cmocka_unit_test(without_an_ear_nothing_is_heard),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
