/* SPDX-License-Identifier: ISC */
#include "track/bucket_table.h"

#include "table_check.h"

struct size_row {
	const char *name;
	size_t asked, bucket_bytes;
	uint64_t least, wanted;
};

static const struct size_row size_rows[] = {
	{"nothing", 0, 128, 512, 512},
	{"less than the least", 1000, 128, 512, 512},
	{"as many as fit", 1 << 20, 272, 1, (1 << 20) / 272},
	{"one byte short", 10 * 64 - 1, 64, 1, 9},
	{"a prime number", 64 * 10007, 64, 1, 10007},
};

static void as_many_buckets_as_fit(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(size_rows); i++) {
		const struct size_row *r = &size_rows[i];
		struct bucket_table t;
		bucket_table_init(&t, r->asked, r->bucket_bytes, r->least);
		faults += table_check_number(
			r->name, "buckets", (long long)t.count, (long long)r->wanted);
		faults += table_check_number(r->name, "bytes", (long long)bucket_table_bytes(&t),
			(long long)(r->wanted * r->bucket_bytes));
		bucket_table_clear(&t);
	}
	assert_int_equal(faults, 0);
}

static void the_first_and_the_last_key_are_inside(void **state)
{
	(void)state;
	static const uint64_t keys[] = {0, 1, UINT32_MAX, UINT64_C(1) << 63, UINT64_MAX};
	for (uint64_t buckets = 1; buckets < 100; buckets++) {
		struct bucket_table t;
		bucket_table_init(&t, 0, 64, buckets);
		for (size_t i = 0; i < TABLE_CHECK_ROWS(keys); i++)
			assert_true(bucket_table_index(&t, keys[i]) < buckets);
		assert_int_equal(bucket_table_index(&t, 0), 0);
		assert_int_equal(bucket_table_index(&t, UINT64_MAX), buckets - 1);
		bucket_table_clear(&t);
	}
}

/* Chi-square over 1000 buckets: mean 999, deviation 45. */
static void every_bucket_gets_its_share(void **state)
{
	(void)state;
	enum { BUCKETS = 1000, EACH = 200 };
	struct table_check_random r = table_check_random_start("shares");
	struct bucket_table t;
	unsigned hits[BUCKETS] = {0};
	bucket_table_init(&t, 0, 64, BUCKETS);
	for (int i = 0; i < BUCKETS * EACH; i++)
		hits[bucket_table_index(&t, table_check_random_next(&r))]++;
	double sum = 0;
	for (int i = 0; i < BUCKETS; i++)
		sum += ((double)hits[i] - EACH) * ((double)hits[i] - EACH) / EACH;
	print_message("chi-square: %.0f\n", sum);
	assert_true(sum > 999 - 6 * 45 && sum < 999 + 6 * 45);
	bucket_table_clear(&t);
}

static void the_low_half_of_a_key_chooses_nothing(void **state)
{
	(void)state;
	struct bucket_table t;
	bucket_table_init(&t, 0, 64, 12345);
	for (uint64_t high = 0; high < 1000; high++)
		assert_int_equal(bucket_table_index(&t, high << 32),
			bucket_table_index(&t, high << 32 | UINT32_MAX));
	bucket_table_clear(&t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(as_many_buckets_as_fit),
		cmocka_unit_test(the_first_and_the_last_key_are_inside),
		cmocka_unit_test(every_bucket_gets_its_share),
		cmocka_unit_test(the_low_half_of_a_key_chooses_nothing),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
