/* SPDX-License-Identifier: ISC */
/*
 * Packets that abuse IP itself: redirects, source routes, forged senders; and what only looks like them.
 */
#include "scene.h"
#include "table_check.h"

#define ROUTER "192.0.2.1"
#define INSIDE "192.0.2.77"
#define HOST6 "2001:db8:5::5"

enum shape { REDIRECT, REDIRECT6, ROUTED, ROUTED_ANSWER, SYN, LAND, HAIRPIN, RESET };

struct row {
	const char *name;
	enum shape shape;
	const char *src;
	uint8_t ttl, options, marks;
	unsigned packets;
	int level; /* -1 = no story above level 0 */
	enum incident_kind kind;
};

static const struct row rows[] = {
	{"a stranger's redirect", REDIRECT, SCENE_SOURCE, 52, 0, 0, 1, 3, INCIDENT_KIND_REDIRECT},
	{"our router's redirect", REDIRECT, ROUTER, 64, 0, 0, 9, -1, 0},
	{"our router's, which counts itself", REDIRECT, ROUTER, 254, 0, 0, 9, -1, 0},
	{"the provider's, from a private address", REDIRECT, "10.7.0.1", 255, 0, 0, 9, -1, 0},
	{"our router's name, from afar", REDIRECT, ROUTER, 52, 0, 0, 1, 3, INCIDENT_KIND_REDIRECT},
	{"IPv6: the router of the link", REDIRECT6, "fe80::1", 255, 0, 0, 9, -1, 0},
	{"IPv6: from beyond the link", REDIRECT6, "fe80::1", 254, 0, 0, 1, 3,
		INCIDENT_KIND_REDIRECT},
	{"IPv6: not link-local", REDIRECT6, "2001:db8:9::1", 255, 0, 0, 1, 3,
		INCIDENT_KIND_REDIRECT},
	{"one loose source route", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_LOOSE_ROUTE, 0, 1, 2,
		INCIDENT_KIND_SOURCE_ROUTE},
	{"strict source routes", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_STRICT_ROUTE, 0, 3, 3,
		INCIDENT_KIND_SOURCE_ROUTE},
	{"a scan of many doors with them", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_LOOSE_ROUTE, 0,
		30, 3, INCIDENT_KIND_SOURCE_ROUTE},
	{"recorded routes", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_RECORD_ROUTE, 0, 2, -1, 0},
	{"an answer on the way we chose", ROUTED_ANSWER, SCENE_SOURCE, 52,
		EVENT_IP_OPTION_LOOSE_ROUTE, 0, 3, -1, 0},
	{"LAND", LAND, SCENE_HOST, 64, 0, 0, 1, 2, INCIDENT_KIND_SPOOF},
	{"LAND, again and again", LAND, SCENE_HOST, 50, 0, 0, 5, 3, INCIDENT_KIND_SPOOF},
	{"our own address, come from outside", SYN, SCENE_HOST, 64, 0, EVENT_MARK_INCOMING, 1, 2,
		INCIDENT_KIND_SPOOF},
	{"our own address, come over routers", SYN, SCENE_HOST, 50, 0, 0, 1, 2,
		INCIDENT_KIND_SPOOF},
	{"a host that calls itself", SYN, SCENE_HOST, 64, 0, 0, 3, -1, 0},
	{"our call, translated back to us", HAIRPIN, SCENE_HOST, 63, 0, EVENT_MARK_INCOMING, 3, -1,
		0},
	{"a neighbour", SYN, INSIDE, 64, 0, 0, 3, -1, 0},
	{"a private sender", SYN, "10.1.2.3", 52, 0, 0, 3, -1, 0},
	{"loopback as sender", SYN, "127.0.0.1", 52, 0, 0, 3, 3, INCIDENT_KIND_SPOOF},
	{"reserved sender", SYN, "250.1.2.3", 52, 0, 0, 3, 3, INCIDENT_KIND_SPOOF},
	{"reserved sender, once", SYN, "250.1.2.3", 52, 0, 0, 1, -1, 0},
	{"resets from the loopback", RESET, "127.0.0.1", 120, 0, 0, 20, -1, 0},
};

