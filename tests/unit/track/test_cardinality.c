/* SPDX-License-Identifier: ISC */
#include "track/cardinality.h"

#include "table_check.h"

/* cardinality.h: cardinality_read is "the same as cardinality_estimate of the registers". */
static void what_is_kept_tells_what_a_walk_tells(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("kept");
	for (unsigned bits = 7; bits <= 10; bits++) {
		uint8_t kept_registers[1024] = {0}, plain[1024] = {0};
		struct cardinality kept = cardinality_start(bits);
		for (unsigned i = 0; i < 20000; i++) {
			uint64_t hash = table_check_random_next(&r);
			assert_int_equal(cardinality_count(&kept, kept_registers, bits, hash),
				cardinality_note(plain, bits, hash));
			if (i % 97 == 0 || i < 300)
				assert_int_equal(cardinality_read(kept, bits),
					cardinality_estimate(plain, bits));
		}
		assert_memory_equal(kept_registers, plain, sizeof plain);
		struct cardinality summed = cardinality_sum_up(plain, bits);
		assert_true(summed.sum == kept.sum && summed.zeros == kept.zeros);
	}
}

/* The longest run of zeros a hash can have, and the full set of registers, leave the sum sane. */
static void the_extremes_are_kept_too(void **state)
{
	(void)state;
	for (unsigned bits = 7; bits <= 10; bits++) {
		uint8_t registers[1024] = {0};
		struct cardinality kept = cardinality_start(bits);
		assert_int_equal(cardinality_read(kept, bits), 0);
		for (uint64_t i = 0; i < 1u << bits; i++)
			cardinality_count(&kept, registers, bits, i << (64 - bits));
		assert_int_equal(kept.zeros, 0);
		struct cardinality summed = cardinality_sum_up(registers, bits);
		assert_true(summed.sum == kept.sum && summed.zeros == 0);
		assert_true(cardinality_read(kept, bits) > 1000000);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_is_kept_tells_what_a_walk_tells),
		cmocka_unit_test(the_extremes_are_kept_too),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
