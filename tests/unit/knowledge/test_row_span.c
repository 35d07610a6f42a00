/* SPDX-License-Identifier: ISC */
#include "knowledge/row_span.h"

#include "knowledge/knowledge_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stdint.h>

#include <cmocka.h>

static void a_key_is_found_in_its_span_and_nowhere_else(void **state)
{
	(void)state;
	static const struct row_span spans[] = {{5, 5}, {7, 9}, {10, 10}, {20, UINT32_MAX}};
	static const struct {
		uint32_t key;
		int row; /* -1: none */
	} rows[] = {
		{0, -1},
		{4, -1},
		{5, 0},
		{6, -1},
		{7, 1},
		{8, 1},
		{9, 1},
		{10, 2},
		{11, -1},
		{19, -1},
		{20, 3},
		{UINT32_MAX, 3},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct row_span *got = row_span_find(spans, 4, sizeof spans[0], rows[i].key);
		int row = got ? (int)(got - spans) : -1;
		if (row != rows[i].row)
			fail_msg("%u: got row %d, wanted %d", rows[i].key, row, rows[i].row);
	}
}

static void an_empty_table_holds_nothing(void **state)
{
	(void)state;
	static const struct row_span spans[] = {{5, 5}};
	assert_null(row_span_find(spans, 0, sizeof spans[0], 5));
}

static void protocols_never_share_a_key(void **state)
{
	(void)state;
	assert_int_not_equal(row_span_key(6, 80), row_span_key(17, 80));
	assert_true(row_span_key(6, 65535) < row_span_key(7, 0));
}

static void check_order(const char *table, const void *rows, size_t count, size_t row_bytes)
{
	const char *bytes = rows;
	uint64_t next = 0;
	for (size_t i = 0; i < count; i++) {
		const struct row_span *span = (const void *)(bytes + i * row_bytes);
		if (span->first < next || span->last < span->first)
			fail_msg("%s: row %zu: got %#x to %#x, wanted from %#llx on", table, i,
				span->first, span->last, (unsigned long long)next);
		next = (uint64_t)span->last + 1;
	}
}

static void the_built_in_tables_are_sorted_without_overlap(void **state)
{
	(void)state;
	check_order("services", knowledge_table_services, knowledge_table_services_count,
		sizeof knowledge_table_services[0]);
	check_order("ports", knowledge_table_ports, knowledge_table_ports_count,
		sizeof knowledge_table_ports[0]);
	check_order("icmp", knowledge_table_icmp, knowledge_table_icmp_count,
		sizeof knowledge_table_icmp[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_key_is_found_in_its_span_and_nowhere_else),
		cmocka_unit_test(an_empty_table_holds_nothing),
		cmocka_unit_test(protocols_never_share_a_key),
		cmocka_unit_test(the_built_in_tables_are_sorted_without_overlap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
