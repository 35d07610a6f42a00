/* SPDX-License-Identifier: ISC */
/*
 * Scans of one source, each played alone: what is said of it in the end.
 */
#include "scene.h"
#include "table_check.h"

#define SOURCE6 "2001:db8:9:1::7"
#define BIT(name) (UINT32_C(1) << TECHNIQUE_##name)

static struct event syn(unsigned host, unsigned port)
{
	return event_maker_to(event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + port % 20000),
				      SCENE_HOST, (uint16_t)port),
		scene_host(host));
}

static struct event flags(unsigned port, uint8_t tcp_flags)
{
	return event_maker_tcp(SCENE_SOURCE, 51234, SCENE_HOST, (uint16_t)port, tcp_flags);
}

static void vertical(struct scene *s)
{
	for (unsigned port = 1; port <= 100; port++)
		scene_send(s, syn(5, port), 10000);
}

static void whole_range(struct scene *s)
{
	for (unsigned port = 1; port <= 65535; port++)
		scene_send(s, syn(5, port), 1000);
}

static void horizontal(struct scene *s)
{
	for (unsigned host = 1; host <= 120; host++)
		scene_send(s, syn(host, 2323), 10000);
}

static void block(struct scene *s)
{
	for (unsigned host = 1; host <= 20; host++) {
		for (unsigned port = 20; port < 30; port++)
			scene_send(s, syn(host, port), 10000);
	}
}

static void protocols(struct scene *s)
{
	for (unsigned proto = 60; proto < 90; proto++)
		scene_send(s, event_maker_packet(SCENE_SOURCE, SCENE_HOST, (uint8_t)proto), 10000);
}

static void hourly(struct scene *s)
{
	for (unsigned i = 0; i < 72; i++)
		scene_send(s, syn(i % 30, 1000 + i), EVENT_MAKER_HOUR);
}

static void daily(struct scene *s)
{
	for (unsigned i = 0; i < 21; i++)
		scene_send(s, syn(5, 1000 + i), EVENT_MAKER_DAY);
}

static void connects(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++)
		scene_send(s,
			event_maker_options(event_maker_window(syn(5, port), 64240),
				EVENT_MAKER_LAYOUT_LINUX, 1460),
			10000);
}

static void send_flags(struct scene *s, uint8_t tcp_flags)
{
	for (unsigned port = 20; port < 60; port++)
		scene_send(s, flags(port, tcp_flags), 10000);
}

static void fins(struct scene *s)
{
	send_flags(s, EVENT_TCP_FIN);
}

static void nulls(struct scene *s)
{
	send_flags(s, 0);
}

static void xmas(struct scene *s)
{
	send_flags(s, EVENT_TCP_FIN | EVENT_TCP_PSH | EVENT_TCP_URG);
}

static void acks(struct scene *s)
{
	send_flags(s, EVENT_TCP_ACK);
}

static void maimons(struct scene *s)
{
	send_flags(s, EVENT_TCP_FIN | EVENT_TCP_ACK);
}

static void syn_fins(struct scene *s)
{
	send_flags(s, EVENT_TCP_SYN | EVENT_TCP_FIN);
}

static void all_flags(struct scene *s)
{
	send_flags(s, EVENT_TCP_SIX);
}

static void invalid_flags(struct scene *s)
{
	send_flags(s, EVENT_TCP_PSH | EVENT_TCP_URG);
}

static void udp(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++)
		scene_send(
			s, event_maker_udp(SCENE_SOURCE, 50000, SCENE_HOST, (uint16_t)port), 10000);
}

static void udp_empty_from_dns(struct scene *s)
{
	for (unsigned port = 2000; port < 2060; port++)
		scene_send(s,
			event_maker_payload(
				event_maker_udp(SCENE_SOURCE, 53, SCENE_HOST, (uint16_t)port), 0),
			10000);
}

static void sctp(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++)
		scene_send(s, event_maker_sctp(SCENE_SOURCE, 50000, SCENE_HOST, (uint16_t)port, 1),
			10000);
}

static void sctp_cookies(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++)
		scene_send(s, event_maker_sctp(SCENE_SOURCE, 50000, SCENE_HOST, (uint16_t)port, 10),
			10000);
}

static void ping_sweep(struct scene *s)
{
	for (unsigned host = 1; host <= 60; host++)
		scene_send(s,
			event_maker_to(
				event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 8, 0), scene_host(host)),
			10000);
}

