/* SPDX-License-Identifier: ISC */
#include "track/sweep_table.h"

#include "table_check.h"

enum manner { SHARED, BY_CHANCE, IN_ORDER };

struct sweep_row {
	const char *name;
	enum manner manner;
	unsigned sources, each;
	bool shared;
};

static const struct sweep_row rows[] = {
	{"thirty share a /24", SHARED, 30, 4, true},
	{"a hundred of two hosts each", SHARED, 100, 2, true},
	{"so few that it may be chance", SHARED, 30, 2, false},
	{"seven sources", SHARED, 7, 30, false},
	{"a botnet that draws by lot", BY_CHANCE, 30, 4, false},
	{"a large one", BY_CHANCE, 100, 3, false},
	{"each from the first host on", IN_ORDER, 30, 4, false},
};

static uint8_t host_of(const struct sweep_row *row, unsigned source, unsigned n, uint32_t *random)
{
	*random = *random * 1664525u + 1013904223u;
	switch (row->manner) {
	case SHARED:
		return (uint8_t)(source * row->each + n);
	case BY_CHANCE:
		return (uint8_t)(*random >> 24);
	case IN_ORDER:
		break;
	}
	return (uint8_t)n;
}

static bool play(const struct sweep_row *row, uint32_t seed)
{
	struct sweep_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	struct sweep *s = NULL;
	for (unsigned source = 0; source < row->sources; source++) {
		s = sweep_table_get(t, TARGET_TCP, 445, 1000 + source);
		sweep_note_source(s, &(struct addr){{1, (uint8_t)source}});
		for (unsigned n = 0; n < row->each; n++)
			sweep_note_touch(s, host_of(row, source, n, &seed));
	}
	bool shared = sweep_is_shared(s);
	free(t);
	return shared;
}

static void who_shares_never_meets(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		for (uint32_t seed = 1; seed <= 200; seed++)
			faults += table_check_number(
				rows[i].name, "shared", play(&rows[i], seed), rows[i].shared);
	}
	assert_int_equal(faults, 0);
}

/* Touches come one by one, or two at once. */
static void a_look_is_due_after_every_eighth_touch_or_so(void **state)
{
	(void)state;
	struct sweep_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	struct sweep *s = sweep_table_get(t, TARGET_TCP, 23, 1000);
	unsigned looks = 0;
	sweep_note_touch(s, 1);
	for (unsigned i = 0; i < 40; i++) {
		sweep_note_touch(s, 2);
		sweep_note_touch(s, 3);
		looks += sweep_is_due(s);
	}
	assert_in_range(looks, 8, 10);
	free(t);
}

static void a_window_ends_and_the_group_stays(void **state)
{
	(void)state;
	struct sweep_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	struct sweep *s = sweep_table_get(t, TARGET_TCP, 23, 1000);
	s->dossier = 7;
	sweep_note_touch(s, 1);
	assert_ptr_equal(sweep_table_get(t, TARGET_TCP, 23, 1000 + SWEEP_WINDOW_S), s);
	assert_int_equal(s->touches, 1);
	assert_ptr_equal(sweep_table_get(t, TARGET_TCP, 23, 1001 + SWEEP_WINDOW_S), s);
	assert_int_equal(s->touches, 0);
	assert_int_equal(s->dossier, 7);
	assert_ptr_not_equal(sweep_table_get(t, TARGET_UDP, 23, 2000), s);
	free(t);
}

static void the_port_that_was_quiet_longest_goes(void **state)
{
	(void)state;
	struct sweep_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	for (uint16_t port = 0; port < SWEEP_PORTS; port++)
		sweep_note_touch(sweep_table_get(t, TARGET_TCP, port, 1000u + port), 1);
	sweep_table_get(t, TARGET_TCP, 0, 1100);
	sweep_table_get(t, TARGET_TCP, 9000, 1101);
	assert_int_equal(sweep_table_get(t, TARGET_TCP, 0, 1102)->touches, 1);
	assert_int_equal(sweep_table_get(t, TARGET_TCP, 1, 1103)->touches, 0);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(who_shares_never_meets),
		cmocka_unit_test(a_look_is_due_after_every_eighth_touch_or_so),
		cmocka_unit_test(a_window_ends_and_the_group_stays),
		cmocka_unit_test(the_port_that_was_quiet_longest_goes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
