/* SPDX-License-Identifier: ISC */
#include "report/knock_run.h"

#include "../store/sample_incident.h"
#include "event/event.h"
#include "net/ip_proto.h"
#include "report/who_text.h"
#include "sheet.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>

#include <cmocka.h>

enum { ROWS = 64 };

struct past {
	struct addr address;
	struct store_incidents incidents;
	struct store_days days;
	struct store_knock rows[ROWS];
	struct store_knocks knocks;
	struct who_text who;
};

static struct past *make_past(void)
{
	struct past *p = calloc(1, sizeof *p);
	p->address = sample_addr("198.51.100.20");
	p->knocks.rows = p->rows;
	p->who = (struct who_text){&p->address, &p->incidents, &p->days, &p->knocks, NULL};
	return p;
}

/* One more row, older than those before it. */
static void add(struct past *p, const char *dst, uint16_t port, int dom, int minute)
{
	struct wall_time t = {
		(clock_days_from_civil(2026, 11, dom) * 1440 + minute) * 60 * CLOCK_US_PER_S};
	p->rows[p->knocks.count++] = (struct store_knock){p->address, sample_addr(dst),
		(uint32_t)clock_days_from_civil(2026, 11, dom), port, IP_PROTO_TCP, EVENT_PROBE_SYN,
		2, t, t};
}

static void expect(struct past *p, const char *wanted)
{
	char whole[4096];
	snprintf(whole, sizeof whole, "\nwhat it knocked on\n%s", wanted);
	struct sheet *s = sheet_make(80);
	assert_true(who_text_print(&s->page, &p->who));
	const char *from = strstr(sheet_text(s), "\nwhat it knocked on");
	assert_non_null(from);
	assert_string_equal(from, whole);
	sheet_free(s);
	free(p);
}

static void many_ports_of_one_host_are_one_line(void **state)
{
	(void)state;
	struct past *p = make_past();
	for (unsigned i = 0; i < 50; i++)
		add(p, "203.0.113.5", (uint16_t)(100 - i), 20, 800 - (int)i);
	expect(p,
		"     13:20  50 ports      syn, 100 knocks on 203.0.113.5 since 20 Nov 12:31: tcp\n"
		"                          51-100\n");
}

static void many_hosts_with_one_port_are_one_line(void **state)
{
	(void)state;
	struct past *p = make_past();
	add(p, "203.0.113.9", 22, 20, 800);
	add(p, "203.0.113.200", 22, 20, 800);
	add(p, "203.0.113.1", 22, 20, 800);
	expect(p,
		"     13:20  tcp/22        syn, 6 knocks on 3 hosts, 203.0.113.1 to 203.0.113.200\n");
}

static void one_door_day_after_day_is_one_line(void **state)
{
	(void)state;
	struct past *p = make_past();
	for (int dom = 20; dom > 10; dom--)
		add(p, "203.0.113.5", 23, dom, 800);
	expect(p,
		"     13:20  tcp/23        syn, 20 knocks on 203.0.113.5, on 10 days since 11 Nov\n"
		"                          13:20\n");
}

static void what_differs_in_two_things_stays_apart(void **state)
{
	(void)state;
	struct past *p = make_past();
	add(p, "203.0.113.5", 23, 20, 800);
	add(p, "203.0.113.6", 24, 20, 700);
	add(p, "203.0.113.5", 23, 20, 600);
	p->rows[2].probe = EVENT_PROBE_FIN;
	expect(p, "     13:20  tcp/23        syn, 2 knocks on 203.0.113.5\n"
		  "     11:40  tcp/24        syn, 2 knocks on 203.0.113.6\n"
		  "     10:00  tcp/23        fin, 2 knocks on 203.0.113.5\n");
}

static void what_is_beyond_a_page_is_counted(void **state)
{
	(void)state;
	struct past *p = make_past();
	for (unsigned i = 0; i < 23; i++) {
		char host[32];
		snprintf(host, sizeof host, "203.0.113.%u", i);
		add(p, host, (uint16_t)(100 + i), 20, 800);
	}
	struct sheet *s = sheet_make(80);
	assert_true(who_text_print(&s->page, &p->who));
	assert_non_null(strstr(sheet_text(s), "tcp/119"));
	assert_null(strstr(sheet_text(s), "tcp/120"));
	assert_non_null(strstr(sheet_text(s), "    and 6 knocks of other kinds before\n"));
	sheet_free(s);
	free(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_ports_of_one_host_are_one_line),
		cmocka_unit_test(many_hosts_with_one_port_are_one_line),
		cmocka_unit_test(one_door_day_after_day_is_one_line),
		cmocka_unit_test(what_differs_in_two_things_stays_apart),
		cmocka_unit_test(what_is_beyond_a_page_is_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
