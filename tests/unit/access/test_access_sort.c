/* SPDX-License-Identifier: ISC */
#include "access/access_sort.h"

#include "table_check.h"

struct record {
	unsigned char key[6];
	unsigned char unused[2];
	uint32_t order; /* in which they were added */
	uint32_t unused_too;
};

static struct access_pile random_records(struct table_check_random *random, size_t count, unsigned letters)
{
	struct access_pile p = {0};
	for (size_t i = 0; i < count; i++) {
		struct record r = {.order = (uint32_t)i};
		for (size_t k = 0; k < sizeof r.key; k++)
			r.key[k] = (unsigned char)table_check_random_below(random, letters);
		r.key[2] = 7; /* the same everywhere */
		access_pile_add_bytes(&p, &r, sizeof r);
	}
	return p;
}

static void records_stand_in_the_order_of_their_keys_and_equal_ones_keep_theirs(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("sort");
	for (unsigned round = 0; round < 200; round++) {
		const size_t count = table_check_random_below(&random, 300);
		struct access_pile p = random_records(&random, count, round % 2 ? 256 : 3);
		assert_true(access_sort_records(&p, sizeof(struct record), sizeof((struct record){0}.key)));
		assert_int_equal(p.used, count * sizeof(struct record));
		const struct record *r = (const void *)p.bytes;
		for (size_t i = 1; i < count; i++) {
			int order = memcmp(r[i - 1].key, r[i].key, sizeof r->key);
			assert_true(order < 0 || (order == 0 && r[i - 1].order < r[i].order));
		}
		access_pile_clear(&p);
	}
}

static void what_failed_before_is_not_sorted(void **state)
{
	(void)state;
	struct access_pile p = {.failed = true};
	assert_false(access_sort_records(&p, sizeof(struct record), 6));
}

static void a_pile_without_memory_fails_for_good(void **state)
{
	(void)state;
	struct access_pile p = {0};
	access_pile_add_bytes(&p, "abc", 3);
	assert_null(access_pile_add(&p, SIZE_MAX / 2));
	assert_true(p.failed);
	assert_null(access_pile_add(&p, 1));
	assert_memory_equal(p.bytes, "abc", 3);
	access_pile_clear(&p);
}

static void nothing_can_be_added_to_an_empty_pile(void **state)
{
	(void)state;
	struct access_pile p = {0};
	assert_non_null(access_pile_add(&p, 0));
	access_pile_add_bytes(&p, NULL, 0);
	assert_false(p.failed);
	assert_int_equal(p.used, 0);
	access_pile_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_stand_in_the_order_of_their_keys_and_equal_ones_keep_theirs),
		cmocka_unit_test(what_failed_before_is_not_sorted),
		cmocka_unit_test(a_pile_without_memory_fails_for_good),
		cmocka_unit_test(nothing_can_be_added_to_an_empty_pile),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
