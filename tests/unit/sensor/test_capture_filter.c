/* SPDX-License-Identifier: ISC */
#include "sensor/capture_filter.h"

#include "base/memory.h"
#include "net/ip_proto.h"
#include "packet/packet_decode.h"
#include "../support/table_check.h"
#include "packet_bytes.h"

#include <pcap/pcap.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

#define LINKTYPE_RAW 101
#define OWN4 "192.0.2.1"
#define OWN6 "2001:db8::1"
#define FAR4 "198.51.100.7"
#define FAR6 "2001:db8:ffff::7"
#define OTHER4 "192.0.2.77"
#define OTHER6 "2001:db8::77"

enum { FIN = 1, SYN = 2, RST = 4, PSH = 8, ACK = 16, URG = 32, ECE = 64, CWR = 128 };

struct verdicts {
	bool kernel, law;
};

struct bench {
	struct capture_filter *filter;
	struct bpf_program program;
};

static void add_own(struct prefix_set *set, const char *text)
{
	struct prefix p;
	assert_true(prefix_parse(text, strlen(text), &p, NULL));
	assert_true(prefix_set_add(set, &p));
}

/* Over both families. */
static void offer(struct listening_set *set, enum port_set_proto proto, uint16_t port)
{
	static const struct addr any;
	door_set_add(&set->offered, &any, false, proto, port);
}

static void use(struct listening_set *set, enum port_set_proto proto, uint16_t port)
{
	port_set_add(&set->busy[DOOR_FAMILY_V4], proto, port);
	port_set_add(&set->busy[DOOR_FAMILY_V6], proto, port);
}

/* A web server with a resolver, an NFS mount and WireGuard. */
static struct listening_set *make_set(void)
{
	struct listening_set *set = memory_calloc(1, sizeof *set);
	set->ephemeral_first = 32768;
	set->ephemeral_last = 60999;
	offer(set, PORT_SET_TCP, 22);
	offer(set, PORT_SET_TCP, 80);
	offer(set, PORT_SET_TCP, 443);
	offer(set, PORT_SET_UDP, 53);
	use(set, PORT_SET_TCP, 800);
	use(set, PORT_SET_UDP, 51820);
	use(set, PORT_SET_UDP, 33440);
	add_own(&set->own.hosts, OWN4);
	add_own(&set->own.hosts, OWN6);
	add_own(&set->own.broadcasts, "192.0.2.255");
	return set;
}

static struct bench make_bench(
	const struct listening_set *set, const struct capture_filter_options *options)
{
	struct bench b = {.filter = memory_calloc(1, sizeof *b.filter)};
	char error[256] = "";
	capture_filter_build(b.filter, set, options);
	if (!capture_filter_compile(b.filter, &b.program, error, sizeof error))
		fail_msg("%s\n%s", error, b.filter->text);
	return b;
}

static void end_bench(struct bench *b)
{
	pcap_freecode(&b->program);
	free(b->filter);
}

static struct verdicts judge(const struct bench *b, const struct packet_plan *plan)
{
	uint8_t bytes[PACKET_BYTES_MAX];
	size_t size = packet_bytes_build(plan, bytes);
	struct pcap_pkthdr header = {.caplen = (bpf_u_int32)size, .len = (bpf_u_int32)size};
	struct event e;
	struct verdicts v = {.kernel = pcap_offline_filter(&b->program, &header, bytes) != 0};
	enum packet_result result = packet_decode(LINKTYPE_RAW, bytes, size, &e);
	v.law = result == PACKET_OK && capture_filter_wants(b->filter, &e);
	return v;
}

struct row {
	const char *name;
	struct packet_plan plan;
	bool passes;
};

static void check_rows(const struct bench *b, const struct row *rows, size_t count)
{
	unsigned wrong = 0;
	for (size_t i = 0; i < count; i++) {
		struct verdicts got = judge(b, &rows[i].plan);
		if (got.kernel == rows[i].passes && got.law == rows[i].passes)
			continue;
		print_error("%s: got kernel %d law %d, wanted %d\n", rows[i].name, got.kernel,
			got.law, rows[i].passes);
		wrong++;
	}
	assert_int_equal(wrong, 0);
}

#define TCP4(flag_bits, port)                                                                      \
	{                                                                                          \
		.src = FAR4, .dst = OWN4, .proto = IP_PROTO_TCP, .src_port = 40000,                \
		.dst_port = port, .flags = flag_bits                                               \
	}
#define TCP6(flag_bits, port)                                                                      \
	{                                                                                          \
		.src = FAR6, .dst = OWN6, .proto = IP_PROTO_TCP, .src_port = 40000,                \
		.dst_port = port, .flags = flag_bits                                               \
	}
#define UDP4(from, port)                                                                           \
	{                                                                                          \
		.src = FAR4, .dst = OWN4, .proto = IP_PROTO_UDP, .src_port = from,                 \
		.dst_port = port                                                                   \
	}
#define UDP6(from, port)                                                                           \
	{                                                                                          \
		.src = FAR6, .dst = OWN6, .proto = IP_PROTO_UDP, .src_port = from,                 \
		.dst_port = port                                                                   \
	}
