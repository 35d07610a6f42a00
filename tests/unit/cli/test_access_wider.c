/* SPDX-License-Identifier: ISC */
#include "cli/access_wider.h"

#include "table_check.h"

#include <stdio.h>
#include <stdlib.h>

static struct access_set_entry entry_of(const char *block, enum access_verdict verdict)
{
	struct access_set_entry e = {.service = "ALL", .verdict = verdict};
	if (!prefix_parse(block, strlen(block), &e.block, NULL))
		fail_msg("%s is no block", block);
	return e;
}

static const struct {
	const char *block;
	enum access_verdict verdict;
	int wider; /* its row; -1: none */
} rows[] = {
	{"10.1.2.3", ACCESS_DENY, 4},
	{"10.1.0.0/16", ACCESS_DENY, 4},
	{"10.1.2.0/24", ACCESS_GRANT, 10},
	{"192.0.2.0/24", ACCESS_DENY, -1},
	{"10.0.0.0/8", ACCESS_DENY, -1},
	{"11.0.0.0/8", ACCESS_DENY, -1},
	{"192.0.2.0/24", ACCESS_DENY, -1}, /* again */
	{"192.0.2.0/25", ACCESS_DENY, 3},  /* of two that are the same, one */
	{"::/0", ACCESS_DENY, -1},
	{"2001:db8::/32", ACCESS_DENY, 8},
	{"0.0.0.0/0", ACCESS_GRANT, -1},
};

static void the_widest_of_the_same_verdict_and_family_is_told(void **state)
{
	(void)state;
	enum { COUNT = TABLE_CHECK_ROWS(rows) };
	struct access_set_entry items[COUNT];
	const struct access_set_entry *wider[COUNT];
	unsigned faults = 0;
	for (size_t i = 0; i < COUNT; i++)
		items[i] = entry_of(rows[i].block, rows[i].verdict);
	access_wider_find(items, COUNT, wider);
	for (size_t i = 0; i < COUNT; i++) {
		int got = wider[i] ? (int)(wider[i] - items) : -1;
		if (got == 6)
			got = 3;
		faults += table_check_number(rows[i].block, "wider", got, rows[i].wider);
	}
	assert_int_equal(faults, 0);
}

/* Each pair is looked at, as it was done before. */
static bool lies_in_one(const struct access_set_entry *items, size_t count, const struct access_set_entry *e)
{
	for (size_t i = 0; i < count; i++) {
		if (items[i].verdict == e->verdict && items[i].block.length_bits < e->block.length_bits &&
			prefix_holds(&items[i].block, &e->block.base))
			return true;
	}
	return false;
}

static void it_is_what_a_look_at_each_pair_finds(void **state)
{
	(void)state;
	enum { COUNT = 400 };
	static struct access_set_entry items[COUNT];
	static const struct access_set_entry *wider[COUNT];
	srandom(7);
	for (unsigned round = 0; round < 20; round++) {
		for (size_t i = 0; i < COUNT; i++) {
			const unsigned bits = 8 + (unsigned)random() % 25;
			const uint32_t mask = UINT32_MAX << (32 - bits);
			const struct addr a = addr_from_v4((0x0a000000u | (uint32_t)random() % (1u << 20)) & mask);
			items[i] = (struct access_set_entry){.block = prefix_of(&a, bits), .verdict = random() % 2 ? ACCESS_DENY : ACCESS_GRANT};
		}
		access_wider_find(items, COUNT, wider);
		for (size_t i = 0; i < COUNT; i++) {
			assert_int_equal(wider[i] != NULL, lies_in_one(items, COUNT, &items[i]));
			if (wider[i]) {
				assert_true(prefix_holds(&wider[i]->block, &items[i].block.base));
				assert_false(lies_in_one(items, COUNT, wider[i]));
			}
		}
	}
	access_wider_find(items, 0, wider);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_widest_of_the_same_verdict_and_family_is_told),
		cmocka_unit_test(it_is_what_a_look_at_each_pair_finds),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
