/* SPDX-License-Identifier: ISC */
#include "report/incident_run.h"

#include "../store/sample_incident.h"
#include "report/incident_table.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

/* Sweeps for one port by one source each, the latest first, an hour apart. */
static struct store_incidents make_sweeps(unsigned count, bool one_source)
{
	static const struct port_range ssh = {PORT_SET_TCP, 22, 22};
	struct store_incidents list = {calloc(count, sizeof *list.rows), count, false};
	for (unsigned i = 0; i < count; i++) {
		struct incident in = sample_incident();
		in.kind = INCIDENT_KIND_HORIZONTAL;
		in.level = 2;
		in.ports = &ssh;
		in.port_ranges = in.ports_count = 1;
		in.dst = (struct addr){{0}};
		in.hosts_count = 10 + i;
		in.src.bytes[15] = (uint8_t)(one_source ? 1 : 1 + i);
		in.last.us -= (int64_t)i * 3600 * CLOCK_US_PER_S;
		in.first = in.last;
		list.rows[i] = (struct store_incident){.number = 900 - i,
			.id = in.id,
			.first = in.first,
			.last = in.last,
			.level = 2,
			.summary = strdup(in.summary),
			.json = sample_line(&in, &(struct incident_json_names){"minnie", NULL})};
	}
	return list;
}

static void expect(
	struct store_incidents *list, const struct incident_table *wanted, const char *text)
{
	struct sheet *s = sheet_make(80);
	incident_table_print(&s->page, list, wanted);
	sheet_expect(s, text);
	store_incidents_clear(list);
}

static void many_that_did_the_same_are_one_line(void **state)
{
	(void)state;
	struct store_incidents list = make_sweeps(10, false);
	expect(&list, &(struct incident_table){0},
		"no.  level            last  source      what\n"
		"900  ?   suspicious  14:09  10 sources  looked for tcp/22 on up to 19 hosts, 10\n"
		"                                        times since 20 Nov 05:09\n"
		"Many alike are one line, with the number of the latest; --each lists all.\n");
}

static void of_one_host_each_no_host_is_named(void **state)
{
	(void)state;
	struct store_incidents list = make_sweeps(4, false);
	for (unsigned i = 0; i < 4; i++) {
		struct incident in = sample_incident();
		in.dst.bytes[15] = (uint8_t)(1 + i);
		free(list.rows[i].json);
		list.rows[i].json = sample_line(&in, &(struct incident_json_names){NULL, NULL});
	}
	struct sheet *s = sheet_make(120);
	incident_table_print(&s->page, &list, &(struct incident_table){0});
	assert_non_null(strstr(sheet_text(s), "scanned 1,024 ports on one host each, 4 times"));
	sheet_free(s);
	store_incidents_clear(&list);
}

static void one_source_that_comes_again_is_named(void **state)
{
	(void)state;
	struct store_incidents list = make_sweeps(4, true);
	struct sheet *s = sheet_make(80);
	incident_table_print(&s->page, &list, &(struct incident_table){0});
	assert_non_null(strstr(sheet_text(s), "198.51.100.1 "));
	assert_null(strstr(sheet_text(s), "sources"));
	sheet_free(s);
	store_incidents_clear(&list);
}

static void few_stay_apart(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident_runs runs;
	struct store_incidents list = make_sweeps(INCIDENT_RUN_LEAST - 1, false);
	incident_runs_make(&runs, &list, false, &s->page);
	assert_int_equal(runs.count, INCIDENT_RUN_LEAST - 1);
	incident_runs_clear(&runs);
	store_incidents_clear(&list);
	sheet_free(s);
}

static void each_is_told_on_request(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident_runs runs;
	struct store_incidents list = make_sweeps(10, false);
	incident_runs_make(&runs, &list, true, &s->page);
	assert_int_equal(runs.count, 10);
	assert_string_equal(runs.items[9].source, "198.51.100.10");
	incident_runs_clear(&runs);
	store_incidents_clear(&list);
	sheet_free(s);
}

static void another_level_is_another_line(void **state)
{
	(void)state;
	struct sheet *s = sheet_make(80);
	struct incident_runs runs;
	struct store_incidents list = make_sweeps(10, false);
	for (unsigned i = 0; i < 5; i++) {
		char *level = strstr(list.rows[i].json, "\"level\":2");
		assert_non_null(level);
		level[8] = '3';
	}
	incident_runs_make(&runs, &list, false, &s->page);
	assert_int_equal(runs.count, 2);
	assert_int_equal(runs.items[0].count, 5);
	assert_int_equal(runs.items[1].count, 5);
	incident_runs_clear(&runs);
	store_incidents_clear(&list);
	sheet_free(s);
}

static void a_limit_counts_lines(void **state)
{
	(void)state;
	struct store_incidents list = make_sweeps(3, false);
	struct sheet *s = sheet_make(80);
	incident_table_print(&s->page, &list, &(struct incident_table){.lines = 2});
	assert_non_null(strstr(sheet_text(s), "The latest 2; there are more (--limit).\n"));
	assert_null(strstr(sheet_text(s), "198.51.100.3"));
	sheet_free(s);
	store_incidents_clear(&list);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_that_did_the_same_are_one_line),
		cmocka_unit_test(of_one_host_each_no_host_is_named),
		cmocka_unit_test(one_source_that_comes_again_is_named),
		cmocka_unit_test(few_stay_apart),
		cmocka_unit_test(each_is_told_on_request),
		cmocka_unit_test(another_level_is_another_line),
		cmocka_unit_test(a_limit_counts_lines),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