#define ICMP4(number)                                                                              \
	{                                                                                          \
		.src = FAR4, .dst = OWN4, .proto = IP_PROTO_ICMP, .type = number                   \
	}
#define ICMP6(number)                                                                              \
	{                                                                                          \
		.src = FAR6, .dst = OWN6, .proto = IP_PROTO_ICMPV6, .type = number                 \
	}
#define OTHER(number)                                                                              \
	{                                                                                          \
		.src = FAR4, .dst = OWN4, .proto = number                                          \
	}

static void knocks_pass_and_traffic_does_not(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"SYN to a dead port", TCP4(SYN, 23), true},
		{"SYN to a dead port, IPv6", TCP6(SYN, 23), true},
		{"SYN to an open port", TCP4(SYN, 22), true},
		{"SYN to an open port, IPv6", TCP6(SYN, 443), true},
		{"SYN with ECE and CWR", TCP4(SYN | ECE | CWR, 443), true},
		{"SYN to an ephemeral port", TCP4(SYN, 40001), true},
		{"SYN to port 0", TCP4(SYN, 0), true},
		{"SYN to port 65535", TCP4(SYN, 65535), true},
		{"data on an open port", TCP4(ACK | PSH, 443), false},
		{"data on an open port, IPv6", TCP6(ACK | PSH, 443), false},
		{"orderly close on an open port", TCP4(FIN | ACK, 443), false},
		{"bare reset on an open port", TCP4(RST, 443), true},
		{"bare reset on an open port, IPv6", TCP6(RST, 443), true},
		{"reset with ACK on an open port", TCP4(RST | ACK, 443), false},
		{"data of our own connection", TCP4(ACK, 40001), false},
		{"data of our own connection, IPv6", TCP6(ACK, 40001), false},
		{"SYN-ACK of our own connection", TCP4(SYN | ACK, 40001), false},
		{"SYN-ACK to a busy port", TCP4(SYN | ACK, 800), false},
		{"data on a busy port", TCP4(ACK, 800), false},
		{"reset of our own connection", TCP4(RST | ACK, 60999), false},
		{"bare reset of our own connection", TCP4(RST, 60999), false},
		{"bare reset on a busy port", TCP4(RST, 800), false},
		{"SYN-ACK to an open port", TCP4(SYN | ACK, 443), true},
		{"SYN-ACK to a dead port", TCP4(SYN | ACK, 1234), true},
		{"SYN-ACK to a dead port, IPv6", TCP6(SYN | ACK, 1234), true},
		{"ACK to a dead port", TCP4(ACK, 23), true},
		{"ACK to a dead port, IPv6", TCP6(ACK, 23), true},
		{"ACK above the ephemeral range", TCP4(ACK, 61000), true},
		{"RST to a dead port", TCP4(RST, 23), true},
		{"FIN+ACK (Maimon) to a dead port", TCP4(FIN | ACK, 23), true},
		{"NULL to an open port", TCP4(0, 22), true},
		{"NULL to an open port, IPv6", TCP6(0, 443), true},
		{"PSH alone to an ephemeral port", TCP4(PSH, 40001), true},
		{"FIN to an open port", TCP4(FIN, 22), true},
		{"XMAS to an open port", TCP4(FIN | PSH | URG, 22), true},
		{"XMAS to an open port, IPv6", TCP6(FIN | PSH | URG, 22), true},
		{"FIN+PSH+URG+ACK to an open port", TCP4(FIN | PSH | URG | ACK, 22), true},
		{"SYN+FIN to an open port", TCP4(SYN | FIN, 22), true},
		{"SYN+RST to an open port", TCP4(SYN | RST, 22), true},
		{"all flags to an open port", TCP4(0x3f, 22), true},
		{"all flags to an open port, IPv6", TCP6(0x3f, 22), true},
		{"first fragment too small for flags",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN,
				.fragment = 0x2000,
				.cut_at = 8},
			true},
		{"later fragment of TCP",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.fragment = 0x0010},
			true},
		{"UDP to a dead port", UDP4(4000, 161), true},
		{"UDP to a dead port, IPv6", UDP6(4000, 161), true},
		{"UDP to a bound port", UDP4(4000, 53), false},
		{"UDP to a bound port, IPv6", UDP6(4000, 53), false},
		{"UDP to a busy port", UDP4(4000, 51820), false},
		{"late DNS answer", UDP4(53, 40001), false},
		{"UDP to an ephemeral port", UDP4(4000, 40001), false},
		{"traceroute", UDP4(4000, 33435), true},
		{"traceroute, IPv6", UDP6(4000, 33435), true},
		{"late answer to a traceroute port", UDP4(53, 33435), false},
		{"UDP to a bound traceroute port", UDP4(4000, 33440), false},
		{"later fragment of UDP",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_UDP,
				.dst_port = 161,
				.fragment = 0x2010},
			true},
		{"first fragment to a bound port",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_UDP,
				.dst_port = 53,
				.fragment = 0x2000},
			true},
		{"fragment of a tunnel",
			{.src = FAR4, .dst = OWN4, .proto = IP_PROTO_GRE, .fragment = 0x2010},
			false},
		{"fragment to a group",
			{.src = FAR4,
				.dst = "224.0.0.1",
				.proto = IP_PROTO_UDP,
				.dst_port = 53,
				.fragment = 0x2010},
			false},
		{"piece of a TCP header to a group",
			{.src = FAR4,
				.dst = "224.0.0.1",
				.proto = IP_PROTO_TCP,
				.fragment = 0x0001},
			false},
		{"piece of a TCP header to us",
			{.src = FAR4, .dst = OWN4, .proto = IP_PROTO_TCP, .fragment = 0x0001},
			true},
		{"echo request", ICMP4(8), true},
		{"echo reply", ICMP4(0), false},
		{"timestamp request", ICMP4(13), true},
		{"mask request", ICMP4(17), true},
		{"unreachable", ICMP4(3), true},
		{"redirect", ICMP4(5), true},
		{"time exceeded", ICMP4(11), true},
		{"parameter problem", ICMP4(12), true},
		{"router advertisement", ICMP4(9), false},
		{"echo request, IPv6", ICMP6(128), true},
		{"echo reply, IPv6", ICMP6(129), false},
		{"unreachable, IPv6", ICMP6(1), true},
		{"redirect, IPv6", ICMP6(137), true},
		{"neighbour solicitation", ICMP6(135), false},
		{"neighbour advertisement", ICMP6(136), false},
		{"router advertisement, IPv6",
			{.src = FAR6,
				.dst = OWN6,
				.proto = IP_PROTO_ICMPV6,
				.type = 134,
				.hops = 255},
			false},
		{"router advertisement from beyond the link", ICMP6(134), true},
		{"MLD report", ICMP6(143), false},
		{"SCTP INIT",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_SCTP,
				.dst_port = 36412,
				.type = 1},
			true},
		{"SCTP INIT, IPv6",
			{.src = FAR6,
				.dst = OWN6,
				.proto = IP_PROTO_SCTP,
				.dst_port = 36412,
				.type = 1},
			true},
		{"SCTP data",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_SCTP,
				.dst_port = 36412,
				.type = 0},
			false},
		{"an unused IP protocol", OTHER(201), true},
		{"an unused IP protocol, IPv6", {.src = FAR6, .dst = OWN6, .proto = 201}, true},
		{"IGMP to our address", OTHER(IP_PROTO_IGMP), true},
		{"GRE tunnel", OTHER(IP_PROTO_GRE), false},
		{"ESP", OTHER(IP_PROTO_ESP), false},
		{"ESP, IPv6", {.src = FAR6, .dst = OWN6, .proto = IP_PROTO_ESP}, false},
		{"OSPF to its group", {.src = FAR4, .dst = "224.0.0.5", .proto = 89}, false},
		{"SYN to another host",
			{.src = FAR4,
				.dst = OTHER4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = SYN},
			false},
		{"SYN to another host, IPv6",
			{.src = FAR6,
				.dst = OTHER6,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = SYN},
			false},
		{"UDP to the directed broadcast",
			{.src = OTHER4,
				.dst = "192.0.2.255",
				.proto = IP_PROTO_UDP,
				.src_port = 137,
				.dst_port = 137},
			true},
		{"UDP to all hosts",
			{.src = OTHER4,
				.dst = "255.255.255.255",
				.proto = IP_PROTO_UDP,
				.src_port = 68,
				.dst_port = 67},
			true},
		{"mDNS",
			{.src = OTHER4,
				.dst = "224.0.0.251",
				.proto = IP_PROTO_UDP,
				.src_port = 5353,
				.dst_port = 5353},
			true},
		{"echo request to all nodes",
			{.src = OTHER6, .dst = "ff02::1", .proto = IP_PROTO_ICMPV6, .type = 128},
			true},
	};
	struct listening_set *set = make_set();
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	assert_int_equal(b.filter->filled_ports, 0);
	assert_null(strstr(b.filter->text, "inbound"));
	end_bench(&b);
	free(set);
}

