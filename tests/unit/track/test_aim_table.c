/* SPDX-License-Identifier: ISC */
#include "track/aim_table.h"

#include "table_check.h"
#include "track/target_set.h"

#include <stdio.h>

static struct wall_time at_ms(int64_t ms)
{
	return wall_time_from_parts(INT64_C(1767571200), ms * 1000);
}

static struct addr ours(uint32_t number)
{
	return addr_from_v4(UINT32_C(0xc0000200) + number);
}

static struct aim_record *touch(
	struct aim_table *t, uint32_t host, uint16_t port, uint64_t source, int64_t ms)
{
	struct addr a = ours(host);
	return aim_table_touch(t, 3, &a, TARGET_TCP, port, source, at_ms(ms));
}

static void packets_are_counted_by_window_and_in_all(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t ms;
		unsigned packets, window, peak;
	} rows[] = {
		{"first", 0, 1, 1, 1},
		{"same second", 900, 2, 2, 2},
		{"inside four seconds", 3900, 3, 3, 3},
		{"a new window", 4000, 4, 1, 3},
		{"goes on", 4100, 5, 2, 3},
		{"after a long silence", 900000, 6, 1, 3},
	};
	struct aim_table *t = aim_table_create();
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct aim_record *r = touch(t, 1, 80, 1, rows[i].ms);
		faults += table_check_number(rows[i].name, "packets", r->packets, rows[i].packets);
		faults += table_check_number(
			rows[i].name, "in the window", r->window_packets, rows[i].window);
	}
	aim_table_destroy(t);
	assert_int_equal(faults, 0);
}

struct door_row {
	const char *name;
	uint32_t host;
	uint8_t space;
	uint16_t port;
	bool touched;
};

static const struct door_row door_rows[] = {
	{"the door", 1, TARGET_TCP, 80, true},
	{"other port", 1, TARGET_TCP, 81, false},
	{"other protocol", 1, TARGET_UDP, 80, false},
	{"other host", 2, TARGET_TCP, 80, false},
};

static void an_aim_is_an_address_a_protocol_and_a_port(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(door_rows); i++) {
		const struct door_row *row = &door_rows[i];
		struct aim_table *t = aim_table_create();
		struct aim_record *r = touch(t, 1, 80, 1, 0);
		struct addr a = ours(row->host);
		faults += table_check_number(row->name, "touched",
			aim_table_has_touched(t, 3, &a, row->space, row->port), row->touched);
		struct aim_record *other =
			aim_table_touch(t, 3, &a, row->space, row->port, 1, at_ms(0));
		faults += table_check_number(row->name, "same record", other == r, row->touched);
		aim_table_destroy(t);
	}
	assert_int_equal(faults, 0);
}

static void the_longest_quiet_aim_goes(void **state)
{
	(void)state;
	struct aim_table *t = aim_table_create();
	struct addr a = ours(1);
	touch(t, 1, 0, 1, 0);
	touch(t, 1, 1, 1, 1000);
	touch(t, 1, 0, 1, 10000);
	touch(t, 1, 99, 1, 11000);
	assert_true(aim_table_has_touched(t, 3, &a, TARGET_TCP, 0));
	assert_false(aim_table_has_touched(t, 3, &a, TARGET_TCP, 1));
	assert_true(aim_table_has_touched(t, 3, &a, TARGET_TCP, 99));
	assert_int_equal(touch(t, 1, 1, 1, 12000)->packets, 1);
	aim_table_destroy(t);
}

/* Right within 20 % up to 100 on average: a single counter of 64 bits scatters more. */
static void callers_are_counted_roughly_and_then_many(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned sources, least, most;
	} rows[] = {{"one", 1, 1, 1}, {"eight", 8, 7, 9}, {"fifty", 50, 45, 55},
		{"a hundred", 100, 85, 120}, {"10,000", 10000, 200, 266}};
	enum { TRIES = 200 };
	struct table_check_random random = table_check_random_start("callers");
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		double sum = 0;
		for (int n = 0; n < TRIES; n++) {
			struct aim_record r;
			memset(&r, 0, sizeof r);
			struct aim_table *t = aim_table_create();
			for (unsigned s = 0; s < rows[i].sources; s++)
				r = *touch(t, 1, 80, table_check_random_next(&random), 0);
			sum += aim_record_callers(&r);
			aim_table_destroy(t);
		}
		faults += table_check_range(
			rows[i].name, "callers, mean", sum / TRIES, rows[i].least, rows[i].most);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(packets_are_counted_by_window_and_in_all),
		cmocka_unit_test(an_aim_is_an_address_a_protocol_and_a_port),
		cmocka_unit_test(the_longest_quiet_aim_goes),
		cmocka_unit_test(callers_are_counted_roughly_and_then_many),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
