/* SPDX-License-Identifier: ISC */
#include "report/status_text.h"

#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>
#include <jansson.h>

static struct store_totals make_totals(void)
{
	return (struct store_totals){.incidents = 1234,
		.open = 2,
		.by_level = {1200, 30, 0, 3, 1, 0},
		.packets_today = 905,
		.sources_today = 1,
		.packets_yesterday = 12345,
		.sources_yesterday = 678,
		.packets = 1000000,
		.ports = 1877,
		.first_day = (uint32_t)clock_days_from_civil(2026, 9, 30),
		.last_day = (uint32_t)clock_days_from_civil(2026, 11, 20),
		.file_bytes = 12345678};
}

static const char path[] = "/var/lib/knockwatch/knockwatch.db";

static void the_state_of_things_fits_in_a_few_lines(void **state)
{
	(void)state;
	struct store_totals t = make_totals();
	struct sheet *s = sheet_make(80);
	status_text_print(
		&s->page, &(struct status_text){path, &t, "65,531 unused TCP ports on eth0", NULL});
	sheet_expect(s,
		"    watching   65,531 unused TCP ports on eth0\n"
		"    today      905 packets from 1 source\n"
		"    yesterday  12,345 packets from 678 sources\n"
		"    in all     1,000,000 packets on 1,877 ports since 30 Sep 2026\n"
		"    incidents  1,234, 2 open: 1 severe !!, 3 serious !, 30 notice -, 1,200\n"
		"               explained .\n"
		"    store      /var/lib/knockwatch/knockwatch.db, 12.3 MB\n"
		"    Days are those of UTC.\n");
}

static void an_empty_store_is_no_trouble(void **state)
{
	(void)state;
	struct store_totals none = {0};
	struct sheet *s = sheet_make(80);
	status_text_print(&s->page, &(struct status_text){path, &none, NULL, "17 packets"});
	sheet_expect(s, "    watching   no (knockwatch watch)\n"
			"    today      0 packets from 0 sources\n"
			"    yesterday  0 packets from 0 sources\n"
			"    incidents  none\n"
			"    lost       17 packets\n"
			"    store      /var/lib/knockwatch/knockwatch.db, 0 B\n"
			"    Days are those of UTC.\n");
}

static void no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		struct store_totals t = make_totals();
		struct sheet *s = sheet_make(widths[i]);
		status_text_print(&s->page, &(struct status_text){path, &t, path, path});
		sheet_expect_tidy(s);
	}
}

static void json_holds_the_same_numbers(void **state)
{
	(void)state;
	struct store_totals t = make_totals();
	struct sheet *s = sheet_make(80);
	status_text_print_json(&s->page, &(struct status_text){path, &t, NULL, NULL});
	json_t *line = json_loads(sheet_text(s), 0, NULL);
	const char *first;
	json_int_t packets, open;
	json_t *levels;
	assert_int_equal(json_unpack(line, "{s:{s:s}, s:{s:I}, s:{s:I, s:o}}", "store", "first_day",
				 &first, "today", "packets", &packets, "incidents", "open", &open,
				 "by_level", &levels),
		0);
	assert_string_equal(first, "2026-09-30");
	assert_int_equal(packets, 905);
	assert_int_equal(open, 2);
	assert_int_equal(json_array_size(levels), 6);
	assert_null(json_object_get(line, "watching"));
	json_decref(line);
	sheet_free(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_state_of_things_fits_in_a_few_lines),
		cmocka_unit_test(an_empty_store_is_no_trouble),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(json_holds_the_same_numbers),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