static void a_mirror_port_hears_knocks_on_everybody(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"SYN to another host",
			{.src = FAR4,
				.dst = OTHER4,
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN},
			true},
		{"data to another host",
			{.src = FAR4,
				.dst = OTHER4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = ACK},
			false},
		{"SYN-ACK to another host",
			{.src = FAR4,
				.dst = OTHER4,
				.proto = IP_PROTO_TCP,
				.dst_port = 40000,
				.flags = SYN | ACK},
			true},
		{"NULL to another host, IPv6",
			{.src = FAR6, .dst = OTHER6, .proto = IP_PROTO_TCP, .dst_port = 40000},
			true},
		{"UDP below 32768",
			{.src = FAR4, .dst = OTHER4, .proto = IP_PROTO_UDP, .dst_port = 161}, true},
		{"UDP above",
			{.src = FAR4, .dst = OTHER4, .proto = IP_PROTO_UDP, .dst_port = 50000},
			false},
	};
	struct listening_set *set = make_set();
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_NETWORK});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	end_bench(&b);
	free(set);
}

static void dark_blocks_and_forwarded_ports_can_be_named(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"SYN into the dark block",
			{.src = FAR4,
				.dst = "203.0.113.9",
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN},
			true},
		{"SYN beside the dark block",
			{.src = FAR4,
				.dst = "203.0.113.17",
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN},
			false},
		{"SYN into the dark block, IPv6",
			{.src = FAR6,
				.dst = "2001:db8:d:1::2",
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN},
			true},
		{"SYN beside the dark block, IPv6",
			{.src = FAR6,
				.dst = "2001:db8:e:1::2",
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = SYN},
			false},
		{"data on a forwarded port", TCP4(ACK, 8080), false},
		{"SYN on a forwarded port", TCP4(SYN, 8080), true},
	};
	struct listening_set *set = make_set();
	struct prefix_set dark = {.count = 0};
	add_own(&dark, "203.0.113.0/28");
	add_own(&dark, "2001:db8:d::/48");
	static struct port_set forwarded;
	port_set_add(&forwarded, PORT_SET_TCP, 8080);
	struct bench b = make_bench(set, &(struct capture_filter_options){.also_home = &dark,
						 .offered_elsewhere = &forwarded});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	end_bench(&b);
	free(set);
}