static void timestamp_sweep(struct scene *s)
{
	for (unsigned host = 1; host <= 60; host++)
		scene_send(s,
			event_maker_to(event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 13, 0),
				scene_host(host)),
			10000);
}

static void six(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++)
		scene_send(s, event_maker_syn(SOURCE6, 40000, "2001:db8:5::80", (uint16_t)port),
			10000);
}

static void six_ping_sweep(struct scene *s)
{
	for (unsigned host = 1; host <= 60; host++) {
		struct event e = event_maker_icmp(SOURCE6, "2001:db8:5::80", 128, 0);
		e.dst.bytes[15] = (uint8_t)host;
		scene_send(s, e, 10000);
	}
}

/* One address a probe, all of one /64. */
static void six_moving_in_its_64(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++) {
		struct event e = event_maker_syn(SOURCE6, 40000, "2001:db8:5::80", (uint16_t)port);
		e.src.bytes[9] = (uint8_t)(port * 7);
		e.src.bytes[15] = (uint8_t)(port * 11);
		scene_send(s, e, 10000);
	}
}

/* One /64 a probe, all of one /48. */
static void six_rotating_its_64(struct scene *s)
{
	for (unsigned port = 1; port <= 60; port++) {
		struct event e = event_maker_syn(SOURCE6, 40000, "2001:db8:5::80", (uint16_t)port);
		e.src.bytes[6] = (uint8_t)(port / 8);
		e.src.bytes[7] = (uint8_t)(port * 37);
		scene_send(s, e, 10000);
	}
}

static void tcp_and_udp(struct scene *s)
{
	for (unsigned port = 1; port <= 30; port++) {
		scene_send(s, syn(5, port), 10000);
		scene_send(
			s, event_maker_udp(SCENE_SOURCE, 50000, SCENE_HOST, (uint16_t)port), 10000);
	}
}

/* Every probe three times: retransmissions are no targets. */
static void retransmitted(struct scene *s)
{
	for (unsigned port = 1; port <= 40; port++) {
		for (int again = 0; again < 3; again++)
			scene_send(s, syn(5, port), 1000000);
	}
}

/* A firewall that logs no flags tells of refused connection attempts. */
static void logged_without_flags(struct scene *s)
{
	for (unsigned port = 1; port <= 40; port++) {
		struct event e = event_maker_ports(
			event_maker_packet(SCENE_SOURCE, SCENE_HOST, IP_PROTO_TCP), 40000,
			(uint16_t)port);
		event_name_probe(&e);
		e.origin = EVENT_ORIGIN_LOG;
		scene_send(
			s, event_maker_marks(e, EVENT_MARK_FIREWALL | EVENT_MARK_INCOMING), 10000);
	}
}

struct scan_row {
	const char *name;
	void (*play)(struct scene *s);
	const char *src;
	enum incident_kind kind;
	uint32_t techniques;
	int least_level, most_level;
	int ports, hosts, targets;
	int packets;
	bool slow;
	const char *nmap; /* null = not looked at */
};

#define ONE SCENE_SOURCE
#define SIX SOURCE6

