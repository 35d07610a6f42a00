/* SPDX-License-Identifier: ISC */
/*
 * Packets that abuse IP itself: redirects, source routes, forged senders; and what only looks like them.
 */
#include "scene.h"
#include "table_check.h"

#define ROUTER "192.0.2.1"
#define INSIDE "192.0.2.77"
#define HOST6 "2001:db8:5::5"

enum shape { REDIRECT, REDIRECT6, ADVERT6, ROUTED, ROUTED_ANSWER, SYN, LAND, HAIRPIN, RESET };

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
	{"a recorded route", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_RECORD_ROUTE, 0, 1, 1,
		INCIDENT_KIND_EXPLOIT},
	{"times of routers", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_TIMESTAMP, 0, 12, 2,
		INCIDENT_KIND_EXPLOIT},
	{"a security label", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_SECURITY, 0, 1, 1,
		INCIDENT_KIND_EXPLOIT},
	{"an unknown option", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_OTHER, 0, 1, 1,
		INCIDENT_KIND_EXPLOIT},
	{"router alert", ROUTED, SCENE_SOURCE, 52, EVENT_IP_OPTION_ROUTER_ALERT, 0, 1, -1, 0},
	{"our own ping, with the routes it took", ROUTED_ANSWER, SCENE_SOURCE, 52,
		EVENT_IP_OPTION_RECORD_ROUTE, 0, 3, -1, 0},
	{"IPv6: a router of the link", ADVERT6, "fe80::1", 255, 0, 0, 9, -1, 0},
	{"IPv6: a router from beyond the link", ADVERT6, "fe80::1", 254, 0, 0, 1, 3,
		INCIDENT_KIND_REDIRECT},
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
	case ADVERT6:
		return event_maker_icmp(row->src, HOST6, 134, 0);
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

/* A piece of a datagram of protocol UDP; `digest` stands for what it says. */
static struct event piece(const char *src, bool v6, uint32_t id, uint16_t offset, uint16_t length,
	bool more, uint32_t digest)
{
	struct event e = offset == 0
				 ? event_maker_udp(src, 4000, v6 ? HOST6 : SCENE_HOST, 2049)
				 : event_maker_packet(src, v6 ? HOST6 : SCENE_HOST, IP_PROTO_UDP);
	e.ip_id = v6 ? 0 : (uint16_t)id;
	e.has |= EVENT_HAS_FRAGMENT;
	e.fragment_id = id;
	e.fragment_offset = offset;
	e.fragment_length = length;
	e.fragment_more = more;
	e.fragment_digest = digest;
	return event_maker_marks(e, EVENT_MARK_FRAGMENT);
}

static void pieces_that_contradict_each_other_are_an_attack(void **state)
{
	(void)state;
	for (int v6 = 0; v6 < 2; v6++) {
		struct scene s;
		const char *who = v6 ? "2001:db8:77::7" : SCENE_SOURCE;
		scene_init(&s);
		scene_send(&s, piece(who, v6, 242, 0, 36, true, 1), 1000);
		scene_send(&s, piece(who, v6, 242, 24, 4, false, 3), 1000);
		scene_end(&s);
		const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_EXPLOIT);
		assert_non_null(t);
		assert_int_equal(t->level, 3);
		assert_non_null(strstr(t->summary, "contradict each other"));
		scene_clear(&s);
	}
}

/* NFS over UDP: eight kilobytes in six pieces, with losses, pieces out of order and pieces twice, until all numbers
 * of IPv4 have been used. */
static void honest_pieces_are_no_attack(void **state)
{
	struct table_check_random random = table_check_random_start("honest_pieces");
	struct scene s;
	(void)state;
	scene_init(&s);
	for (uint32_t number = 0; number < 70000; number++) {
		uint16_t order[6] = {0, 1, 2, 3, 4, 5};
		unsigned swap = table_check_random_below(&random, 5);
		order[swap] = (uint16_t)(swap + 1);
		order[swap + 1] = (uint16_t)swap;
		unsigned lost = table_check_random_below(&random, 60);
		unsigned twice = table_check_random_below(&random, 60);
		for (unsigned i = 0; i < 6; i++) {
			uint16_t at = order[i];
			uint16_t length = at == 5 ? (uint16_t)(700 + number % 64) : 1480;
			struct event e = piece(SCENE_SOURCE, false, number & 0xffff,
				(uint16_t)(at * 1480), length, at < 5, number * 16 + at * 2 + 1);
			if (lost != at)
				scene_send(&s, e, 30);
			if (twice == at)
				scene_send(&s, e, 30);
		}
	}
	scene_end(&s);
	/* So much without an answer is a flood, but no more than that. */
	assert_null(scene_kind(&s, INCIDENT_KIND_EXPLOIT));
	assert_int_equal(detector_stats(pipeline_detector(s.pipeline)).rest, 0);
	scene_clear(&s);
}

static struct event tiny_half(uint16_t port, bool first)
{
	struct event e = event_maker_tcp(SCENE_SOURCE, 40000, SCENE_HOST, port, EVENT_TCP_FIN);
	e.ip_id = port;
	e.has = (uint16_t)((e.has & ~(first ? EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW |
							    EVENT_HAS_TCP_OPTIONS
					    : EVENT_HAS_PORTS | EVENT_HAS_TCP_SEQ |
							    EVENT_HAS_TCP_OPTIONS)) |
			   EVENT_HAS_FRAGMENT);
	e.fragment_id = port;
	e.fragment_offset = first ? 0 : 8;
	e.fragment_length = first ? 8 : 12;
	e.fragment_more = first;
	e.fragment_digest = 1;
	event_name_probe(&e);
	return event_maker_marks(e, EVENT_MARK_FRAGMENT | (first ? EVENT_MARK_TINY_FRAGMENT : 0));
}

