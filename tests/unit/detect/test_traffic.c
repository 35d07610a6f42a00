/* SPDX-License-Identifier: ISC */
#include "detect/traffic.h"

#include "event_maker.h"
#include "table_check.h"

#define US "192.0.2.5"
#define THEM "198.51.100.7"
#define US6 "2001:db8:5::5"
#define THEM6 "2001:db8:9::7"

static const char *const traffic_names[] = {
	"outgoing", "probe", "stream", "reply", "trace", "local",
	"access", "rest"};

static struct prefix_set home_set(void)
{
	struct prefix_set home = {.count = 0};
	static const char *const texts[] = {"192.0.2.0/24", "2001:db8:5::/48"};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(texts); i++) {
		struct prefix p;
		assert_true(prefix_parse(texts[i], strlen(texts[i]), &p, NULL));
		prefix_set_add(&home, &p);
	}
	return home;
}

struct port_row {
	const char *name;
	const char *src;
	uint16_t src_port;
	const char *dst;
	uint16_t dst_port;
	enum traffic wanted;
};

static const struct port_row udp_rows[] = {
	{"late DNS", THEM, 53, US, 40000, TRAFFIC_REPLY},
	{"late NTP", THEM, 123, US, 40000, TRAFFIC_REPLY},
	{"NTP between servers", THEM, 123, US, 123, TRAFFIC_PROBE},
	{"late QUIC", THEM, 443, US, 51000, TRAFFIC_REPLY},
	{"late media", THEM, 5004, US, 16384, TRAFFIC_REPLY},
	{"late STUN", THEM, 3478, US, 50000, TRAFFIC_REPLY},
	{"late WireGuard", THEM, 51820, US, 40000, TRAFFIC_REPLY},
	{"a question to SIP, though from port 53", THEM, 53, US, 5060, TRAFFIC_PROBE},
	{"a question to port 22 from port 53", THEM, 53, US, 22, TRAFFIC_PROBE},
	{"a question to an odd port from an odd port", THEM, 40000, US, 40001, TRAFFIC_PROBE},
	{"memcached", THEM, 40000, US, 11211, TRAFFIC_PROBE},
	{"source port 0 serves nothing", THEM, 0, US, 40000, TRAFFIC_PROBE},
	{"IPv6: late DNS", THEM6, 53, US6, 40000, TRAFFIC_REPLY},
	{"IPv6: a question", THEM6, 40000, US6, 161, TRAFFIC_PROBE},
	{"DHCP offer", "192.0.2.1", 67, US, 68, TRAFFIC_LOCAL},
	{"DHCP discover", "0.0.0.0", 68, "255.255.255.255", 67, TRAFFIC_LOCAL},
	{"DHCPv6", THEM6, 547, US6, 546, TRAFFIC_LOCAL},
	{"mDNS", THEM, 5353, "224.0.0.251", 5353, TRAFFIC_LOCAL},
	{"mDNS over IPv6", "fe80::1", 5353, "ff02::fb", 5353, TRAFFIC_LOCAL},
	{"SSDP", THEM, 50000, "239.255.255.250", 1900, TRAFFIC_LOCAL},
	{"NetBIOS names", THEM, 137, "192.0.2.255", 137, TRAFFIC_LOCAL},
	{"NetBIOS datagrams", THEM, 50000, "192.0.2.255", 138, TRAFFIC_LOCAL},
	{"equal ports to the last address", THEM, 17500, "192.0.2.255", 17500, TRAFFIC_LOCAL},
	{"a question to the last address", THEM, 40000, "192.0.2.255", 161, TRAFFIC_PROBE},
	{"NetBIOS at one host", THEM, 137, US, 137, TRAFFIC_PROBE},
	{"to everybody", THEM, 40000, "255.255.255.255", 3000, TRAFFIC_LOCAL},
	{"from ourselves", US, 40000, THEM, 53, TRAFFIC_OUTGOING},
	{"from ourselves to a group", US, 5353, "224.0.0.251", 5353, TRAFFIC_OUTGOING},
	{"between ourselves", "192.0.2.9", 40000, US, 161, TRAFFIC_PROBE},
	{"between others", THEM, 40000, "203.0.113.9", 161, TRAFFIC_REST},
	{"from the loopback", "127.0.0.1", 40000, US, 161, TRAFFIC_PROBE},
};

