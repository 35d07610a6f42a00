/* SPDX-License-Identifier: ISC */
#include "track/block_pool.h"
#include "track/dossier.h"
#include "track/target_set.h"

#include "table_check.h"

#include <malloc.h>
#include <math.h>

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

/* dossier.h: DOSSIER_POOL_EACH for each dossier and `more_bytes` beyond; nothing from the heap. */
static void the_pool_takes_what_it_was_given_and_no_more(void **state)
{
	(void)state;
	enum { COUNT = 1000, MORE = 512 * 1024 };
	struct table_check_random r = table_check_random_start("pool");
	size_t empty = mallinfo2().uordblks;
	struct dossier_pool *p = dossier_pool_create(COUNT, MORE);
	size_t heap = mallinfo2().uordblks;
	assert_true(dossier_pool_bytes(p) <= (COUNT + 1) * DOSSIER_POOL_EACH + MORE);
	assert_true(heap - empty < MORE / 64 + COUNT * 4 + 4096);
	for (uint32_t i = 0; i < 4 * COUNT; i++) {
		enum dossier_form form =
			table_check_random_below(&r, 3) ? DOSSIER_SOURCE : DOSSIER_FLOOD;
		struct dossier *d = dossier_pool_open(p, form, at_second(i * 3600));
		uint32_t targets = 1u << table_check_random_below(&r, 12);
		for (uint32_t j = 0; j < targets; j++) {
			uint32_t word = (uint32_t)table_check_random_next(&r);
			struct addr a = addr_from_v4(word);
			target_set_add(&d->targets,
				(struct target){word % 7, (uint16_t)(word >> 8), TARGET_TCP, 0});
			dossier_add_member(d, &a, NULL, j % 2);
		}
		assert_true(target_set_count(&d->targets).targets > 0);
		if (form == DOSSIER_FLOOD && targets >= 64)
			assert_true(d->members_kept >= 23 && dossier_sources(d) >= 23);
	}
	assert_int_equal(mallinfo2().uordblks, heap);
	dossier_pool_destroy(p);
}

/* target_set.h: "three estimates (targets: error 6.5 %; ports, hosts: 9.2 %)". */
static void every_estimate_of_a_sketch_has_the_promised_error(void **state)
{
	(void)state;
	enum { SETS = 400, EACH = 1000 };
	static _Alignas(8) uint8_t cell[TARGET_SET_CELL];
	struct table_check_random r = table_check_random_start("sketch");
	double sum[3] = {0};
	for (int i = 0; i < SETS; i++) {
		struct target_set s;
		uint32_t first = (uint32_t)table_check_random_next(&r);
		target_set_init(&s, cell, NULL);
		target_set_shrink(&s);
		for (uint32_t j = 0; j < EACH; j++)
			target_set_add(&s,
				(struct target){first + j, (uint16_t)(first + j), TARGET_TCP, 0});
		struct target_counts c = target_set_count(&s);
		double errors[] = {(double)c.targets / EACH - 1, (double)c.ports / EACH - 1,
			(double)c.hosts / EACH - 1};
		for (int k = 0; k < 3; k++)
			sum[k] += errors[k] * errors[k];
		target_set_clear(&s);
	}
	print_message("standard errors: targets %.1f %%, ports %.1f %%, hosts %.1f %%\n",
		sqrt(sum[0] / SETS) * 100, sqrt(sum[1] / SETS) * 100, sqrt(sum[2] / SETS) * 100);
	assert_true(sqrt(sum[1] / SETS) < 0.11);
	assert_true(sqrt(sum[2] / SETS) < 0.11);
}

/* target_set.h: "up to 36 KiB". Hosts that lie far apart (IPv6 hosts are hashes) cost no more. */
static void a_set_of_scattered_hosts_stays_small(void **state)
{
	(void)state;
	static _Alignas(8) uint8_t cell[TARGET_SET_CELL];
	struct target_room room = {block_pool_create(1 << 20), 0};
	struct target_set s;
	target_set_init(&s, cell, &room);
	for (uint32_t i = 0; i < 200000; i++) {
		target_set_add(&s, (struct target){i * UINT32_C(2654435761), (uint16_t)i,
					   (uint8_t)(i % 3), 0});
		assert_true(block_pool_used(room.blocks) <= 36 * 1024);
	}
	print_message("it holds %zu bytes\n", block_pool_used(room.blocks));
	target_set_clear(&s);
	assert_int_equal(block_pool_used(room.blocks), 0);
	block_pool_destroy(room.blocks);
}

/* dossier.h: "When the list is full, it and `sources_count` stay as they are": a stranger who is
 * real is still counted, at every packet. */
static void a_real_member_beyond_the_list_is_not_counted_twice(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_DECOYS, at_second(0));
	for (uint32_t i = 0; i < DOSSIER_MEMBERS_MAX; i++) {
		struct addr a = addr_from_v4(UINT32_C(0xc6120000) + i);
		dossier_add_member(d, &a, NULL, false);
	}
	struct addr real = addr_from_v4(UINT32_C(0xc6336401));
	uint32_t before = dossier_sources(d);
	dossier_add_member(d, &real, NULL, true);
	uint32_t once = dossier_sources(d);
	for (int i = 0; i < 10; i++)
		dossier_add_member(d, &real, NULL, true);
	assert_int_equal(dossier_sources(d), once);
	assert_in_range(once, before, before + 3);
	dossier_pool_destroy(p);
}

/* dossier.h: DOSSIER_ANSWERED_MAX "open ports a source found: more are counted, not listed". */
static void answers_beyond_the_list_are_counted(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(0));
	for (uint16_t port = 1; port <= DOSSIER_ANSWERED_MAX + 10; port++)
		dossier_add_answer(d, (struct target){0, port, TARGET_TCP, 0}, 1, at_second(1));
	assert_int_equal(d->answered_count, DOSSIER_ANSWERED_MAX + 10);
	dossier_pool_destroy(p);
}

/* dossier.h: "null for 0 and for one that has been given away since": 12 bits of generation. */
static void a_number_never_comes_back(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	uint32_t first = dossier_pool_open(p, DOSSIER_SOURCE, at_second(0))->number;
	for (int i = 1; i < 5000; i++) {
		assert_non_null(dossier_pool_open(p, DOSSIER_SOURCE, at_second(i * 3600)));
		if (dossier_pool_get(p, first) != NULL)
			print_error("number %u came back after %d tenants\n", first, i);
		assert_null(dossier_pool_get(p, first));
	}
	dossier_pool_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_pool_takes_what_it_was_given_and_no_more),
		cmocka_unit_test(every_estimate_of_a_sketch_has_the_promised_error),
		cmocka_unit_test(a_set_of_scattered_hosts_stays_small),
		cmocka_unit_test(a_real_member_beyond_the_list_is_not_counted_twice),
		cmocka_unit_test(answers_beyond_the_list_are_counted),
		cmocka_unit_test(a_number_never_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
