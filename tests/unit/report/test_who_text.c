/* SPDX-License-Identifier: ISC */
#include "report/who_text.h"

#include "../store/sample_incident.h"
#include "net/ip_proto.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

static const char *service(uint8_t proto, uint16_t port)
{
	return proto == IP_PROTO_TCP && port == 23 ? "telnet" : NULL;
}

static uint32_t day(int month, int dom)
{
	return (uint32_t)clock_days_from_civil(2026, month, dom);
}

struct known {
	struct addr address;
	struct store_incident row;
	struct store_incidents incidents;
	struct store_day day_rows[3];
	struct store_days days;
	struct store_knock knock_rows[2];
	struct store_knocks knocks;
	struct who_text who;
};

static struct known *make_known(void)
{
	struct known *k = calloc(1, sizeof *k);
	struct incident in = sample_incident();
	k->address = in.src;
	k->row = (struct store_incident){.number = 12,
		.id = in.id,
		.first = in.first,
		.last = in.last,
		.state = in.state,
		.level = 4,
		.json = sample_line(&in, &(struct incident_json_names){NULL, NULL})};
	k->incidents = (struct store_incidents){&k->row, 1, false};
	k->day_rows[0] = (struct store_day){day(9, 30), 3, 1};
	k->day_rows[1] = (struct store_day){day(11, 1), 1, 1};
	k->day_rows[2] = (struct store_day){day(11, 20), 1991, 1024};
	k->days = (struct store_days){k->day_rows, 3};
	struct addr dst = sample_addr("203.0.113.5");
	k->knock_rows[0] = (struct store_knock){k->address, dst, day(11, 20), 23, IP_PROTO_TCP,
		EVENT_PROBE_SYN, 12, in.first, in.last};
	k->knock_rows[1] = (struct store_knock){k->address, dst, day(11, 1), 0, IP_PROTO_ICMP,
		EVENT_PROBE_ICMP, 1, sample_time("2026-11-01T01:00:00Z"),
		sample_time("2026-11-01T01:00:00Z")};
	k->knocks = (struct store_knocks){k->knock_rows, 2, false};
	k->who = (struct who_text){&k->address, &k->incidents, &k->days, &k->knocks, service};
	return k;
}

static void free_known(struct known *k)
{
	free(k->row.json);
	free(k);
}

static void an_address_is_told_with_all_that_is_remembered(void **state)
{
	(void)state;
	struct known *k = make_known();
	struct sheet *s = sheet_make(80);
	assert_true(who_text_print(&s->page, &k->who));
	sheet_expect(s,
		"198.51.100.20\n"
		"    seen       first 30 Sep 2026, last 20 Nov 14:09; active on 3 days\n"
		"    knocked    1,995 knocks on 1,026 doors, the same again not counted\n"
		"    activity   ··········▁··················▆ 30 days\n"
		"    incidents  1 incident, 1 open; the worst is !! severe\n"
		"\n"
		"no.  level            last  source         what\n"
		" 12  !!  severe      14:09  198.51.100.20  scanned 1,024 ports on 203.0.113.5\n"
		"\n"
		"what it knocked on\n"
		"     14:09  tcp/23        telnet, syn, 12 knocks on 203.0.113.5\n"
		"     1 Nov  icmp          icmp, 1 knock on 203.0.113.5\n");
	free_known(k);
}

static void an_unknown_address_is_said_to_be_unknown(void **state)
{
	(void)state;
	struct addr a = sample_addr("192.0.2.77");
	struct store_incidents incidents = {0};
	struct store_days days = {0};
	struct store_knocks knocks = {0};
	struct who_text who = {&a, &incidents, &days, &knocks, NULL};
	struct sheet *s = sheet_make(80), *json = sheet_make(80);
	assert_false(who_text_print(&s->page, &who));
	sheet_expect(s, "192.0.2.77 was never seen here.\n");
	assert_false(who_text_print_json(&json->page, &who));
	sheet_expect(json, "{\"v\":1,\"address\":\"192.0.2.77\",\"known\":false}\n");
}

static void no_line_is_wider_than_the_page(void **state)
{
	(void)state;
	static const unsigned widths[] = {40, 60, 80, 120};
	for (size_t i = 0; i < sizeof widths / sizeof widths[0]; i++) {
		struct known *k = make_known();
		struct sheet *s = sheet_make(widths[i]);
		k->knock_rows[0].dst = sample_addr("2001:db8:1111:2222:3333:4444:5555:6666");
		k->knock_rows[1].probe = 200; /* a file from elsewhere may hold anything */
		k->knocks.more = true;
		assert_true(who_text_print(&s->page, &k->who));
		sheet_expect_tidy(s);
		free_known(k);
	}
}

static void json_holds_days_knocks_and_incidents(void **state)
{
	(void)state;
	struct known *k = make_known();
	struct sheet *s = sheet_make(80);
	assert_true(who_text_print_json(&s->page, &k->who));
	json_t *line = json_loads(sheet_text(s), 0, NULL);
	const char *first, *last, *id;
	json_int_t active, packets, level;
	json_t *days, *knocks;
	assert_int_equal(
		json_unpack(line, "{s:s, s:s, s:I, s:I, s:I, s:o, s:o, s:[s]}", "first", &first,
			"last", &last, "days_active", &active, "packets", &packets, "level", &level,
			"days", &days, "knocks", &knocks, "incidents", &id),
		0);
	assert_string_equal(first, "2026-09-30T00:00:00.000000Z");
	assert_string_equal(last, "2026-11-20T14:09:40.120311Z");
	assert_int_equal(active, 3);
	assert_int_equal(packets, 1995);
	assert_int_equal(level, 4);
	assert_int_equal(json_array_size(days), 3);
	assert_int_equal(json_array_size(knocks), 2);
	assert_string_equal(id, k->row.id.text);
	json_decref(line);
	sheet_free(s);
	free_known(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_address_is_told_with_all_that_is_remembered),
		cmocka_unit_test(an_unknown_address_is_said_to_be_unknown),
		cmocka_unit_test(no_line_is_wider_than_the_page),
		cmocka_unit_test(json_holds_days_knocks_and_incidents),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