static unsigned check(const char *row, const struct event *e, enum traffic wanted)
{
	struct prefix_set home = home_set();
	bool from_home = !prefix_set_holds(&home, &e->src);
	assert_int_equal(traffic_classify_from(e, &home, &from_home), traffic_classify(e, &home));
	assert_int_equal(from_home, prefix_set_holds(&home, &e->src));
	return table_check_text(
		row, "traffic", traffic_names[traffic_classify(e, &home)], traffic_names[wanted]);
}

static void datagrams_are_told_apart_by_their_ports(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(udp_rows); i++) {
		const struct port_row *r = &udp_rows[i];
		struct event e = event_maker_udp(r->src, r->src_port, r->dst, r->dst_port);
		faults += check(r->name, &e, r->wanted);
	}
	assert_int_equal(faults, 0);
}

static void an_answer_carries_something(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint16_t payload;
		bool length_known;
		enum traffic wanted;
	} rows[] = {
		{"empty", 0, true, TRAFFIC_PROBE},
		{"seven bytes", 7, true, TRAFFIC_PROBE},
		{"eight bytes", 8, true, TRAFFIC_REPLY},
		{"a log that tells no length", 0, false, TRAFFIC_REPLY},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event e =
			event_maker_payload(event_maker_udp(THEM, 53, US, 40000), rows[i].payload);
		if (!rows[i].length_known)
			e.has &= (uint16_t)~EVENT_HAS_LENGTH;
		faults += check(rows[i].name, &e, rows[i].wanted);
	}
	assert_int_equal(faults, 0);
}

static void a_traceroute_is_known_by_port_and_hop_count(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint16_t port;
		uint8_t ttl;
		enum traffic wanted;
	} rows[] = {
		{"first port", 33434, 1, TRAFFIC_TRACE},
		{"last port", 33600, 20, TRAFFIC_TRACE},
		{"too many hops left", 33434, 21, TRAFFIC_PROBE},
		{"port below", 33433, 1, TRAFFIC_PROBE},
		{"port above", 33601, 1, TRAFFIC_PROBE},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event e = event_maker_ttl(
			event_maker_udp(THEM, 41000, US, rows[i].port), rows[i].ttl);
		faults += check(rows[i].name, &e, rows[i].wanted);
	}
	struct event unknown = event_maker_udp(THEM, 41000, US, 33434);
	unknown.has &= (uint16_t)~EVENT_HAS_TTL;
	faults += check("hop count not known", &unknown, TRAFFIC_PROBE);
	assert_int_equal(faults, 0);
}

enum {
	F = EVENT_TCP_FIN,
	S = EVENT_TCP_SYN,
	R = EVENT_TCP_RST,
	P = EVENT_TCP_PSH,
	A = EVENT_TCP_ACK,
	U = EVENT_TCP_URG
};

struct flags_row {
	const char *name;
	uint8_t flags;
	enum traffic wanted;
};

static const struct flags_row flags_rows[] = {
	{"SYN", S, TRAFFIC_PROBE},
	{"SYN with ECN", S | EVENT_TCP_ECE | EVENT_TCP_CWR, TRAFFIC_PROBE},
	{"SYN+ACK", S | A, TRAFFIC_REPLY},
	{"RST", R, TRAFFIC_REPLY},
	{"RST+ACK", R | A, TRAFFIC_REPLY},
	{"ACK", A, TRAFFIC_STREAM},
	{"PSH+ACK", P | A, TRAFFIC_STREAM},
	{"FIN+ACK", F | A, TRAFFIC_STREAM},
	{"FIN+PSH+ACK", F | P | A, TRAFFIC_STREAM},
	{"FIN alone", F, TRAFFIC_PROBE},
	{"no flags", 0, TRAFFIC_PROBE},
	{"XMAS", F | P | U, TRAFFIC_PROBE},
	{"SYN+FIN", S | F, TRAFFIC_PROBE},
	{"all six", F | S | R | P | A | U, TRAFFIC_PROBE},
	{"PSH alone", P, TRAFFIC_PROBE},
	{"SYN+RST", S | R, TRAFFIC_PROBE},
};