static void a_host_with_too_many_addresses_hears_all(void **state)
{
	(void)state;
	static const struct row row = {"SYN to an address that did not fit",
		{.src = FAR4, .dst = OTHER4, .proto = IP_PROTO_TCP, .dst_port = 23, .flags = SYN},
		true};
	struct listening_set *set = make_set();
	set->own.cut = true;
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	check_rows(&b, &row, 1);
	end_bench(&b);
	free(set);
}

static void a_thousand_ports_make_a_bounded_filter_that_never_hears_traffic(void **state)
{
	(void)state;
	struct listening_set *set = make_set();
	for (unsigned port = 1000; port < 31000; port += 30)
		offer(set, PORT_SET_TCP, (uint16_t)port);
	offer(set, PORT_SET_TCP, 65535);
	clock_t start = clock();
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	double ms = (double)(clock() - start) * 1000 / CLOCKS_PER_SEC;
	print_message("1,000 ports: %u instructions, %.0f ms, %u ports filled\n", b.program.bf_len,
		ms, b.filter->filled_ports);
	assert_true(b.filter->filled_ports > 0);
	assert_true(b.program.bf_len < 1000);
	for (unsigned port = 1000; port < 31000; port += 30) {
		struct packet_plan data = TCP4(ACK, (uint16_t)port),
				   syn = TCP4(SYN, (uint16_t)port);
		assert_false(judge(&b, &data).kernel);
		assert_true(judge(&b, &syn).kernel);
	}
	end_bench(&b);
	free(set);
}

static struct addr addr_of(const char *text)
{
	struct addr a;
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

#define SECOND4 "192.0.2.2"
#define TO(address, protocol, port, flag_bits)                                                     \
	{                                                                                          \
		.src = FAR4, .dst = address, .proto = protocol, .src_port = 40000,                 \
		.dst_port = port, .flags = flag_bits                                               \
	}

/* tcp/25 is open over IPv4 alone, tcp/8025 over IPv6 alone; on OWN4 alone tcp/21 and udp/69. */
static void a_door_is_quiet_where_it_is_open_and_nowhere_else(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"data on a port of IPv4", TCP4(ACK, 25), false},
		{"the same over IPv6", TCP6(ACK, 25), true},
		{"data on a port of IPv6", TCP6(ACK, 8025), false},
		{"the same over IPv4", TCP4(ACK, 8025), true},
		{"data on a port of this address", TCP4(ACK | PSH, 21), false},
		{"the same on the other address", TO(SECOND4, IP_PROTO_TCP, 21, ACK | PSH), true},
		{"the same over IPv6", TCP6(ACK | PSH, 21), true},
		{"a SYN there", TCP4(SYN, 21), true},
		{"UDP to a port of this address", UDP4(4000, 69), false},
		{"the same on the other address", TO(SECOND4, IP_PROTO_UDP, 69, 0), true},
		{"the same port of TCP", TCP4(ACK, 69), true},
		{"data on a port of all addresses", TO(SECOND4, IP_PROTO_TCP, 22, ACK), false},
		{"data on a port of an IPv6 address", TCP6(ACK, 8080), false},
		{"later fragment to a port of this address",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_TCP,
				.dst_port = 21,
				.fragment = 0x0010},
			true},
	};
	struct listening_set *set = make_set();
	struct addr any4 = addr_of("0.0.0.0"), any6 = addr_of("::"), own4 = addr_of(OWN4),
		    own6 = addr_of(OWN6);
	add_own(&set->own.hosts, SECOND4);
	door_set_add(&set->offered, &any4, false, PORT_SET_TCP, 25);
	door_set_add(&set->offered, &any6, true, PORT_SET_TCP, 8025);
	door_set_add(&set->offered, &own4, false, PORT_SET_TCP, 21);
	door_set_add(&set->offered, &own4, false, PORT_SET_UDP, 69);
	door_set_add(&set->offered, &own6, false, PORT_SET_TCP, 8080);
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	assert_int_equal(b.filter->filled_ports, 0);
	end_bench(&b);
	free(set);
}

