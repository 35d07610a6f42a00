/* SPDX-License-Identifier: ISC */
#include "track/crowd.h"

#include "table_check.h"

static const uint32_t begin = 1000000;

/* `comers` come, `a_second` in each second, to every one of `doors` doors in turn. */
static void come(struct crowd *c, unsigned comers, unsigned a_second, unsigned doors, uint32_t from,
	bool forged)
{
	for (unsigned i = 0; i < comers; i++) {
		struct crowd_comer who = {addr_from_v4(UINT32_C(0xc6120000) + i),
			{1, (uint16_t)(i % doors), TARGET_TCP, 0}};
		uint64_t hash = (i % doors + 1) * UINT64_C(0x9e3779b97f4a7c15);
		crowd_note(c, &who, hash, from + i / a_second, forged);
	}
}

static void a_crowd_shares_work_if_its_doors_hardly_repeat(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned comers, a_second, doors;
		bool shares;
	} rows[] = {
		{"sixty doors for sixty", 60, 2, 60, true},
		{"one every five seconds", 100, 1, 100, true},
		{"favourites of the background", 200, 1, 20, false},
		{"every third door twice", 90, 1, 60, false},
		{"too few", CROWD_SOURCES - 1, 1, 100, false},
		{"all in the second that has not ended", 60, 100, 60, false},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct crowd c = {0};
		come(&c, rows[i].comers, rows[i].a_second, rows[i].doors, begin, false);
		faults += table_check_number(
			rows[i].name, "shares work", crowd_shares_work(&c), rows[i].shares);
	}
	assert_int_equal(faults, 0);
}

static void newcomers_of_a_forged_second_never_came(void **state)
{
	(void)state;
	struct crowd c = {0};
	come(&c, 100, 100, 100, begin, false);
	come(&c, 1, 1, 1, begin + 9, true);
	assert_int_equal(c.comers, 0);
	assert_int_equal(crowd_kept(&c), 0);
	come(&c, 2, 1, 2, begin + 10, false);
	assert_int_equal(c.comers, 2);
	assert_int_equal(crowd_kept(&c), 2);
	assert_int_equal(addr_v4(&crowd_latest(&c, 0)->source), 0xc6120000);
}

/* Where forty strangers come every ten minutes, forty more are no news. */
static void a_crowd_is_larger_than_what_came_before(void **state)
{
	(void)state;
	struct crowd c = {0};
	come(&c, 20, 1, 20, begin, false);
	come(&c, 60, 2, 60, begin + CROWD_WINDOW_S + 1, false);
	assert_false(crowd_shares_work(&c));
	come(&c, 60, 2, 60, begin + 4 * CROWD_WINDOW_S, false);
	assert_true(crowd_shares_work(&c));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_crowd_shares_work_if_its_doors_hardly_repeat),
		cmocka_unit_test(newcomers_of_a_forged_second_never_came),
		cmocka_unit_test(a_crowd_is_larger_than_what_came_before),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
