/* SPDX-License-Identifier: ISC */
#include "track/source_table.h"

#include "table_check.h"

#include <stdio.h>

enum {
	LEAST_RECORDS = 1024,
	WAYS = 4,
};

static struct addr source(uint32_t number)
{
	return addr_from_v4(UINT32_C(0xc6120000) + number); /* 198.18.0.0 on */
}

/* All keys of one bucket. */
static uint64_t key_in_bucket(uint32_t number)
{
	return UINT64_C(5) << 32 | (number + 1);
}

static struct source_record *add(
	struct source_table *t, uint32_t number, struct source_record *evicted)
{
	struct addr a = source(number);
	struct source_record *r = source_table_add(t, key_in_bucket(number), &a, evicted);
	r->packets = 1;
	return r;
}

static struct source_record *find(struct source_table *t, uint32_t number)
{
	struct addr a = source(number);
	return source_table_find(t, key_in_bucket(number), &a);
}

/* What a record is worth when its bucket is full. */
struct worth {
	uint32_t dossier;
	uint8_t targets;
	uint32_t last_s;
};

struct eviction_row {
	const char *name;
	struct worth records[WAYS];
	uint32_t victim;
};

static const struct eviction_row eviction_rows[] = {
	{"the oldest", {{0, 2, 40}, {0, 2, 10}, {0, 2, 30}, {0, 2, 20}}, 1},
	{"fewer targets before older", {{0, 3, 10}, {0, 2, 40}, {0, 3, 20}, {0, 4, 5}}, 1},
	{"no dossier before few targets", {{7, 2, 10}, {8, 2, 5}, {0, 4, 40}, {9, 2, 1}}, 2},
	{"all with a dossier: the fewest targets", {{1, 9, 1}, {2, 4, 9}, {3, 3, 50}, {4, 4, 2}},
		2},
	{"above four targets age decides", {{1, 200, 9}, {2, 5, 8}, {3, 90, 7}, {4, 6, 10}}, 2},
};

static unsigned check_eviction(const struct eviction_row *row)
{
	struct source_table *t = source_table_create(0);
	struct source_record evicted;
	unsigned faults = 0;
	for (uint32_t i = 0; i < WAYS; i++) {
		struct source_record *r = add(t, i, &evicted);
		r->dossier = row->records[i].dossier;
		r->targets_count = row->records[i].targets;
		r->last_s = row->records[i].last_s;
		faults += table_check_number(row->name, "evicted early", evicted.packets, 0);
	}
	add(t, WAYS, &evicted);
	struct addr wanted = source(row->victim);
	faults += table_check_text(
		row->name, "victim", addr_to_text(&evicted.addr).text, addr_to_text(&wanted).text);
	faults += table_check_number(
		row->name, "its dossier", evicted.dossier, row->records[row->victim].dossier);
	for (uint32_t i = 0; i <= WAYS; i++)
		faults += table_check_number(
			row->name, "record is there", find(t, i) != NULL, i != row->victim);
	faults += table_check_number(row->name, "drops", (long long)source_table_evictions(t), 1);
	faults += table_check_number(row->name, "records", (long long)source_table_count(t), WAYS);
	source_table_destroy(t);
	return faults;
}

static void the_least_valuable_of_a_full_bucket_goes(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(eviction_rows); i++)
		faults += check_eviction(&eviction_rows[i]);
	assert_int_equal(faults, 0);
}

static void a_fresh_record_knows_its_address_and_nothing_else(void **state)
{
	(void)state;
	struct source_table *t = source_table_create(0);
	struct source_record evicted, wanted;
	struct addr a = source(3);
	for (uint32_t i = 10; i < 14; i++)
		memset(add(t, i, &evicted)->hosts, 0xff, sizeof evicted.hosts);
	struct source_record *r = source_table_add(t, key_in_bucket(3), &a, &evicted);
	memset(&wanted, 0, sizeof wanted);
	wanted.addr = a;
	assert_memory_equal(r, &wanted, sizeof wanted);
	source_table_destroy(t);
}

static void equal_tags_do_not_mix_sources_up(void **state)
{
	(void)state;
	struct source_table *t = source_table_create(0);
	struct source_record evicted;
	struct addr a = source(1), b = source(2);
	struct source_record *first = source_table_add(t, key_in_bucket(1), &a, &evicted);
	assert_null(source_table_find(t, key_in_bucket(1), &b));
	struct source_record *second = source_table_add(t, key_in_bucket(1), &b, &evicted);
	assert_ptr_not_equal(first, second);
	assert_ptr_equal(source_table_find(t, key_in_bucket(1), &a), first);
	assert_ptr_equal(source_table_find(t, key_in_bucket(1), &b), second);
	source_table_destroy(t);
}

static void memory_is_fixed_whatever_comes(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		size_t asked, records;
	} rows[] = {{"nothing", 0, LEAST_RECORDS}, {"1 MiB", 1 << 20, (1 << 20) / 272 * WAYS},
		{"just enough for 2048", 2048 * 68, 2048}, {"one byte less", 2048 * 68 - 1, 2044}};
	struct table_check_random r = table_check_random_start("source table");
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct source_table *t = source_table_create(rows[i].asked);
		struct source_record evicted;
		for (uint32_t n = 0; n < 200000; n++) {
			struct addr a = source(n);
			source_table_add(t, table_check_random_next(&r), &a, &evicted)->packets = 1;
		}
		size_t bytes = 0, walked = 0, cursor = 0;
		source_table_record_bytes(t, &bytes);
		while (source_table_next(t, &cursor) != NULL)
			walked++;
		faults += table_check_number(rows[i].name, "records", (long long)(bytes / 64),
			(long long)rows[i].records);
		faults += table_check_number(rows[i].name, "walked", (long long)walked,
			(long long)source_table_count(t));
		faults += table_check_number(rows[i].name, "kept and dropped",
			(long long)(source_table_count(t) + source_table_evictions(t)), 200000);
		source_table_destroy(t);
	}
	source_table_destroy(NULL);
	assert_int_equal(faults, 0);
}

/* source_table.h: "what is most likely the record of a key; null if there surely is none". */
static void a_key_is_fetched_or_surely_unknown(void **state)
{
	(void)state;
	struct source_table *t = source_table_create(0);
	struct source_record evicted;
	for (uint32_t i = 0; i < WAYS; i++) {
		assert_null(source_table_prefetch_record(t, key_in_bucket(i)));
		struct source_record *r = add(t, i, &evicted);
		assert_ptr_equal(source_table_prefetch_record(t, key_in_bucket(i)), r);
	}
	/* Two keys with one tag: one is fetched, and both are found. */
	struct addr other = source(99);
	source_table_add(t, key_in_bucket(1), &other, &evicted);
	assert_non_null(source_table_prefetch_record(t, key_in_bucket(1)));
	assert_true(addr_equal(&source_table_find(t, key_in_bucket(1), &other)->addr, &other));
	source_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_valuable_of_a_full_bucket_goes),
		cmocka_unit_test(a_fresh_record_knows_its_address_and_nothing_else),
		cmocka_unit_test(equal_tags_do_not_mix_sources_up),
		cmocka_unit_test(a_key_is_fetched_or_surely_unknown),
		cmocka_unit_test(memory_is_fixed_whatever_comes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