static void segments_are_told_apart_by_their_flags(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(flags_rows); i++) {
		struct event four = event_maker_tcp(THEM, 40000, US, 22, flags_rows[i].flags);
		struct event six = event_maker_tcp(THEM6, 40000, US6, 22, flags_rows[i].flags);
		faults += check(flags_rows[i].name, &four, flags_rows[i].wanted);
		faults += check(flags_rows[i].name, &six, flags_rows[i].wanted);
	}
	struct event bare =
		event_maker_ports(event_maker_packet(THEM, US, IP_PROTO_TCP), 40000, 22);
	faults += check("a log that tells no flags", &bare, TRAFFIC_PROBE);
	assert_int_equal(faults, 0);
}

struct icmp_row {
	const char *name;
	const char *src, *dst;
	uint8_t type;
	enum traffic wanted;
};

static const struct icmp_row icmp_rows[] = {
	{"echo request", THEM, US, 8, TRAFFIC_PROBE},
	{"echo reply", THEM, US, 0, TRAFFIC_REPLY},
	{"timestamp request", THEM, US, 13, TRAFFIC_PROBE},
	{"timestamp reply", THEM, US, 14, TRAFFIC_REPLY},
	{"mask request", THEM, US, 17, TRAFFIC_PROBE},
	{"mask reply", THEM, US, 18, TRAFFIC_REPLY},
	{"unreachable", THEM, US, 3, TRAFFIC_REPLY},
	{"time exceeded", THEM, US, 11, TRAFFIC_REPLY},
	{"a type nobody uses", THEM, US, 200, TRAFFIC_PROBE},
	{"ICMPv6 echo request", THEM6, US6, 128, TRAFFIC_PROBE},
	{"ICMPv6 echo reply", THEM6, US6, 129, TRAFFIC_REPLY},
	{"ICMPv6 unreachable", THEM6, US6, 1, TRAFFIC_REPLY},
	{"packet too big", THEM6, US6, 2, TRAFFIC_REPLY},
	{"node information query", THEM6, US6, 139, TRAFFIC_PROBE},
	{"router advertisement", THEM6, US6, 134, TRAFFIC_LOCAL},
	{"neighbour solicitation", THEM6, US6, 135, TRAFFIC_LOCAL},
	{"neighbour advertisement", THEM6, US6, 136, TRAFFIC_LOCAL},
	{"listener report", THEM6, US6, 131, TRAFFIC_LOCAL},
	{"listener report, version 2", THEM6, US6, 143, TRAFFIC_LOCAL},
	{"echo request to a group", THEM6, "ff02::1", 128, TRAFFIC_LOCAL},
};

static void icmp_is_told_apart_by_its_type(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(icmp_rows); i++) {
		const struct icmp_row *r = &icmp_rows[i];
		struct event e = event_maker_icmp(r->src, r->dst, r->type, 0);
		faults += check(r->name, &e, r->wanted);
	}
	assert_int_equal(faults, 0);
}

static void other_protocols_are_questions_but_the_links_own(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint8_t proto;
		enum traffic wanted;
	} rows[] = {
		{"GRE", IP_PROTO_GRE, TRAFFIC_PROBE},
		{"ESP", IP_PROTO_ESP, TRAFFIC_PROBE},
		{"protocol 0", 0, TRAFFIC_PROBE},
		{"protocol 255", 255, TRAFFIC_PROBE},
		{"IGMP", IP_PROTO_IGMP, TRAFFIC_LOCAL},
		{"VRRP", IP_PROTO_VRRP, TRAFFIC_LOCAL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event e = event_maker_packet(THEM, US, rows[i].proto);
		faults += check(rows[i].name, &e, rows[i].wanted);
	}
	assert_int_equal(faults, 0);
}

