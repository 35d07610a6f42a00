/* SPDX-License-Identifier: ISC */
#include "track/offer_table.h"

#include "event_maker.h"
#include "table_check.h"
#include "track/cardinality.h"

#include <stdlib.h>

static void a_ring_counts_the_last_eight_seconds(void **state)
{
	(void)state;
	struct tick_ring r = {0};
	int64_t base = tick_ring_tick(event_maker_time(0));
	for (int64_t i = 0; i < 100; i++)
		tick_ring_add(&r, base + i, (uint32_t)i);
	assert_int_equal(tick_ring_sum(&r, base + 90, base + 99), 945);
	assert_int_equal(tick_ring_sum(&r, base + 90, base + 1000), 945);
	assert_int_equal(tick_ring_sum(&r, base, base + 67), 0); /* forgotten */
	assert_int_equal(tick_ring_sum(&r, 0, base + 68), 68);
	tick_ring_add(&r, base + 70, 5); /* a little late */
	tick_ring_add(&r, base + 1, 5);  /* too late */
	assert_int_equal(tick_ring_sum(&r, base + 70, base + 70), 75);
	assert_int_equal(tick_ring_sum(&r, base + 1, base + 1), 0);
	tick_ring_add(&r, base + 1000, 1); /* after a silence nothing old is left */
	assert_int_equal(tick_ring_sum(&r, 0, base + 1000), 1);
	tick_ring_add(&r, base + 1000, UINT32_MAX);
	assert_int_equal(tick_ring_sum(&r, base + 1000, base + 1000), UINT32_MAX);
}

static void note(struct offer_table *t, uint64_t key, uint32_t source, int64_t at_us)
{
	struct event e = event_maker_from(
		event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 22), addr_from_v4(source));
	offer_table_note(t, key, &e, &e.src, event_maker_time(at_us));
}

static const struct offer_door *find(struct offer_table *t, uint64_t key)
{
	unsigned cursor = 0;
	const struct offer_door *door;
	while ((door = offer_table_next(t, &cursor)) != NULL && door->key != key)
		;
	return door;
}

static void the_longest_quiet_door_of_a_bucket_goes(void **state)
{
	(void)state;
	struct offer_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	for (uint32_t i = 0; i < OFFER_WAYS; i++)
		note(t, OFFER_BUCKETS * (i + 1), i, i * 1000);
	note(t, OFFER_BUCKETS, 9, 50000); /* the first one again */
	note(t, OFFER_BUCKETS * 100, 9, 60000);
	assert_non_null(find(t, OFFER_BUCKETS));
	assert_null(find(t, OFFER_BUCKETS * 2));
	assert_non_null(find(t, OFFER_BUCKETS * 3));
	assert_non_null(find(t, OFFER_BUCKETS * 100));
	free(t);
}

static void sources_are_those_of_the_last_rush(void **state)
{
	(void)state;
	struct offer_table *t = calloc(1, sizeof *t);
	assert_non_null(t);
	for (uint32_t i = 0; i < 3000; i++)
		note(t, 5, i, i * 1000);
	assert_in_range(
		cardinality_estimate(find(t, 5)->sources, DOSSIER_SOURCES_BITS), 2500, 3500);
	for (uint32_t i = 0; i < 10; i++)
		note(t, 5, i, 60000000 + i);
	assert_in_range(cardinality_estimate(find(t, 5)->sources, DOSSIER_SOURCES_BITS), 8, 12);
	free(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_ring_counts_the_last_eight_seconds),
		cmocka_unit_test(the_longest_quiet_door_of_a_bucket_goes),
		cmocka_unit_test(sources_are_those_of_the_last_rush),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