static void a_scan_in_tiny_pieces_is_one_scan_of_its_flags(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	for (uint16_t port = 1; port <= 40; port++) {
		scene_send(&s, tiny_half(port, port % 2), 1000);
		scene_send(&s, tiny_half(port, !(port % 2)), 1000);
	}
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	assert_int_equal(t->kind, INCIDENT_KIND_VERTICAL);
	assert_int_equal(t->targets_count, 40);
	assert_int_equal(t->techniques, technique_bit(TECHNIQUE_FIN));
	scene_clear(&s);
}

static void tiny_pieces_at_one_door_are_told_as_such(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	for (unsigned i = 0; i < 6; i++) {
		struct event first = tiny_half(80, true), second = tiny_half(80, false);
		first.fragment_id = second.fragment_id = i;
		scene_send(&s, first, 1000);
		scene_send(&s, second, 1000);
	}
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_EXPLOIT);
	assert_non_null(t);
	assert_non_null(strstr(t->summary, "cut so small"));
	scene_clear(&s);
}

static void a_syn_fin_again_and_again_to_one_door_is_told(void **state)
{
	struct scene s;
	(void)state;
	scene_init(&s);
	for (uint16_t i = 0; i < 4; i++)
		scene_send(&s,
			event_maker_tcp(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 22,
				EVENT_TCP_SYN | EVENT_TCP_FIN),
			1000000);
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_EXPLOIT);
	assert_non_null(t);
	assert_int_equal(t->level, 2);
	assert_non_null(strstr(t->summary, "SYN+FIN"));
	scene_clear(&s);
	/* ... but a scan with such packets is a scan. */
	scene_init(&s);
	for (uint16_t i = 0; i < 20; i++)
		scene_send(&s,
			event_maker_tcp(SCENE_SOURCE, 40000, SCENE_HOST, (uint16_t)(20 + i),
				EVENT_TCP_SYN | EVENT_TCP_FIN),
			1000);
	scene_end(&s);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	assert_int_equal(scene_last(&s, SCENE_SOURCE)->kind, INCIDENT_KIND_VERTICAL);
	scene_clear(&s);
}

/* A scene whose pipeline is there. */
static void begin(struct scene *s)
{
	scene_init(s);
	scene_send(s, event_maker_syn("192.0.2.99", 41000, SCENE_HOST, 22), 1000);
	scene_play(s);
}

/* Live, where this host knows all its addresses: one of them comes from outside to another. */
static void another_address_of_ours_from_outside_is_forged(void **state)
{
	static struct door_set no_doors;
	struct prefix_set own = {0};
	struct scene s;
	(void)state;
	begin(&s);
	struct addr one = event_maker_addr(SCENE_HOST), two = event_maker_addr(INSIDE);
	struct prefix p = prefix_of(&one, 128), q = prefix_of(&two, 128);
	prefix_set_add(&own, &p);
	prefix_set_add(&own, &q);
	detector_set_listening(pipeline_detector(s.pipeline), &no_doors, &own);
	struct event e = event_maker_syn(INSIDE, 41000, SCENE_HOST, 22);
	scene_send(&s, event_maker_marks(e, EVENT_MARK_INCOMING), 1000);
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_SPOOF);
	assert_non_null(t);
	assert_non_null(strstr(t->summary, "in our own name"));
	scene_clear(&s);
}

static void whether_this_host_takes_redirects_is_told(void **state)
{
	static const struct {
		enum summary_redirects taken;
		const char *words;
	} views[] = {{SUMMARY_REDIRECTS_UNKNOWN, "would change our routes"},
		{SUMMARY_REDIRECTS_IGNORED, "; this host takes none"},
		{SUMMARY_REDIRECTS_TAKEN, "; this host takes some"}};
	(void)state;
	for (size_t i = 0; i < 3; i++) {
		struct scene s;
		begin(&s);
		story_book_set_redirects(
			pipeline_stories(s.pipeline), views[i].taken, SUMMARY_REDIRECTS_UNKNOWN);
		scene_send(&s,
			event_maker_ttl(event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 5, 1), 52),
			1000);
		scene_end(&s);
		assert_non_null(
			strstr(scene_kind(&s, INCIDENT_KIND_REDIRECT)->summary, views[i].words));
		scene_clear(&s);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_misuse_is_told_and_what_looks_like_it_is_not),
		cmocka_unit_test(a_scanner_that_routes_its_packets_stays_one_story),
		cmocka_unit_test(a_forged_address_of_ours_is_not_made_a_scanner),
		cmocka_unit_test(pieces_that_contradict_each_other_are_an_attack),
		cmocka_unit_test(honest_pieces_are_no_attack),
		cmocka_unit_test(a_scan_in_tiny_pieces_is_one_scan_of_its_flags),
		cmocka_unit_test(tiny_pieces_at_one_door_are_told_as_such),
		cmocka_unit_test(a_syn_fin_again_and_again_to_one_door_is_told),
		cmocka_unit_test(another_address_of_ours_from_outside_is_forged),
		cmocka_unit_test(whether_this_host_takes_redirects_is_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
