/* SPDX-License-Identifier: ISC */
#include "report/incident_table.h"

#include "../store/sample_incident.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static struct store_incident row_of(const struct incident *in, int64_t number)
{
	struct store_incident row = {.number = number,
		.id = in->id,
		.first = in->first,
		.last = in->last,
		.state = in->state,
		.level = in->level,
		.summary = strdup(in->summary),
		.json = sample_line(in, &(struct incident_json_names){"minnie", NULL})};
	return row;
}

/* A scan today, noise of yesterday from an IPv6 block, a group of last year, and a broken row. */
static struct store_incidents make_list(void)
{
	struct store_incidents list = {calloc(4, sizeof *list.rows), 4, false};
	struct incident in = sample_incident();
	list.rows[0] = row_of(&in, 1204);
	in.src = sample_addr("2001:db8:0:7::1");
	in.src_prefix = prefix_of(&in.src, 64);
	in.kind = INCIDENT_KIND_BACKSCATTER;
	in.class = INCIDENT_CLASS_NOISE;
	in.level = 0;
	in.last.us -= 86400 * CLOCK_US_PER_S;
	list.rows[1] = row_of(&in, 9);
	in.src = (struct addr){{0}};
	in.sources_count = 40;
	in.kind = INCIDENT_KIND_DISTRIBUTED;
	in.level = 2;
	in.last = sample_time("2025-06-01T00:00:00Z");
	list.rows[2] = row_of(&in, 8);
	list.rows[3] = row_of(&in, 7);
	strcpy(list.rows[3].json, "{");
	strcpy(list.rows[3].src, "192.0.2.1");
	return list;
}

static void incidents_stand_one_below_another_and_whole(void **state)
{
	(void)state;
	struct store_incidents list = make_list();
	struct sheet *s = sheet_make(80);
	list.more = true;
	incident_table_print(&s->page, &list, &(struct incident_table){0});
	sheet_expect(s,
		" no.  level            last  source             what\n"
		"1204  !!  severe      14:09  198.51.100.20      scanned 1,024 ports on\n"
		"                                                203.0.113.5\n"
		"   9  .   explained  19 Nov  2001:db8:0:7::/64  answered packets that\n"
		"                                                203.0.113.5 never sent\n"
		"   8  ?   suspicious   2025  40 sources         together scanned 1,024 ports on\n"
		"                                                203.0.113.5\n"
		"   7  ?   suspicious   2025  192.0.2.1          XMAS scan of 1,024 ports on one\n"
		"                                                host, with the packets nmap -sX\n"
		"                                                sends\n"
		"The latest 4; there are more (--limit).\n");
	store_incidents_clear(&list);
}

static void no_row_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120, 200};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		struct store_incidents list = make_list();
		struct sheet *s = sheet_make(widths[i]);
		incident_table_print(&s->page, &list, &(struct incident_table){0});
		sheet_expect_tidy(s);
		store_incidents_clear(&list);
	}
}

static void nothing_is_said_in_words(void **state)
{
	(void)state;
	static const char *const wanted[] = {"No incident matches.\n",
		"No incident matches. The harmless ones are shown with --level 0.\n",
		"No incident of level 2 or above matches.\n"};
	struct store_incidents none = {NULL, 0, false};
	for (int level = 0; level < 3; level++) {
		struct sheet *s = sheet_make(80);
		incident_table_print(&s->page, &none, &(struct incident_table){.min_level = level});
		sheet_expect(s, wanted[level]);
	}
	struct sheet *json = sheet_make(80);
	incident_table_print_json(json->page.out, &none);
	sheet_expect(json, "");
}

static void json_is_the_stored_lines(void **state)
{
	(void)state;
	struct store_incidents list = make_list();
	struct sheet *s = sheet_make(80);
	incident_table_print_json(s->page.out, &list);
	const char *text = sheet_text(s);
	assert_memory_equal(text, list.rows[0].json, strlen(list.rows[0].json));
	assert_int_equal(text[strlen(list.rows[0].json)], '\n');
	sheet_free(s);
	store_incidents_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(incidents_stand_one_below_another_and_whole),
		cmocka_unit_test(no_row_is_wider_than_the_page),
		cmocka_unit_test(nothing_is_said_in_words),
		cmocka_unit_test(json_is_the_stored_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
