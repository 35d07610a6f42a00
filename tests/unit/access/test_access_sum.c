/* SPDX-License-Identifier: ISC */
#include "access/access_sum.h"

#include "access/access_bytes.h"

#include "hosts_tables.h"
#include "table_check.h"

enum { SIZE = ACCESS_BYTES_PIECE };

static void fill(unsigned char *bytes, const char *name)
{
	struct table_check_random random = table_check_random_start(name);
	for (size_t i = 0; i < SIZE; i++)
		bytes[i] = (unsigned char)table_check_random_below(&random, 256);
}

static void every_flipped_bit_is_seen(void **state)
{
	(void)state;
	unsigned char bytes[SIZE];
	fill(bytes, "bits");
	for (size_t length = ACCESS_SUM_BLOCK; length <= SIZE; length += ACCESS_SUM_BLOCK) {
		const uint64_t sum = access_sum_of(bytes, length, 1, 2);
		for (size_t bit = 0; bit < length * 8; bit++) {
			bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
			assert_true(access_sum_of(bytes, length, 1, 2) != sum);
			bytes[bit / 8] ^= (unsigned char)(1U << bit % 8);
		}
	}
}

static void bytes_that_change_places_are_seen(void **state)
{
	(void)state;
	unsigned char bytes[SIZE];
	fill(bytes, "places");
	const uint64_t sum = access_sum_of(bytes, SIZE, 1, 2);
	for (size_t i = 0; i < SIZE; i += 8) {
		for (size_t j = i + 8; j < SIZE; j += 8) {
			unsigned char other[SIZE];
			memcpy(other, bytes, SIZE);
			memcpy(other + i, bytes + j, 8);
			memcpy(other + j, bytes + i, 8);
			assert_true(access_sum_of(other, SIZE, 1, 2) != sum);
		}
	}
}

static void a_piece_of_zeros_has_a_sum_of_its_image_and_place(void **state)
{
	(void)state;
	static const unsigned char zeros[SIZE];
	for (uint64_t seed = 0; seed < 30; seed++) {
		for (uint64_t index = 0; index < 30; index++)
			assert_int_equal(access_sum_of(zeros, SIZE, seed, index) == access_sum_of(zeros, SIZE, 7, 9),
				seed == 7 && index == 9);
	}
	assert_true(access_sum_of(zeros, SIZE, 7, 9) != 0);
	assert_true(access_sum_of(zeros, SIZE - ACCESS_SUM_BLOCK, 7, 9) != access_sum_of(zeros, SIZE, 7, 9));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flipped_bit_is_seen),
		cmocka_unit_test(bytes_that_change_places_are_seen),
		cmocka_unit_test(a_piece_of_zeros_has_a_sum_of_its_image_and_place),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