/* Every list as long as it may be: the text fits (it is asserted that it does). */
static void the_longest_filter_fits(void **state)
{
	(void)state;
	struct listening_set *set = make_set();
	struct prefix_set dark = {.count = 0};
	for (uint32_t i = 0; i < PREFIX_SET_MAX; i++) {
		struct addr a = addr_of("2001:db8:1234:5678:9abc:def0::"), b = a;
		a.bytes[13] = b.bytes[12] = (uint8_t)(i + 1);
		set->own.hosts.items[i] = prefix_of(&a, 128);
		dark.items[i] = prefix_of(&b, 127);
		door_set_add(&set->offered, &a, false, PORT_SET_TCP, (uint16_t)(60001 + i * 2));
	}
	set->own.hosts.count = dark.count = PREFIX_SET_MAX;
	set->ephemeral_first = 30001;
	for (unsigned port = 10001; port < 10001 + 4 * CAPTURE_FILTER_RANGES; port += 3) {
		offer(set, PORT_SET_TCP, (uint16_t)port);
		offer(set, PORT_SET_UDP, (uint16_t)port);
		use(set, PORT_SET_TCP, (uint16_t)(port + 20000));
	}
	for (unsigned port = 33434; port < 33534; port += 2)
		use(set, PORT_SET_UDP, (uint16_t)port);
	struct capture_filter *f = memory_calloc(1, sizeof *f);
	for (int beside = 0; beside < 2; beside++) {
		capture_filter_build(f, set,
			&(struct capture_filter_options){.dark = &dark, .beside_hook = beside});
		print_message("%zu characters\n", strlen(f->text));
		assert_in_range(strlen(f->text), 20000, CAPTURE_FILTER_TEXT_MAX - 1);
	}
	free(f);
	free(set);
}

static void in_a_dark_block_nothing_is_quiet(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"ACK on a port that we offer", TO("203.0.113.9", IP_PROTO_TCP, 22, ACK), true},
		{"ACK to an ephemeral port", TO("203.0.113.9", IP_PROTO_TCP, 40001, ACK), true},
		{"UDP on a port that we offer", TO("203.0.113.9", IP_PROTO_UDP, 53, 0), true},
		{"UDP to an ephemeral port", TO("203.0.113.9", IP_PROTO_UDP, 40001, 0), true},
		{"beside it", TO("203.0.113.17", IP_PROTO_TCP, 22, ACK), false},
		{"on our own address", TCP4(ACK, 22), false},
		{"ACK, IPv6",
			{.src = FAR6,
				.dst = "2001:db8:d::9",
				.proto = IP_PROTO_TCP,
				.dst_port = 22,
				.flags = ACK},
			true},
		{"ACK on our own address, IPv6", TCP6(ACK, 22), false},
	};
	struct listening_set *set = make_set();
	struct prefix_set home = {.count = 0}, dark = home;
	add_own(&home, "203.0.113.0/27");
	add_own(&home, "2001:db8:d::/48");
	add_own(&dark, "203.0.113.8/29");
	add_own(&dark, "2001:db8:d::/64");
	struct bench b = make_bench(
		set, &(struct capture_filter_options){.also_home = &home, .dark = &dark});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	end_bench(&b);
	free(set);
}

/* Over IPv4 client_ports can tell, over IPv6 not (say, because the host forwards there). */
static void where_our_clients_are_known_every_dead_udp_port_is_heard(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"UDP to an ephemeral port", UDP4(4000, 40001), true},
		{"UDP to an ephemeral port, IPv6", UDP6(4000, 40001), false},
		{"an answer, or a disguise", UDP4(53, 40001), true},
		{"UDP to a bound port", UDP4(4000, 53), false},
		{"UDP to a busy port", UDP4(4000, 51820), false},
		{"traceroute", UDP4(4000, 33435), true},
		{"traceroute, IPv6", UDP6(4000, 33435), true},
		{"UDP to a bound traceroute port", UDP4(4000, 33440), false},
		{"data of our own connection", TCP4(ACK, 40001), false},
	};
	static const struct {
		struct packet_plan plan;
		bool doubtful;
	} doubts[] = {
		{UDP4(4000, 40001), true},
		{UDP4(4000, 161), true},
		{UDP6(4000, 161), false},
		{TCP4(SYN, 23), false},
		{{.src = OTHER4, .dst = "224.0.0.251", .proto = IP_PROTO_UDP, .dst_port = 5353},
			false},
	};
	struct listening_set *set = make_set();
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST,
					.clients_known = {[DOOR_FAMILY_V4] = true}});
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	for (size_t i = 0; i < sizeof doubts / sizeof doubts[0]; i++) {
		uint8_t bytes[PACKET_BYTES_MAX];
		struct event e;
		size_t size = packet_bytes_build(&doubts[i].plan, bytes);
		assert_int_equal(packet_decode(LINKTYPE_RAW, bytes, size, &e), PACKET_OK);
		assert_int_equal(capture_filter_doubts(b.filter, &e), doubts[i].doubtful);
	}
	end_bench(&b);
	free(set);
}

