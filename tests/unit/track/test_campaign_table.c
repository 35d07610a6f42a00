/* SPDX-License-Identifier: ISC */
#include "track/campaign_table.h"

#include "table_check.h"

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

static struct addr ours(uint32_t number)
{
	return addr_from_v4(UINT32_C(0xc0000200) + number);
}

static struct campaign *get(struct campaign_table *t, uint32_t host, int64_t second)
{
	struct addr a = ours(host);
	return campaign_table_get(t, &a, at_second(second));
}

static void a_window_counts_comers_touches_and_second_comers(void **state)
{
	(void)state;
	struct campaign_table *t = campaign_table_create();
	struct addr source = addr_from_v4(UINT32_C(0xc6336401));
	struct campaign *c = get(t, 5, 0);
	campaign_note_comer(c, 1, at_second(0));
	campaign_note_comer(c, 2, at_second(0));
	campaign_note_touch(c, 3);
	campaign_note_touch(c, 4);
	campaign_note_second(c, &source);
	c = get(t, 5, CAMPAIGN_WINDOW_S);
	assert_int_equal(c->comers, 2);
	assert_int_equal(c->touches, 2);
	assert_int_equal(c->second_comers, 1);
	assert_int_equal(c->recent_count, 1);
	assert_true(addr_equal(&c->recent[0], &source));
	campaign_table_destroy(t);
}

static void a_window_that_is_over_starts_anew(void **state)
{
	(void)state;
	struct campaign_table *t = campaign_table_create();
	struct addr source = addr_from_v4(UINT32_C(0xc6336401));
	struct campaign *c = get(t, 5, 0);
	campaign_note_comer(c, UINT64_C(7) << 54, at_second(0));
	campaign_note_touch(c, UINT64_C(9) << 54);
	campaign_note_second(c, &source);
	assert_ptr_equal(get(t, 5, CAMPAIGN_WINDOW_S + 1), c);
	assert_int_equal(c->comers, 0);
	assert_int_equal(c->touches, 0);
	assert_int_equal(c->second_comers, 0);
	assert_int_equal(campaign_doors(c), 0);
	campaign_table_destroy(t);
}

static void doors_are_counted_within_five_percent(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned doors, least, most;
	} rows[] = {{"one", 1, 1, 1}, {"16", 16, 15, 17}, {"100", 100, 95, 105},
		{"500", 500, 475, 525}, {"2000", 2000, 1900, 2100}, {"20,000", 20000, 2001, 8000}};
	enum { TRIES = 50 };
	struct table_check_random random = table_check_random_start("doors");
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		double sum = 0;
		for (int n = 0; n < TRIES; n++) {
			struct campaign_table *t = campaign_table_create();
			struct campaign *c = get(t, 5, 0);
			for (unsigned d = 0; d < rows[i].doors; d++)
				campaign_note_touch(c, table_check_random_next(&random));
			sum += campaign_doors(c);
			campaign_table_destroy(t);
		}
		faults += table_check_range(
			rows[i].name, "doors, mean", sum / TRIES, rows[i].least, rows[i].most);
	}
	assert_int_equal(faults, 0);
}

static void the_comers_of_a_forged_second_do_not_count(void **state)
{
	(void)state;
	struct campaign_table *t = campaign_table_create();
	struct campaign *c = get(t, 5, 0);
	for (uint64_t i = 0; i < 30; i++)
		campaign_note_comer(c, i << 54, at_second(0));
	assert_false(campaign_is_forged(c, at_second(0)));
	for (uint64_t i = 0; i < 10 * CAMPAIGN_FORGED_RATE; i++)
		campaign_note_comer(c, i << 54, at_second(7));
	assert_int_equal(c->comers, 30);
	assert_int_equal(c->rate_comers, 10 * CAMPAIGN_FORGED_RATE);
	assert_true(campaign_is_forged(c, at_second(7)));
	assert_true(campaign_is_forged(c, at_second(8)));
	assert_false(campaign_is_forged(c, at_second(9)));
	campaign_note_comer(c, 1, at_second(9));
	assert_int_equal(c->comers, 31);
	campaign_table_destroy(t);
}

static void hosts_beyond_the_table_replace_the_quiet_ones(void **state)
{
	(void)state;
	struct campaign_table *t = campaign_table_create();
	for (uint32_t host = 0; host < 5000; host++) {
		struct campaign *c = get(t, host, host);
		assert_int_equal(c->comers, 0);
		campaign_note_comer(c, 1, at_second(host));
		assert_int_equal(get(t, host, host)->comers, 1);
	}
	campaign_table_destroy(t);
	campaign_table_destroy(NULL);
}

/* campaign_table.h: the hosts of one /24 all have their place, whichever network it is. */
static void a_sweep_over_a_whole_24_pushes_no_host_out(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("network");
	for (int network = 0; network < 50; network++) {
		struct campaign_table *t = campaign_table_create();
		uint32_t base = (uint32_t)table_check_random_next(&random) << 8;
		for (uint32_t round = 0; round < 3; round++) {
			for (uint32_t host = 0; host < 256; host++) {
				struct addr a = addr_from_v4(base + host);
				struct campaign *c = campaign_table_get(t, &a, at_second(round));
				assert_int_equal(c->comers, round);
				campaign_note_comer(c, 1, at_second(round));
			}
		}
		campaign_table_destroy(t);
	}
}

static void a_host_inherits_nothing_from_the_one_it_pushed_out(void **state)
{
	(void)state;
	struct campaign_table *t = campaign_table_create();
	struct addr source = addr_from_v4(UINT32_C(0xc6336401));
	struct crowd_comer comer = {source, {1, 80, TARGET_TCP, 0}};
	for (uint32_t host = 0; host < 5000; host++) {
		struct campaign *c = get(t, host, host);
		assert_int_equal(campaign_doors(c), 0);
		assert_int_equal(c->recent_count, 0);
		assert_int_equal(c->rate_comers, 0);
		assert_int_equal(crowd_kept(&c->crowd), 0);
		campaign_note_touch(c, (uint64_t)host << 54);
		assert_int_equal(campaign_doors(c), 1);
		campaign_note_second(c, &source);
		for (uint32_t i = 0; i < 2; i++)
			crowd_note(&c->crowd, &comer, (uint64_t)(host + i) << 54, host + i, false);
		assert_int_equal(crowd_kept(&c->crowd), 1);
		assert_int_equal(linear_counter_estimate(c->crowd.doors), 1);
		assert_int_equal(linear_counter_estimate(c->crowd.waiting_doors), 1);
	}
	campaign_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_window_counts_comers_touches_and_second_comers),
		cmocka_unit_test(a_window_that_is_over_starts_anew),
		cmocka_unit_test(doors_are_counted_within_five_percent),
		cmocka_unit_test(the_comers_of_a_forged_second_do_not_count),
		cmocka_unit_test(hosts_beyond_the_table_replace_the_quiet_ones),
		cmocka_unit_test(a_sweep_over_a_whole_24_pushes_no_host_out),
		cmocka_unit_test(a_host_inherits_nothing_from_the_one_it_pushed_out),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