static const struct scan_row scan_rows[] = {
	{"vertical", vertical, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN), 3, 3, 100, 1, 100, 100, false,
		"-sS"},
	{"the whole range", whole_range, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN), 5, 5, 65535, 1,
		65535, 65535, false, "-sS"},
	{"horizontal", horizontal, ONE, INCIDENT_KIND_HORIZONTAL, BIT(SYN), 3, 3, 1, 120, 120, 120,
		false, "-sS"},
	{"block", block, ONE, INCIDENT_KIND_BLOCK, BIT(SYN), 3, 3, 10, 20, 200, 200, false, "-sS"},
	{"protocols", protocols, ONE, INCIDENT_KIND_PROTOCOL, BIT(IP_PROTOCOL), 2, 3, 0, 1, 30, 30,
		false, "-sO"},
	{"one target an hour for three days", hourly, ONE, INCIDENT_KIND_BLOCK, BIT(SYN), 3, 3, 72,
		30, 72, 72, true, NULL},
	{"one target a day for three weeks", daily, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN), 3, 3, 21,
		1, 21, 21, true, NULL},
	{"connect", connects, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN) | BIT(CONNECT), 3, 3, 60, 1, 60,
		60, false, "-sT"},
	{"FIN", fins, ONE, INCIDENT_KIND_VERTICAL, BIT(FIN), 3, 3, 40, 1, 40, 40, false, "-sF"},
	{"NULL", nulls, ONE, INCIDENT_KIND_VERTICAL, BIT(NULL), 3, 3, 40, 1, 40, 40, false, "-sN"},
	{"XMAS", xmas, ONE, INCIDENT_KIND_VERTICAL, BIT(XMAS), 3, 3, 40, 1, 40, 40, false, "-sX"},
	{"ACK and Window", acks, ONE, INCIDENT_KIND_VERTICAL, BIT(ACK) | BIT(WINDOW), 2, 3, 40, 1,
		40, 40, false, "-sA"},
	{"Maimon", maimons, ONE, INCIDENT_KIND_VERTICAL, BIT(MAIMON), 3, 3, 40, 1, 40, 40, false,
		"-sM"},
	{"SYN+FIN", syn_fins, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN_FIN), 3, 3, 40, 1, 40, 40, false,
		"--scanflags SYNFIN"},
	{"all flags", all_flags, ONE, INCIDENT_KIND_VERTICAL, BIT(ALL_FLAGS), 3, 3, 40, 1, 40, 40,
		false, "--scanflags ALL"},
	{"flags nobody sends", invalid_flags, ONE, INCIDENT_KIND_VERTICAL, 0, 2, 3, 40, 1, 40, 40,
		false, NULL},
	{"UDP", udp, ONE, INCIDENT_KIND_VERTICAL, BIT(UDP), 3, 3, 60, 1, 60, 60, false, "-sU"},
	{"empty datagrams from port 53", udp_empty_from_dns, ONE, INCIDENT_KIND_VERTICAL, BIT(UDP),
		3, 3, 60, 1, 60, 60, false, "-sU"},
	{"SCTP", sctp, ONE, INCIDENT_KIND_VERTICAL, BIT(SCTP_INIT), 3, 3, 60, 1, 60, 60, false,
		"-sY"},
	{"SCTP cookies", sctp_cookies, ONE, INCIDENT_KIND_VERTICAL, 0, 3, 3, 60, 1, 60, 60, false,
		NULL},
	{"ping sweep", ping_sweep, ONE, INCIDENT_KIND_HORIZONTAL, BIT(ICMP_ECHO), 3, 3, 0, 60, 60,
		60, false, "-PE"},
	{"timestamp sweep", timestamp_sweep, ONE, INCIDENT_KIND_HORIZONTAL, BIT(ICMP_TIMESTAMP), 3,
		3, 0, 60, 60, 60, false, "-PP"},
	{"IPv6", six, SIX, INCIDENT_KIND_VERTICAL, BIT(SYN), 3, 3, 60, 1, 60, 60, false, NULL},
	{"IPv6 ping sweep", six_ping_sweep, SIX, INCIDENT_KIND_HORIZONTAL, BIT(ICMP_ECHO), 3, 3, 0,
		60, 60, 60, false, NULL},
	{"TCP and UDP", tcp_and_udp, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN) | BIT(UDP), 3, 3, 60, 1,
		60, 60, false, "-sS -sU"},
	{"retransmissions", retransmitted, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN), 2, 2, 40, 1, 40,
		120, false, NULL},
	{"a log without flags", logged_without_flags, ONE, INCIDENT_KIND_VERTICAL, BIT(SYN), 2, 2,
		40, 1, 40, 40, false, NULL},
};

/* Of the very first target only six bits of the host were kept: a sweep may count one host too few.
 */
static unsigned check_hosts(const char *row, const char *what, uint32_t got, int wanted)
{
	return wanted > 30 ? table_check_range(row, what, got, wanted - 1, wanted)
			   : table_check_number(row, what, got, wanted);
}

