/* SPDX-License-Identifier: ISC */
#include "track/dossier.h"
#include "track/target_set.h"

#include "table_check.h"

#include <malloc.h>
#include <math.h>

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

/* dossier.h: "the bound is set_bytes and a sketch for each". */
static void the_budget_of_the_sets_holds_to_the_byte(void **state)
{
	(void)state;
	enum { BUDGET = 64 * 1024 };
	struct dossier_pool *p = dossier_pool_create(1000, BUDGET);
	size_t bytes = 0;
	for (uint32_t i = 0; i < 1000; i++) {
		struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(i));
		for (uint32_t port = 0; port < 60; port++)
			dossier_pool_add_target(
				p, d, (struct target){i, (uint16_t)port, TARGET_TCP, 0});
		bytes += d->targets.heap_bytes;
	}
	print_message("sets hold %zu bytes, budget %d\n", bytes, BUDGET);
	size_t sketches = 1000 * target_set_sketch_bytes();
	assert_true(bytes <= BUDGET + sketches);
	dossier_pool_destroy(p);
}

/* target_set.h: "three estimates (targets: error 6.5 %; ports, hosts: 9.2 %)". */
static void every_estimate_of_a_sketch_has_the_promised_error(void **state)
{
	(void)state;
	enum { SETS = 400, EACH = 1000 };
	struct table_check_random r = table_check_random_start("sketch");
	double sum[3] = {0};
	for (int i = 0; i < SETS; i++) {
		struct target_set s;
		uint32_t first = (uint32_t)table_check_random_next(&r);
		target_set_init(&s);
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

/* target_set.h: "Memory is bounded (about 140 KiB at worst)". Hosts that lie far apart (IPv6 hosts
 * are hashes) each open a container of their own. */
static void a_set_of_scattered_hosts_stays_small(void **state)
{
	(void)state;
	struct target_set s;
	size_t before = mallinfo2().uordblks;
	target_set_init(&s);
	for (uint32_t i = 0; i < 200000; i++)
		target_set_add(&s, (struct target){i * UINT32_C(2654435761), 22, TARGET_TCP, 0});
	size_t heap = mallinfo2().uordblks - before;
	print_message("reported %zu bytes, malloc holds %zu\n", s.heap_bytes, heap);
	assert_true(s.heap_bytes <= 140 * 1024);
	assert_true(heap <= 140 * 1024);
	target_set_clear(&s);
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
		dossier_add_answer(d, TARGET_TCP, port, 1, at_second(1));
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
		cmocka_unit_test(the_budget_of_the_sets_holds_to_the_byte),
		cmocka_unit_test(every_estimate_of_a_sketch_has_the_promised_error),
		cmocka_unit_test(a_set_of_scattered_hosts_stays_small),
		cmocka_unit_test(a_real_member_beyond_the_list_is_not_counted_twice),
		cmocka_unit_test(answers_beyond_the_list_are_counted),
		cmocka_unit_test(a_number_never_comes_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
