/* SPDX-License-Identifier: ISC */
#include "track/block_pool.h"

#include "table_check.h"

#include <string.h>

static void a_block_is_zeroed_aligned_and_of_a_power_of_two(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t size, wanted;
	} rows[] = {{"a byte", 1, 1024}, {"the least", 1024, 1024}, {"a byte more", 1025, 2048},
		{"in between", 5000, 8192}, {"the most", 16384, 16384}};
	struct block_pool *p = block_pool_create(1 << 20);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		size_t before = block_pool_used(p);
		for (int round = 0; round < 2; round++) {
			uint8_t *b = block_pool_take(p, rows[i].size, 0);
			assert_non_null(b);
			assert_int_equal((uintptr_t)b % BLOCK_POOL_LEAST, 0);
			for (size_t j = 0; j < rows[i].size; j++)
				assert_int_equal(b[j], 0);
			faults += table_check_number(rows[i].name, "bytes",
				(long long)(block_pool_used(p) - before),
				(long long)rows[i].wanted);
			memset(b, 0xff, rows[i].size);
			block_pool_give(p, b, rows[i].size);
		}
		assert_int_equal(block_pool_used(p), before);
	}
	block_pool_destroy(p);
	block_pool_destroy(NULL);
	assert_int_equal(faults, 0);
}

static void every_byte_can_be_had(void **state)
{
	(void)state;
	for (size_t size = BLOCK_POOL_LEAST; size <= BLOCK_POOL_MOST; size *= 2) {
		struct block_pool *p = block_pool_create(10 * BLOCK_POOL_MOST + 5);
		size_t n = 0;
		while (block_pool_take(p, size, 0) != NULL)
			n++;
		assert_int_equal(n * size, 10 * BLOCK_POOL_MOST);
		assert_int_equal(block_pool_used(p), block_pool_bytes(p));
		block_pool_destroy(p);
	}
}

static void what_is_to_be_spared_is_left(void **state)
{
	(void)state;
	struct block_pool *p = block_pool_create(BLOCK_POOL_MOST);
	assert_null(block_pool_take(p, BLOCK_POOL_MOST, 1));
	assert_non_null(block_pool_take(p, 4096, 12288));
	assert_null(block_pool_take(p, 4096, 8193));
	assert_non_null(block_pool_take(p, 1, 0));
	block_pool_destroy(p);
}

struct out {
	uint8_t *block;
	size_t size;
	uint8_t mark;
};

static void put_back(struct block_pool *p, struct out *o)
{
	for (size_t i = 0; i < o->size; i++)
		assert_int_equal(o->block[i], o->mark); /* nobody else wrote there */
	block_pool_give(p, o->block, o->size);
	o->block = NULL;
}

/* The promise on which the dossiers build: a small block as long as a byte is free. And once all are
 * back, the largest ones are whole again. */
static void blocks_never_overlap_and_always_join_again(void **state)
{
	(void)state;
	enum { OUT = 200, TURNS = 20000 };
	struct table_check_random r = table_check_random_start("blocks");
	struct block_pool *p = block_pool_create(40 * BLOCK_POOL_MOST);
	struct out out[OUT] = {{0}};
	for (int turn = 0; turn < TURNS; turn++) {
		struct out *o = &out[table_check_random_below(&r, OUT)];
		if (o->block != NULL)
			put_back(p, o);
		o->size = 1 +
			  table_check_random_below(&r, turn % 3 ? 2048 : (uint32_t)BLOCK_POOL_MOST);
		bool any_left = block_pool_used(p) < block_pool_bytes(p);
		o->block = block_pool_take(p, o->size, 0);
		if (o->size <= BLOCK_POOL_LEAST)
			assert_int_equal(o->block != NULL, any_left);
		o->mark = (uint8_t)(turn % 255 + 1);
		if (o->block != NULL)
			memset(o->block, o->mark, o->size);
	}
	for (int i = 0; i < OUT; i++) {
		if (out[i].block != NULL)
			put_back(p, &out[i]);
	}
	assert_int_equal(block_pool_used(p), 0);
	for (int i = 0; i < 40; i++)
		assert_non_null(block_pool_take(p, BLOCK_POOL_MOST, 0));
	block_pool_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_block_is_zeroed_aligned_and_of_a_power_of_two),
		cmocka_unit_test(every_byte_can_be_had),
		cmocka_unit_test(what_is_to_be_spared_is_left),
		cmocka_unit_test(blocks_never_overlap_and_always_join_again),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