static void sctp_is_told_apart_by_its_first_chunk(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint8_t chunk;
		enum traffic wanted;
	} rows[] = {
		{"INIT", 1, TRAFFIC_PROBE},
		{"COOKIE ECHO", 10, TRAFFIC_PROBE},
		{"DATA", 0, TRAFFIC_REPLY},
		{"INIT ACK", 2, TRAFFIC_REPLY},
		{"ABORT", 6, TRAFFIC_REPLY},
		{"COOKIE ACK", 11, TRAFFIC_REPLY},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event e = event_maker_sctp(THEM, 40000, US, 5060, rows[i].chunk);
		faults += check(rows[i].name, &e, rows[i].wanted);
	}
	assert_int_equal(faults, 0);
}

static void fragments_without_ports_say_nothing(void **state)
{
	(void)state;
	struct event first =
		event_maker_marks(event_maker_udp(THEM, 40000, US, 161), EVENT_MARK_FRAGMENT);
	struct event later =
		event_maker_marks(event_maker_packet(THEM, US, IP_PROTO_UDP), EVENT_MARK_FRAGMENT);
	struct event tcp =
		event_maker_marks(event_maker_packet(THEM, US, IP_PROTO_TCP), EVENT_MARK_FRAGMENT);
	struct event cut = event_maker_packet(THEM, US, IP_PROTO_UDP);
	unsigned faults = check("first fragment", &first, TRAFFIC_PROBE);
	faults += check("later fragment of UDP", &later, TRAFFIC_REST);
	faults += check("later fragment of TCP", &tcp, TRAFFIC_REST);
	faults += check("a datagram cut before its ports", &cut, TRAFFIC_REST);
	assert_int_equal(faults, 0);
}

static void what_the_link_or_the_firewall_says_goes_before_addresses(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		const char *src, *dst;
		uint8_t marks;
		enum traffic wanted;
	} rows[] = {
		{"marked as coming in, to a stranger", THEM, "203.0.113.9", EVENT_MARK_INCOMING,
			TRAFFIC_PROBE},
		{"marked as going out, from a stranger", THEM, "203.0.113.9", EVENT_MARK_OUTGOING,
			TRAFFIC_OUTGOING},
		{"marked as going out, to us", THEM, US, EVENT_MARK_OUTGOING, TRAFFIC_OUTGOING},
		{"our address from outside", US, US, EVENT_MARK_INCOMING, TRAFFIC_PROBE},
		{"a broadcast of the link", THEM, US, EVENT_MARK_LINK_GROUP, TRAFFIC_LOCAL},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct event e = event_maker_marks(
			event_maker_syn(rows[i].src, 40000, rows[i].dst, 22), rows[i].marks);
		faults += check(rows[i].name, &e, rows[i].wanted);
	}
	assert_int_equal(faults, 0);
}

static void services_answer_from_low_and_well_known_ports(void **state)
{
	(void)state;
	static const struct {
		uint8_t proto;
		uint16_t port;
		bool service;
	} rows[] = {
		{IP_PROTO_TCP, 0, false},
		{IP_PROTO_TCP, 1, true},
		{IP_PROTO_TCP, 1023, true},
		{IP_PROTO_TCP, 1024, false},
		{IP_PROTO_TCP, 8080, true},
		{IP_PROTO_UDP, 8080, false},
		{IP_PROTO_UDP, 51820, true},
		{IP_PROTO_TCP, 51820, false},
		{IP_PROTO_TCP, 65535, false},
	};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		assert_int_equal(
			traffic_is_service_port(rows[i].proto, rows[i].port), rows[i].service);
}