static unsigned check_scan(const struct scan_row *row)
{
	struct scene s;
	unsigned faults = 0;
	scene_init(&s);
	row->play(&s);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, row->src);
	faults += table_check_number(row->name, "stories", scene_stories_of(&s, row->src), 1);
	faults +=
		table_check_number(row->name, "all stories", scene_count(&s, INCIDENT_OPEN, 0), 1);
	if (t == NULL) {
		scene_clear(&s);
		return faults;
	}
	faults += table_check_text(
		row->name, "kind", incident_kind_name(t->kind), incident_kind_name(row->kind));
	faults += table_check_number(row->name, "state", t->state, INCIDENT_CLOSE);
	faults +=
		table_check_range(row->name, "level", t->level, row->least_level, row->most_level);
	faults += table_check_number(row->name, "techniques", t->techniques, row->techniques);
	faults += table_check_number(row->name, "ports", t->ports_count, row->ports);
	faults += check_hosts(row->name, "hosts", t->hosts_count, row->hosts);
	faults += check_hosts(row->name, "targets", t->targets_count, row->targets);
	faults += table_check_number(row->name, "packets", (long long)t->packets, row->packets);
	faults += table_check_number(row->name, "slow", t->slow, row->slow);
	faults += table_check_number(row->name, "spoofable", t->spoofable, true);
	faults += table_check_range(row->name, "confidence", t->confidence, 0.9999, 1);
	if (row->nmap != NULL)
		faults += table_check_text(row->name, "nmap", t->nmap, row->nmap);
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void every_scan_is_one_story_of_its_kind(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(scan_rows); i++)
		faults += check_scan(&scan_rows[i]);
	assert_int_equal(faults, 0);
}

struct block_row {
	const char *name;
	void (*play)(struct scene *s);
	const char *block;
	int targets; /* at least */
};

static const struct block_row block_rows[] = {
	{"one address", six, "2001:db8:9:1::/64", 60},
	{"addresses of one /64", six_moving_in_its_64, "2001:db8:9:1::/64", 60},
	{"one /64 a probe", six_rotating_its_64, "2001:db8:9::/48", 50},
};

static void an_ipv6_source_is_the_block_that_acts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(block_rows); i++) {
		struct scene s;
		scene_init(&s);
		block_rows[i].play(&s);
		scene_end(&s);
		unsigned before = faults;
		faults += table_check_number(
			block_rows[i].name, "stories", scene_count(&s, INCIDENT_OPEN, 0), 1);
		if (s.told_count > 0) {
			const struct scene_told *t = &s.told[s.told_count - 1];
			faults += table_check_text(
				block_rows[i].name, "block", t->block, block_rows[i].block);
			faults += table_check_range(block_rows[i].name, "targets", t->targets_count,
				block_rows[i].targets, 60);
			faults += table_check_range(block_rows[i].name, "level", t->level, 3, 3);
		}
		if (faults > before)
			scene_print(&s);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* The borders of the sequential test, as its header gives them: four failures are a notice (5.56),
 * seven beyond doubt (9.73); two targets with impossible flags are a notice (4.6), four an alert.
 */
struct border_row {
	const char *name;
	unsigned targets;
	uint8_t tcp_flags;
	int level; /* -1 = no story */
};

static const struct border_row border_rows[] = {
	{"three failures", 3, EVENT_TCP_SYN, -1},
	{"four failures", 4, EVENT_TCP_SYN, 1},
	{"six failures", 6, EVENT_TCP_SYN, 1},
	{"seven failures", 7, EVENT_TCP_SYN, 2},
	{"forty-nine failures", 49, EVENT_TCP_SYN, 2},
	{"fifty failures", 50, EVENT_TCP_SYN, 3},
	{"one odd packet", 1, EVENT_TCP_FIN, -1},
	{"three odd targets", 3, EVENT_TCP_FIN, 3},
};

static void levels_begin_where_the_rules_say(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(border_rows); i++) {
		struct scene s;
		scene_init(&s);
		for (unsigned port = 1; port <= border_rows[i].targets; port++)
			scene_send(&s, flags(port, border_rows[i].tcp_flags), 10000);
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(
			border_rows[i].name, "level", t ? t->level : -1, border_rows[i].level);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void the_same_probe_seen_twice_is_one_target(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned port = 1; port <= 3; port++) {
		for (int iface = 1; iface <= 2; iface++) {
			struct event e = syn(5, port);
			e.iface = (uint16_t)iface;
			scene_send(&s, e, 5);
		}
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 1), 0);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_scan_is_one_story_of_its_kind),
		cmocka_unit_test(an_ipv6_source_is_the_block_that_acts),
		cmocka_unit_test(levels_begin_where_the_rules_say),
		cmocka_unit_test(the_same_probe_seen_twice_is_one_target),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
