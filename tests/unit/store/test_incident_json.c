/* SPDX-License-Identifier: ISC */
#include "verdict/incident_json.h"

#include "sample_incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const struct incident_json_names names = {"minnie", "eth0"};

static struct incident sample_group(void)
{
	static struct incident_member members[3];
	struct incident in = sample_incident();
	members[0] = (struct incident_member){
		sample_addr("192.0.2.1"), INCIDENT_MEMBER_REAL, "came back to an open port"};
	members[1] =
		(struct incident_member){sample_addr("192.0.2.2"), INCIDENT_MEMBER_DECOY, NULL};
	members[2] =
		(struct incident_member){sample_addr("2001:db8::2"), INCIDENT_MEMBER_UNKNOWN, NULL};
	in.kind = INCIDENT_KIND_DISTRIBUTED;
	in.src = (struct addr){{0}};
	in.src_prefix = (struct prefix){0};
	in.members = members;
	in.members_shown = 3;
	in.sources_count = 40;
	return in;
}

static void the_example_of_the_contract_comes_out_in_its_order(void **state)
{
	(void)state;
	struct incident in = sample_incident();
	char *got = sample_line(&in, &names);
	char wanted[2048];
	snprintf(wanted, sizeof wanted,
		"{\"v\":1,\"timestamp\":\"2026-11-20T14:09:40.120311Z\",\"id\":\"%.26s\","
		"\"host\":\"minnie\",\"event_type\":\"incident\",\"src_ip\":\"198.51.100.20\","
		"\"dest_ip\":\"203.0.113.5\",\"proto\":\"TCP\",\"in_iface\":\"eth0\",\"origin\":"
		"\"packet\","
		"\"incident\":{\"id\":\"%s\",\"state\":\"update\",\"level\":4,\"class\":\"scan\","
		"\"kind\":\"vertical\",\"techniques\":[\"xmas\"],\"slow\":false,\"ports\":[\"tcp/"
		"1-1024\"],"
		"\"ports_count\":1024,\"hosts_count\":1,\"targets_count\":1024,\"packets\":1991,"
		"\"first\":\"2026-11-20T14:02:11.000210Z\",\"last\":\"2026-11-20T14:09:40."
		"120311Z\","
		"\"tool\":\"nmap\",\"nmap\":\"-sX\",\"confidence\":0.999999,\"spoofable\":true,"
		"\"answered\":[\"tcp/22\",\"tcp/80\"],\"returned\":false,"
		"\"why\":\"100 or more targets; found open ports\",\"explain\":\"scan-vertical\","
		"\"summary\":\"XMAS scan of 1,024 ports on one host, with the packets nmap -sX "
		"sends\"}}",
		strstr(got, "\"id\":\"") + 6, in.id.text);
	if (strcmp(got, wanted) != 0)
		fail_msg("got    %s\nwanted %s", got, wanted);
	free(got);
}

static void the_line_has_an_id_of_its_own_that_sorts_by_time(void **state)
{
	(void)state;
	struct incident in = sample_incident();
	char *a = sample_line(&in, &names), *again = sample_line(&in, &names);
	in.now.us += CLOCK_US_PER_S;
	char *b = sample_line(&in, &names);
	const char *ida = strstr(a, "\"id\":\""), *idb = strstr(b, "\"id\":\"");
	assert_memory_not_equal(ida + 6, in.id.text, 26);
	assert_true(memcmp(ida, idb, 32) < 0);
	assert_string_equal(a, again);
	free(a);
	free(again);
	free(b);
}

static void what_was_read_writes_the_same_line_again(void **state)
{
	(void)state;
	struct incident full = sample_incident(), bare = {.now = full.now, .first = full.now};
	bare.last = full.now;
	bare.id = full.id;
	bare.proto_mixed = true;
	bare.sources_count = 1;
	struct incident block = sample_incident();
	block.src = sample_addr("2001:db8:0:1::9");
	block.dst = sample_addr("2001:db8:ffff::5");
	block.src_prefix = prefix_of(&block.src, 64);
	block.slow = block.returned = true;
	block.into = full.id.text;
	block.signature = "Slammer";
	block.reference = "https://example.org/slammer";
	const struct incident all[] = {full, bare, block, sample_group()};
	for (size_t i = 0; i < sizeof all / sizeof all[0]; i++) {
		struct incident_json_reading r;
		char error[128] = "";
		char *first = sample_line(&all[i], &names);
		if (!incident_json_read(first, strlen(first), &r, error, sizeof error))
			fail_msg("%s: %s", first, error);
		char *second = sample_line(&r.incident, &r.names);
		assert_string_equal(first, second);
		incident_json_clear(&r);
		free(first);
		free(second);
	}
}

