/* SPDX-License-Identifier: ISC */
#include "track/burst_table.h"

#include "table_check.h"

struct step {
	const char *name;
	uint64_t numbers;
	uint32_t source;
	int64_t us;
	bool twin;
	uint32_t other; /* of a twin: who sent the same */
};

static const struct step steps[] = {
	{"first of the burst", 1000, 1, 0, false, 0},
	{"a decoy at once", 1000, 2, 10, true, 1},
	{"the next one names the one before", 1000, 3, 20, true, 2},
	{"the same source again is a retransmission", 1000, 3, 30, false, 0},
	{"at the end of the span", 1000, 4, 30 + BURST_SPAN_US, true, 3},
	{"one microsecond too late", 1000, 5, 31 + 2 * BURST_SPAN_US, false, 0},
	{"other numbers", 1001, 6, 32 + 2 * BURST_SPAN_US, false, 0},
	{"numbers of the same slot push out", 1000 + BURST_TABLE_SLOTS, 7, 33 + 2 * BURST_SPAN_US,
		false, 0},
	{"what was pushed out is forgotten", 1000, 8, 34 + 2 * BURST_SPAN_US, false, 0},
	{"a packet from the past is no twin", 1000, 9, 0, false, 0},
};

static void twins_carry_equal_numbers_within_the_span(void **state)
{
	(void)state;
	struct burst_table *t = calloc(1, sizeof *t);
	unsigned faults = 0;
	assert_non_null(t);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(steps); i++) {
		const struct step *s = &steps[i];
		struct addr src = addr_from_v4(UINT32_C(0xc6120000) + s->source), other = {{0}};
		bool twin = burst_table_note(t, s->numbers, &src,
			wall_time_from_parts(INT64_C(1767571200), s->us), &other);
		faults += table_check_number(s->name, "twin", twin, s->twin);
		if (s->twin)
			faults += table_check_number(
				s->name, "other", addr_v4(&other), UINT32_C(0xc6120000) + s->other);
	}
	free(t);
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(twins_carry_equal_numbers_within_the_span),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