static struct event random_event(struct table_check_random *r)
{
	static const char *const addrs[] = {US, THEM, US6, THEM6, "192.0.2.255", "224.0.0.251",
		"255.255.255.255", "240.0.0.1", "ff02::1", "fe80::1", "2001:db8:9::9"};
	static const uint8_t protos[] = {IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP,
		IP_PROTO_ICMP, IP_PROTO_ICMPV6, IP_PROTO_SCTP, IP_PROTO_IGMP};
	static const uint16_t ports[] = {53, 67, 68, 137, 546, 547, 1194, 33434, 40000};
	const unsigned count = TABLE_CHECK_ROWS(addrs);
	struct event e = event_maker_packet(addrs[table_check_random_below(r, count)],
		addrs[table_check_random_below(r, count)], protos[table_check_random_below(r, 8)]);
	e.has |= (uint16_t)table_check_random_next(r);
	e.marks = (uint8_t)(table_check_random_next(r) & table_check_random_next(r));
	e.tcp_flags = table_check_random_below(r, 2) ? EVENT_TCP_SYN
						     : (uint8_t)table_check_random_next(r);
	e.src_port = ports[table_check_random_below(r, TABLE_CHECK_ROWS(ports))];
	e.dst_port = ports[table_check_random_below(r, TABLE_CHECK_ROWS(ports))];
	e.icmp_type = (uint8_t)table_check_random_next(r);
	event_name_probe(&e);
	return e;
}

static void a_decision_of_a_wrapper_is_no_packet(void **state)
{
	(void)state;
	unsigned faults = 0;
	struct event to_us = event_maker_tcp(THEM, 40000, US, 22, EVENT_TCP_SYN);
	to_us.has |= EVENT_HAS_ACCESS;
	struct event nowhere = to_us;
	nowhere.dst = (struct addr){{0}};
	faults += check("with our address", &to_us, TRAFFIC_ACCESS);
	faults += check("with none", &nowhere, TRAFFIC_ACCESS);
	assert_int_equal(faults, 0);
}

/* Whole SYNs are told on a short way, fragments never; that a first one is a fragment changes nothing. */
static void a_fragment_with_ports_is_classified_as_if_whole(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("traffic");
	struct prefix groups, groups6;
	assert_true(prefix_parse("224.0.0.0/3", 11, &groups, NULL) &&
		    prefix_parse("ff00::/8", 8, &groups6, NULL));
	unsigned seen[TRAFFIC_REST + 1] = {0}, faults = 0;
	for (int i = 0; i < 200000 && faults == 0; i++) {
		struct event e = random_event(&r);
		struct prefix_set home = home_set();
		if (i % 2) { /* no address of a host, and a home all the same */
			prefix_set_add(&home, &groups);
			prefix_set_add(&home, &groups6);
		}
		e.has |= EVENT_HAS_PORTS;
		e.marks |= EVENT_MARK_FRAGMENT;
		enum traffic wanted = traffic_classify(&e, &home);
		e.marks &= (uint8_t)~EVENT_MARK_FRAGMENT;
		faults += table_check_text("whole", "traffic",
			traffic_names[traffic_classify(&e, &home)], traffic_names[wanted]);
		seen[wanted]++;
	}
	assert_int_equal(faults, 0);
	for (unsigned i = 0; i < TABLE_CHECK_ROWS(seen); i++)
		assert_true(i == TRAFFIC_TRACE || seen[i] > 100);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(datagrams_are_told_apart_by_their_ports),
		cmocka_unit_test(an_answer_carries_something),
		cmocka_unit_test(a_traceroute_is_known_by_port_and_hop_count),
		cmocka_unit_test(segments_are_told_apart_by_their_flags),
		cmocka_unit_test(icmp_is_told_apart_by_its_type),
		cmocka_unit_test(other_protocols_are_questions_but_the_links_own),
		cmocka_unit_test(sctp_is_told_apart_by_its_first_chunk),
		cmocka_unit_test(fragments_without_ports_say_nothing),
		cmocka_unit_test(what_the_link_or_the_firewall_says_goes_before_addresses),
		cmocka_unit_test(a_fragment_with_ports_is_classified_as_if_whole),
		cmocka_unit_test(a_decision_of_a_wrapper_is_no_packet),
		cmocka_unit_test(services_answer_from_low_and_well_known_ports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