static void a_group_lists_its_sources_and_what_is_known_of_them(void **state)
{
	(void)state;
	struct incident in = sample_group();
	char *got = sample_line(&in, &names);
	assert_null(strstr(got, "src_ip"));
	assert_null(strstr(got, "src_prefix"));
	assert_non_null(strstr(got, "\"sources\":[\"192.0.2.1\",\"192.0.2.2\",\"2001:db8::2\"],"
				    "\"sources_count\":40,\"members\":[{\"address\":\"192.0.2.1\","
				    "\"role\":\"real\",\"evidence\":\"came back to an open port\"},"
				    "{\"address\":\"192.0.2.2\",\"role\":\"decoy\"},"
				    "{\"address\":\"2001:db8::2\",\"role\":\"unknown\"}]"));
	free(got);
}

static void absent_values_are_absent_never_null_or_empty(void **state)
{
	(void)state;
	struct incident in = {.proto_mixed = true, .summary = "", .sources_count = 1};
	char *got = sample_line(&in, &(struct incident_json_names){"", NULL});
	assert_null(strstr(got, "null"));
	assert_null(strstr(got, "\"\""));
	assert_null(strstr(got, "[]"));
	assert_null(strstr(got, "proto"));
	assert_null(strstr(got, "sources"));
	free(got);
}

static void broken_lines_are_refused_with_a_reason(void **state)
{
	(void)state;
#define HEAD                                                                                       \
	"{\"timestamp\":\"2026-11-20T14:09:40Z\",\"incident\":{\"id\":"                            \
	"\"01JD4P00000000000000000000\","
#define TIMES "\"first\":\"2026-11-20T14:02:11Z\",\"last\":\"2026-11-20T14:09:40Z\"}}"
	static const struct {
		const char *name, *line, *reason;
	} rows[] = {
		{"empty", "", "end of file"},
		{"no object", "[1]", "incident.id"},
		{"cut", "{\"v\":1,", "expected"},
		{"another type", "{\"event_type\":\"knock\",\"knock\":{}}", "incident.id"},
		{"state", HEAD "\"state\":\"gone\",\"kind\":\"block\",\"level\":1," TIMES,
			"incident.state"},
		{"kind", HEAD "\"state\":\"open\",\"kind\":\"art\",\"level\":1," TIMES,
			"incident.kind"},
		{"level", HEAD "\"state\":\"open\",\"kind\":\"block\",\"level\":6," TIMES,
			"incident.level"},
		{"level type", HEAD "\"state\":\"open\",\"kind\":\"block\",\"level\":\"4\"," TIMES,
			"incident.level"},
		{"time", HEAD "\"state\":\"open\",\"kind\":\"block\",\"level\":1,\"first\":5}}",
			"time"},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct incident_json_reading r;
		char error[128] = "";
		if (incident_json_read(rows[i].line, strlen(rows[i].line), &r, error, sizeof error))
			fail_msg("%s: was read", rows[i].name);
		if (strstr(error, rows[i].reason) == NULL)
			fail_msg("%s: got \"%s\", wanted \"...%s...\"", rows[i].name, error,
				rows[i].reason);
	}
}

static void wrong_types_and_strange_lists_are_as_if_absent(void **state)
{
	(void)state;
	static const char line[] =
		HEAD "\"state\":\"open\",\"kind\":\"block\",\"level\":1,\"ports\":[1,\"tcp/"
		     "5-2\",\"tcp/7\",null],"
		     "\"techniques\":\"syn\",\"packets\":-5,\"members\":[7,{\"address\":\"x\"},"
		     "{\"address\":\"192.0.2.7\",\"role\":9}],\"tool\":{},\"confidence\":"
		     "\"high\"," TIMES;
	struct incident_json_reading r;
	char error[128];
	assert_true(incident_json_read(line, strlen(line), &r, error, sizeof error));
	assert_int_equal(r.incident.port_ranges, 1);
	assert_int_equal(r.incident.ports[0].first, 7);
	assert_int_equal(r.incident.techniques, 0);
	assert_int_equal(r.incident.packets, 0);
	assert_int_equal(r.incident.members_shown, 1);
	assert_null(r.incident.tool);
	incident_json_clear(&r);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_example_of_the_contract_comes_out_in_its_order),
		cmocka_unit_test(the_line_has_an_id_of_its_own_that_sorts_by_time),
		cmocka_unit_test(what_was_read_writes_the_same_line_again),
		cmocka_unit_test(a_group_lists_its_sources_and_what_is_known_of_them),
		cmocka_unit_test(absent_values_are_absent_never_null_or_empty),
		cmocka_unit_test(broken_lines_are_refused_with_a_reason),
		cmocka_unit_test(wrong_types_and_strange_lists_are_as_if_absent),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