/* The last ones are quiet on all addresses: deaf rather than drowned. */
static void many_doors_on_single_addresses_make_a_bounded_filter(void **state)
{
	(void)state;
	enum { DOORS = CAPTURE_FILTER_NARROW + 10 };
	struct listening_set *set = make_set();
	for (uint32_t i = 0; i < DOORS; i++) {
		struct addr own = addr_from_v4(0xc0000201 + i % 2); /* OWN4 and SECOND4 */
		door_set_add(&set->offered, &own, false, PORT_SET_TCP, (uint16_t)(3000 + i * 2));
	}
	add_own(&set->own.hosts, SECOND4);
	struct bench b =
		make_bench(set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST});
	assert_int_equal(b.filter->filled_ports, DOORS - CAPTURE_FILTER_NARROW);
	assert_true(b.program.bf_len < 500);
	for (unsigned i = 0; i < DOORS; i++) {
		struct packet_plan data =
			TO(i % 2 ? SECOND4 : OWN4, IP_PROTO_TCP, (uint16_t)(3000 + i * 2), ACK);
		assert_false(judge(&b, &data).kernel);
	}
	end_bench(&b);
	free(set);
}

static uint32_t next_random(uint32_t *seed)
{
	*seed = *seed * 1664525u + 1013904223u;
	return *seed >> 8;
}

static struct packet_plan random_plan(uint32_t *seed)
{
	static const uint8_t protos[] = {6, 6, 6, 17, 17, 1, 58, 132, 2, 47, 89, 200};
	static const char *const dst4[] = {OWN4, OTHER4, "192.0.2.255", "224.0.0.1"};
	static const char *const dst6[] = {OWN6, OTHER6, OWN6, "ff02::1"};
	bool v6 = next_random(seed) % 2;
	static const char *const src4[] = {
		FAR4, FAR4, FAR4, FAR4, OWN4, "127.0.0.1", "224.0.0.9", FAR4};
	static const char *const src6[] = {FAR6, FAR6, FAR6, FAR6, OWN6, "::1", "ff02::5", FAR6};
	unsigned dst = next_random(seed) % 4, src = next_random(seed) % 8;
	return (struct packet_plan){
		.src = v6 ? src6[src] : src4[src],
		.dst = v6 ? dst6[dst] : dst4[dst],
		.proto = protos[next_random(seed) % sizeof protos],
		.src_port = (uint16_t)(next_random(seed) % 2 ? next_random(seed)
							     : next_random(seed) % 1100),
		.dst_port = (uint16_t)(next_random(seed) % 2 ? next_random(seed)
							     : next_random(seed) % 1100),
		.flags = (uint8_t)next_random(seed),
		.type = (uint8_t)next_random(seed),
		.fragment =
			v6 || next_random(seed) % 4 ? 0 : (uint16_t)(next_random(seed) & 0x3fff),
	};
}

/* Open on one of our addresses, or over one family. */
static void random_door(struct listening_set *set, uint32_t *seed)
{
	static const char *const bound[] = {OWN4, OWN6, "0.0.0.0", "::"};
	struct addr a = addr_of(bound[next_random(seed) % 4]);
	enum port_set_proto proto = next_random(seed) % 2 ? PORT_SET_TCP : PORT_SET_UDP;
	door_set_add(&set->offered, &a, true, proto, (uint16_t)(next_random(seed) % 1100));
}

/* Random hosts with random open ports, random packets: the two forms of the law say the same. */
static void kernel_and_law_agree(void **state)
{
	(void)state;
	uint32_t seed = (uint32_t)time(NULL);
	print_message("seed %u\n", seed);
	for (int round = 0; round < 20; round++) {
		struct listening_set *set = make_set();
		for (unsigned i = 0; i < (unsigned)round * 8; i++) {
			offer(set, PORT_SET_TCP, (uint16_t)(next_random(&seed) % 1100));
			offer(set, PORT_SET_UDP, (uint16_t)next_random(&seed));
			use(set, PORT_SET_TCP, (uint16_t)next_random(&seed));
			random_door(set, &seed);
		}
		struct bench b = make_bench(
			set, &(struct capture_filter_options){.scope = CAPTURE_SCOPE_HOST,
				     .clients_known = {round % 2, round % 3},
				     .beside_hook = round % 4 == 1,
				     .hook_knows_clients = round % 8 == 1});
		for (int i = 0; i < 20000; i++) {
			struct packet_plan plan = random_plan(&seed);
			struct verdicts got = judge(&b, &plan);
			/* Beside a hook, answers to an offered port that we also dial from are left to the law. */
			bool answer = round % 4 == 1 && plan.proto == IP_PROTO_TCP &&
				      ((plan.flags & 0x17) == 0x12 || (plan.flags & 0x17) == 0x04);
			if (answer ? got.law && !got.kernel : got.kernel != got.law)
				fail_msg("%s -> %s proto %u ports %u %u flags %02x type %u "
					 "fragment %04x: kernel %d law %d",
					plan.src, plan.dst, plan.proto, plan.src_port,
					plan.dst_port, plan.flags, plan.type, plan.fragment,
					got.kernel, got.law);
		}
		end_bench(&b);
		free(set);
	}
}

