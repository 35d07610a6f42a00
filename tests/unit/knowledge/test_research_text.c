/* SPDX-License-Identifier: ISC */
#include "knowledge/research_text.h"

#include "knowledge/knowledge_table.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct addr addr_of(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

static void an_organisation_is_known_by_its_blocks_to_their_edges(void **state)
{
	(void)state;
	static const struct {
		const char *address, *who;
	} rows[] = {{"162.142.125.0", "Censys"}, {"162.142.125.255", "Censys"},
		{"162.142.126.0", NULL}, {"162.142.124.255", NULL}, {"66.240.192.138", "Shodan"},
		{"66.240.192.139", NULL}, {"184.105.139.64", "Shadowserver"},
		{"184.105.139.128", NULL}, {"2620:96:e000::7", "Censys"}, {"2620:96:e001::7", NULL},
		{"2001:470:2cc:1::1", "Shadowserver"}, {"198.51.100.7", NULL}, {"0.0.0.0", NULL},
		{"255.255.255.255", NULL}, {"::", NULL}};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct addr a = addr_of(rows[i].address);
		const struct research_text *text = research_text_of(&a);
		if (text == NULL || rows[i].who == NULL)
			assert_true((text == NULL) == (rows[i].who == NULL));
		else
			assert_string_equal(text->who, rows[i].who);
	}
}

static void every_block_is_found_and_stands_in_order(void **state)
{
	(void)state;
	for (size_t i = 0; i < knowledge_table_research_count; i++) {
		const struct research_row *row = &knowledge_table_research[i];
		assert_ptr_equal(research_text_of(&row->block.base), &row->text);
		assert_true(strlen(row->text.who) <= RESEARCH_NAME_LENGTH);
		assert_true(i == 0 || addr_compare(&row[-1].block.base, &row->block.base) < 0);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_organisation_is_known_by_its_blocks_to_their_edges),
		cmocka_unit_test(every_block_is_found_and_stands_in_order),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
