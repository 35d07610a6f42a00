/* SPDX-License-Identifier: ISC */
#include "access/access_place_table.h"

#include "access/access_place_hash.h"

#include "table_check.h"

#include <stdio.h>

struct made {
	struct access_pile lists; /* buckets, then overflow */
	struct access_bytes *bytes;
	struct access_place_table table;
};

static struct made make(struct access_pile *entries)
{
	struct made m = {.bytes = malloc(sizeof *m.bytes)};
	struct access_pile overflow = {0};
	assert_non_null(m.bytes);
	assert_true(access_place_table_build(entries, &m.lists, &overflow));
	m.table = (struct access_place_table){
		.bytes = m.bytes,
		.bucket_count = m.lists.used / sizeof(struct access_place_bucket),
		.overflow = m.lists.used,
		.overflow_count = overflow.used / sizeof(struct access_place_overflow),
	};
	access_pile_add_bytes(&m.lists, overflow.bytes, overflow.used);
	*m.bytes = access_bytes_over(m.lists.bytes, m.lists.used);
	access_pile_clear(&overflow);
	access_pile_clear(entries);
	return m;
}

static void clear(struct made *m)
{
	access_pile_clear(&m->lists);
	free(m->bytes);
}

static uint32_t first(const struct made *m, uint64_t hash)
{
	struct access_place_walk walk = {.hash = hash};
	return access_place_table_next(&m->table, &walk);
}

static uint64_t hash_of(const char *text, uint32_t group)
{
	return access_place_hash_of_text(7, text_slice_of(text), group);
}

static void what_was_put_in_is_found_at_its_place_and_nothing_else(void **state)
{
	(void)state;
	enum { MANY = 20000 };
	struct access_pile entries = {0};
	char name[32];
	unsigned found = 0;
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "host%u.example", i);
		access_place_table_add(&entries, hash_of(name, i % 3), i);
	}
	struct made m = make(&entries);
	assert_true(m.table.overflow_count > 0);
	for (uint32_t i = 0; i < MANY; i++) {
		snprintf(name, sizeof name, "HOST%u.example", i);
		assert_int_equal(first(&m, hash_of(name, i % 3)), i);
		found += first(&m, hash_of(name, (i + 1) % 3)) != ACCESS_PLACE_TABLE_END;
	}
	assert_true(found < 3); /* tags have 32 bits */
	clear(&m);
}

static void the_same_text_is_found_in_rising_order_of_its_places(void **state)
{
	(void)state;
	enum { TIMES = 100 };
	struct access_pile entries = {0};
	for (uint32_t i = 0; i < TIMES; i++) {
		access_place_table_add(&entries, hash_of("a.example", 0), 2 * i);
		access_place_table_add(&entries, hash_of("b.example", 0), 2 * i + 1);
	}
	struct made m = make(&entries);
	struct access_place_walk walk = {.hash = hash_of("b.example", 0)};
	for (uint32_t i = 0; i < TIMES; i++)
		assert_int_equal(access_place_table_next(&m.table, &walk), 2 * i + 1);
	assert_int_equal(access_place_table_next(&m.table, &walk), ACCESS_PLACE_TABLE_END);
	clear(&m);
}

static void an_empty_table_holds_nothing(void **state)
{
	(void)state;
	struct access_pile entries = {0};
	struct made m = make(&entries);
	assert_int_equal(first(&m, 0), ACCESS_PLACE_TABLE_END);
	access_place_table_prefetch(&m.table, 1);
	clear(&m);
}

static void groups_forms_and_seeds_have_hashes_of_their_own(void **state)
{
	(void)state;
	static const char *const texts[] = {"a.b", ".a.b", "a.b.", "b.a", "", ".", "ab"};
	uint64_t seen[TABLE_CHECK_ROWS(texts) * 8 * 2];
	size_t count = 0;
	for (size_t t = 0; t < TABLE_CHECK_ROWS(texts); t++) {
		for (uint32_t group = 0; group < 8; group++) {
			for (uint64_t seed = 1; seed < 3; seed++)
				seen[count++] = access_place_hash_of_text(seed, text_slice_of(texts[t]), group);
		}
	}
	for (size_t i = 0; i < count; i++) {
		for (size_t k = 0; k < i; k++)
			assert_true(seen[i] != seen[k]);
	}
}

static void parts_of_a_name_have_the_hashes_of_the_words_that_fit_them(void **state)
{
	(void)state;
	static const char name[] = "Mail.A.example";
	uint64_t running = 7;
	for (size_t i = sizeof name - 1; i-- > 4;)
		running = access_place_hash_letter(running, name[i]);
	assert_true(access_place_hash_end(running, 3) == hash_of(".a.EXAMPLE", 3));
	running = 7;
	for (size_t i = 0; i < 5; i++)
		running = access_place_hash_letter(running, name[i]);
	assert_true(access_place_hash_end(running, 3) == hash_of("mail.", 3));
}

static void a_table_that_lies_is_walked_to_an_end(void **state)
{
	(void)state;
	struct table_check_random random = table_check_random_start("lying table");
	for (unsigned round = 0; round < 5000; round++) {
		const size_t buckets = table_check_random_below(&random, 3), overflow = table_check_random_below(&random, 4);
		const size_t size = buckets * sizeof(struct access_place_bucket) + overflow * sizeof(struct access_place_overflow);
		unsigned char *lists = malloc(size + 1);
		assert_non_null(lists);
		for (size_t i = 0; i < size; i++)
			lists[i] = (unsigned char)table_check_random_below(&random, 2);
		struct access_bytes bytes = access_bytes_over(lists, size);
		const struct access_place_table t = {
			&bytes, 0, buckets, buckets * sizeof(struct access_place_bucket), overflow};
		struct access_place_walk walk = {.hash = table_check_random_below(&random, 4)};
		unsigned steps = 0;
		while (access_place_table_next(&t, &walk) != ACCESS_PLACE_TABLE_END)
			steps++;
		assert_true(steps <= ACCESS_PLACE_TABLE_BUCKET + overflow);
		free(lists);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_put_in_is_found_at_its_place_and_nothing_else),
		cmocka_unit_test(the_same_text_is_found_in_rising_order_of_its_places),
		cmocka_unit_test(an_empty_table_holds_nothing),
		cmocka_unit_test(groups_forms_and_seeds_have_hashes_of_their_own),
		cmocka_unit_test(parts_of_a_name_have_the_hashes_of_the_words_that_fit_them),
		cmocka_unit_test(a_table_that_lies_is_walked_to_an_end),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