static struct event event_of(const struct packet_plan *plan)
{
	uint8_t bytes[PACKET_BYTES_MAX];
	struct event e;
	size_t size = packet_bytes_build(plan, bytes);
	assert_int_equal(packet_decode(LINKTYPE_RAW, bytes, size, &e), PACKET_OK);
	return e;
}

#define PIECE(port, f, ...)                                                                        \
	{                                                                                          \
		.src = FAR4, .dst = OWN4, .proto = IP_PROTO_TCP, .dst_port = (port), .flags = (f), \
		__VA_ARGS__                                                                        \
	}

/* Port 22 is offered, 23 is not. */
static const struct {
	const char *name;
	struct packet_plan plan;
	bool alone, beside_hook; /* only to be compared with the others */
} piece_rows[] = {
	{"a knock", PIECE(23, SYN, .fragment = 0x2000), false, true},
	{"a call of an open port", PIECE(22, SYN, .fragment = 0x2000), false, false},
	{"the middle of a connection", PIECE(22, ACK, .fragment = 0x2000), true, true},
	{"a header cut to pieces, to an open port", PIECE(22, SYN, .fragment = 0x2000, .cut_at = 8),
		false, false},
	{"a header cut to pieces, to a closed port",
		PIECE(23, SYN, .fragment = 0x2000, .cut_at = 8), false, false},
	{"its second piece", PIECE(23, SYN, .fragment = 0x0001), false, false},
	{"no piece", PIECE(23, SYN, .fragment = 0), false, false},
};

/* What asks by itself is judged; the rest of the pieces is there for the sake of the others. */
static void a_piece_that_asks_is_more_than_a_piece(void **state)
{
	(void)state;
	struct listening_set *set = make_set();
	offer(set, PORT_SET_TCP, 22);
	struct capture_filter_options o = {.scope = CAPTURE_SCOPE_HOST};
	struct bench alone = make_bench(set, &o);
	o.beside_hook = true;
	struct bench beside = make_bench(set, &o);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(piece_rows); i++) {
		struct event e = event_of(&piece_rows[i].plan);
		faults += table_check_number(piece_rows[i].name, "alone",
			capture_filter_wants_piece_only(alone.filter, &e), piece_rows[i].alone);
		faults += table_check_number(piece_rows[i].name, "beside a hook",
			capture_filter_wants_piece_only(beside.filter, &e),
			piece_rows[i].beside_hook);
	}
	assert_int_equal(faults, 0);
	end_bench(&alone);
	end_bench(&beside);
	free(set);
}

/* What the law wants comes by one of the two, and by one only. */
static void hook_and_filter_share_the_law_without_a_gap(void **state)
{
	(void)state;
	uint32_t seed = (uint32_t)time(NULL);
	print_message("seed %u\n", seed);
	struct listening_set *set = make_set();
	struct prefix_set dark = {.count = 0};
	add_own(&set->own.hosts, "203.0.113.0/28");
	add_own(&dark, "203.0.113.8/29");
	for (unsigned i = 0; i < 40; i++)
		random_door(set, &seed);
	struct capture_filter_options o = {.dark = &dark, .clients_known = {true, true}};
	struct bench all = make_bench(set, &o);
	o.beside_hook = o.hook_knows_clients = true;
	struct bench beside = make_bench(set, &o);
	for (int i = 0; i < 200000; i++) {
		struct packet_plan plan = random_plan(&seed);
		if (i % 16 == 0)
			plan.src = FAR4, plan.dst = i % 32 ? "203.0.113.2" : "203.0.113.9";
		struct event e = event_of(&plan);
		bool wanted = capture_filter_wants(all.filter, &e),
		     packet = capture_filter_wants(beside.filter, &e),
		     thrown = capture_filter_wants_thrown(beside.filter, &e, false),
		     nobody = capture_filter_wants_thrown(beside.filter, &e, true);
		if (wanted != (packet || thrown) || (packet && nobody) || (thrown && !nobody))
			fail_msg("%s -> %s proto %u ports %u %u flags %02x type %u fragment %04x: "
				 "wanted %d, packet %d, thrown %d, nobody %d",
				plan.src, plan.dst, plan.proto, plan.src_port, plan.dst_port,
				plan.flags, plan.type, plan.fragment, wanted, packet, thrown,
				nobody);
	}
	end_bench(&all);
	end_bench(&beside);
	free(set);
}