static struct event shape_of(const struct row *row, uint16_t number)
{
	uint16_t port = (uint16_t)(row->shape == SYN ? 7000 : 7000 + number), from = 41000;
	switch (row->shape) {
	case REDIRECT:
		return event_maker_quoting(event_maker_icmp(row->src, SCENE_HOST, 5, 1),
			IP_PROTO_TCP, from, "203.0.113.9", 443);
	case REDIRECT6:
		return event_maker_icmp(row->src, HOST6, 137, 0);
	case ROUTED_ANSWER:
		return event_maker_tcp(
			row->src, 80, SCENE_HOST, from, EVENT_TCP_SYN | EVENT_TCP_ACK);
	case LAND:
		return event_maker_syn(row->src, 139, SCENE_HOST, 139);
	case RESET:
		return event_maker_tcp(row->src, 80, SCENE_HOST, (uint16_t)(from + number),
			EVENT_TCP_RST | EVENT_TCP_ACK);
	case ROUTED:
	case SYN:
	case HAIRPIN:
		break;
	}
	return event_maker_syn(row->src, from, SCENE_HOST, port);
}

/* What we send before it: a call of our own from the very port. */
static void call_out(struct scene *s)
{
	struct event e = event_maker_syn(SCENE_HOST, 41000, SCENE_SOURCE, 80);
	scene_send(s, event_maker_marks(e, EVENT_MARK_OUTGOING), 1000);
}

static unsigned check_row(const struct row *row)
{
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < row->packets; i++) {
		struct event e = event_maker_ttl(shape_of(row, (uint16_t)i), row->ttl);
		e.ip_options = row->options;
		if (row->shape == ROUTED_ANSWER || row->shape == HAIRPIN)
			call_out(&s);
		scene_send(&s, event_maker_marks(e, row->marks), EVENT_MAKER_SECOND);
	}
	scene_end(&s);
	unsigned loud = scene_count(&s, INCIDENT_OPEN, 1);
	unsigned faults = table_check_number(row->name, "loud stories", loud, row->level > 0);
	if (row->level > 0) {
		const struct scene_told *t = scene_kind(&s, row->kind);
		faults += table_check_number(row->name, "level", t ? t->level : -1, row->level);
		faults += table_check_number(
			row->name, "packets", t ? (int)t->packets : 0, (int)row->packets);
	}
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void a_misuse_is_told_and_what_looks_like_it_is_not(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void a_scanner_that_routes_its_packets_stays_one_story(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 0; i < 60; i++) {
		struct event e =
			event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, (uint16_t)(100 + i));
		if (i >= 20)
			e.ip_options = EVENT_IP_OPTION_LOOSE_ROUTE;
		scene_send(&s, e, 10000);
	}
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	assert_int_equal(t->kind, INCIDENT_KIND_VERTICAL);
	assert_int_equal(t->targets_count, 60);
	assert_non_null(strstr(t->why, "dictates the route"));
	scene_clear(&s);
}

static void a_forged_address_of_ours_is_not_made_a_scanner(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 0; i < 40; i++)
		scene_send(&s,
			event_maker_ttl(
				event_maker_syn(SCENE_HOST, 40000, SCENE_HOST, (uint16_t)(i + 1)),
				44),
			10000);
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_OPEN, 1), 1);
	assert_int_equal(scene_kind(&s, INCIDENT_KIND_SPOOF)->targets_count, 40);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_misuse_is_told_and_what_looks_like_it_is_not),
		cmocka_unit_test(a_scanner_that_routes_its_packets_stays_one_story),
		cmocka_unit_test(a_forged_address_of_ours_is_not_made_a_scanner),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