static void beside_a_hook_only_odd_packets_pass(void **state)
{
	(void)state;
	static const struct row rows[] = {
		{"SYN to a dead port", TCP4(SYN, 23), false},
		{"SYN to a dead port, IPv6", TCP6(SYN, 23), false},
		{"SYN to an open port", TCP4(SYN, 22), true},
		{"SYN to an open port, IPv6", TCP6(SYN, 443), true},
		{"NULL to an open port", TCP4(0, 22), true},
		{"NULL to a dead port", TCP4(0, 23), false},
		{"bare reset on an open port", TCP4(RST, 22), true},
		{"ACK on an open port", TCP4(ACK, 22), false},
		{"ACK to a dead port", TCP4(ACK, 23), false},
		{"data of our own connection", TCP4(ACK, 40001), false},
		{"UDP to a dead port", UDP4(4000, 161), false},
		{"UDP to a bound port", UDP4(4000, 53), false},
		{"echo request", ICMP4(8), true},
		{"redirect, IPv6", ICMP6(137), true},
		{"an unused IP protocol", OTHER(201), false},
		{"SYN from our own address to a dead port",
			{.src = OWN4,
				.dst = OWN4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = SYN},
			true},
		{"UDP from everybody",
			{.src = "255.255.255.255",
				.dst = OWN4,
				.proto = IP_PROTO_UDP,
				.dst_port = 161},
			true},
		{"UDP to the directed broadcast",
			{.src = OTHER4,
				.dst = "192.0.2.255",
				.proto = IP_PROTO_UDP,
				.src_port = 137,
				.dst_port = 137},
			true},
		{"first fragment too small for flags",
			{.src = FAR4,
				.dst = OWN4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = SYN,
				.fragment = 0x2000,
				.cut_at = 8},
			true},
	};
	struct listening_set *set = make_set();
	struct bench b = make_bench(set, &(struct capture_filter_options){.beside_hook = true});
	print_message("%u instructions\n", b.program.bf_len);
	check_rows(&b, rows, sizeof rows / sizeof rows[0]);
	end_bench(&b);
	free(set);
}

/* The kernel's word goes before a listening set that is older, but what we dialled ourselves is no knock. */
static void where_nobody_listens_the_ports_in_use_do_not_matter(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct packet_plan plan;
		bool nobody, dropped;
	} rows[] = {
		{"SYN to a dead port", TCP4(SYN, 23), true, true},
		{"SYN to an open port: by the filter", TCP4(SYN, 22), false, false},
		{"ACK to what was an open port", TCP4(ACK, 22), true, false},
		{"ACK to an ephemeral port", TCP4(ACK, 40001), false, false},
		{"reset of our own connection", TCP4(RST, 40001), false, false},
		{"SYN to an ephemeral port", TCP4(SYN, 40001), true, true},
		{"UDP to an ephemeral port", UDP4(4000, 40001), true, false},
		{"UDP to a busy port", UDP4(4000, 51820), true, false},
		{"UDP to a bound port", UDP4(4000, 53), true, false},
		{"GRE", OTHER(IP_PROTO_GRE), true, false},
		{"an unused IP protocol", OTHER(201), true, true},
		{"echo request: by the filter", ICMP4(8), false, false},
		{"SYN to another host",
			{.src = FAR4,
				.dst = OTHER4,
				.proto = IP_PROTO_TCP,
				.dst_port = 23,
				.flags = SYN},
			false, false},
	};
	struct listening_set *set = make_set();
	struct bench b = make_bench(set,
		&(struct capture_filter_options){.beside_hook = true, .hook_knows_clients = true});
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct event e = event_of(&rows[i].plan);
		bool nobody = capture_filter_wants_thrown(b.filter, &e, true),
		     dropped = capture_filter_wants_thrown(b.filter, &e, false);
		if (nobody != rows[i].nobody || dropped != rows[i].dropped)
			fail_msg("%s: got %d %d, wanted %d %d", rows[i].name, nobody, dropped,
				rows[i].nobody, rows[i].dropped);
	}
	end_bench(&b);
	free(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(knocks_pass_and_traffic_does_not),
		cmocka_unit_test(a_mirror_port_hears_knocks_on_everybody),
		cmocka_unit_test(dark_blocks_and_forwarded_ports_can_be_named),
		cmocka_unit_test(a_host_with_too_many_addresses_hears_all),
		cmocka_unit_test(a_door_is_quiet_where_it_is_open_and_nowhere_else),
		cmocka_unit_test(in_a_dark_block_nothing_is_quiet),
		cmocka_unit_test(the_longest_filter_fits),
		cmocka_unit_test(where_our_clients_are_known_every_dead_udp_port_is_heard),
		cmocka_unit_test(many_doors_on_single_addresses_make_a_bounded_filter),
		cmocka_unit_test(a_thousand_ports_make_a_bounded_filter_that_never_hears_traffic),
		cmocka_unit_test(kernel_and_law_agree),
		cmocka_unit_test(beside_a_hook_only_odd_packets_pass),
		cmocka_unit_test(where_nobody_listens_the_ports_in_use_do_not_matter),
		cmocka_unit_test(a_piece_that_asks_is_more_than_a_piece),
		cmocka_unit_test(hook_and_filter_share_the_law_without_a_gap),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
