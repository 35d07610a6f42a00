/* SPDX-License-Identifier: ISC */
#include "packet/packet_decode.h"

#include "packet_fixture.h"

#define ETHERNET "00005e005301 00005e005302 "
#define SRC6 "20010db8000000000000000000000014"
#define DST6 "20010db8000000000000000000000005"

struct sample {
	const char *name;
	int linktype;
	const char *hex;
	size_t addresses_end; /* bytes up to the end of the IP header's fixed part */
};

static const struct sample samples[] = {
	{"TCP with options in two VLANs", 1,
		ETHERNET "88a8 0064 8100 0065 0800"
			 "4500003c 12344000 40060000 c6336414 cb007105"
			 "9c400016 11223344 00000000 a002faf0 00000000"
			 "020405b4 0402080a 01020304 00000000 01030307",
		42},
	{"TCP and a payload behind IPv4 options", 1,
		ETHERNET "0800"
			 "47000035 12340000 40060000 c6336414 cb007105 94040000 07040400"
			 "9c400016 11223344 55667788 50180100 00000000 68656c6c6f",
		34},
	{"UDP, cooked", 113,
		"0004 0001 0006 00005e0053020000 0800"
		"45000020 12340000 40110000 c6336414 cb007105 9c400035 000c0000 01020304",
		36},
	{"ICMP error", 101,
		"45000038 12340000 40010000 c6336414 cb007105 03030000 00000000"
		"4500003c 12340000 40110000 cb007105 c6336414 9c400035 00280000",
		20},
	{"SCTP INIT over IPv6 with extension headers", 229,
		"60000000 00308440" SRC6 DST6
		"9c400016 00000000 00000000 01000024 00000000 00000000 00000000 00000000"
		"00000000 00000000 00000000 00000000",
		40},
	{"TCP over IPv6 behind options, routing and a first fragment", 229,
		"60000000 00300040" SRC6 DST6
		"2b000502 00000100 2c000000 00000000 06000001 00000007"
		"9c400016 11223344 00000000 60020400 00000000 020405a0",
		40},
	{"NFLOG, UDP over IPv6", 239,
		"0a000005 0800 0100 86dd 01 00 3400 0900"
		"60000000 00081140" SRC6 DST6 "9c400035 00080000",
		56},
};

static const size_t sample_count = sizeof samples / sizeof samples[0];

/* What both events tell must be the same. */
static unsigned compare_common_facts(
	const char *name, const struct event *part, const struct event *whole)
{
	unsigned faults =
		packet_fixture_differs(name, "facts not in the whole", part->has & ~whole->has, 0);
	faults += packet_fixture_differs(name, "src", addr_equal(&part->src, &whole->src), true);
	faults += packet_fixture_differs(name, "dst", addr_equal(&part->dst, &whole->dst), true);
	faults += packet_fixture_differs(name, "length", part->length, whole->length);
	if (part->has & EVENT_HAS_PORTS) {
		faults += packet_fixture_differs(name, "src_port", part->src_port, whole->src_port);
		faults += packet_fixture_differs(name, "dst_port", part->dst_port, whole->dst_port);
	}
	if (part->has & EVENT_HAS_TCP_FLAGS)
		faults += packet_fixture_differs(name, "probe", part->probe, whole->probe);
	if (part->has & EVENT_HAS_TCP_OPTIONS)
		faults += packet_fixture_differs(
			name, "layout", part->tcp_option_layout, whole->tcp_option_layout);
	if (part->payload_length)
		faults += packet_fixture_differs(
			name, "payload", part->payload_length, whole->payload_length);
	return faults;
}

static unsigned check_every_length(const struct sample *s)
{
	struct packet_fixture p = packet_fixture_of(s->hex);
	struct event whole, part;
	unsigned faults = packet_fixture_differs(
		s->name, "result", packet_fixture_decode(s->linktype, &p, &whole), PACKET_OK);
	faults += packet_fixture_differs(s->name, "cut", whole.marks & EVENT_MARK_CUT, 0);
	uint16_t known = 0;
	for (size_t size = 0; size <= p.size && faults == 0; size++) {
		enum packet_result result =
			packet_fixture_decode_part(s->linktype, &p, size, &part);
		enum packet_result wanted = size < s->addresses_end ? PACKET_BROKEN : PACKET_OK;
		faults += packet_fixture_differs(s->name, "result of a part", result, wanted);
		if (result == PACKET_OK) {
			faults += compare_common_facts(s->name, &part, &whole);
			faults +=
				packet_fixture_differs(s->name, "facts lost", known & ~part.has, 0);
			known = part.has;
		}
		if (faults)
			print_error("%s: at %zu bytes\n", s->name, size);
	}
	return faults;
}

static void a_longer_capture_only_adds_facts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sample_count; i++)
		faults += check_every_length(&samples[i]);
	assert_int_equal(faults, 0);
}

/* Values without their bit in `has` are zero, whatever came in. */
static unsigned check_untold_is_zero(const struct event *e)
{
	const uint16_t has = e->has;
	unsigned faults = 0;
	if (!(has & EVENT_HAS_PORTS))
		faults += packet_fixture_differs("no ports", "ports", e->src_port | e->dst_port, 0);
	if (!(has & EVENT_HAS_TCP_SEQ))
		faults += packet_fixture_differs("no seq", "seq", e->seq | e->ack, 0);
	if (!(has & EVENT_HAS_TCP_FLAGS))
		faults += packet_fixture_differs("no flags", "flags", e->tcp_flags, 0);
	if (!(has & EVENT_HAS_TCP_OPTIONS)) {
		faults += packet_fixture_differs("no options", "layout", e->tcp_option_layout, 0);
		faults += packet_fixture_differs("no options", "scale", e->tcp_wscale, 0xff);
	}
	if (!(has & EVENT_HAS_QUOTED))
		faults += packet_fixture_differs(
			"no quoted", "none", addr_is_none(&e->quoted_dst), true);
	faults += packet_fixture_differs("caller's", "time", (uint64_t)e->time.us, 0);
	faults += packet_fixture_differs("caller's", "iface, host", e->iface | e->host, 0);
	faults += packet_fixture_differs("origin", "origin", e->origin, EVENT_ORIGIN_PACKET);
	return faults;
}

static uint64_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return *seed;
}

static void damaged_packets_never_tell_what_is_not_there(void **state)
{
	(void)state;
	uint64_t seed = 0x6b6e6f636b5741ff;
	print_message("seed %#llx\n", (unsigned long long)seed);
	unsigned faults = 0;
	for (unsigned round = 0; round < 100000 && faults == 0; round++) {
		const struct sample *s = &samples[next_random(&seed) % sample_count];
		struct packet_fixture p = packet_fixture_of(s->hex);
		for (uint64_t hits = 1 + next_random(&seed) % 4; hits > 0; hits--)
			p.bytes[next_random(&seed) % p.size] = (uint8_t)next_random(&seed);
		struct event e;
		size_t size = next_random(&seed) % (p.size + 1);
		if (packet_fixture_decode_part(s->linktype, &p, size, &e) == PACKET_OK)
			faults += check_untold_is_zero(&e);
	}
	assert_int_equal(faults, 0);
}

static void every_lying_length_is_survived(void **state)
{
	(void)state;
	unsigned faults = 0;
	struct packet_fixture p = packet_fixture_of(samples[3].hex);
	for (unsigned total = 0; total <= 0xffff; total++) {
		struct event e;
		p.bytes[2] = (uint8_t)(total >> 8);
		p.bytes[3] = (uint8_t)total;
		assert_int_equal(packet_decode(101, p.bytes, p.size, &e), PACKET_OK);
		faults += packet_fixture_differs("lie", "length", e.length, total ? total : p.size);
		bool has_quoted = total == 0 || total >= 48;
		faults += packet_fixture_differs(
			"lie", "quoted", (e.has & EVENT_HAS_QUOTED) != 0, has_quoted);
	}
	assert_int_equal(faults, 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_longer_capture_only_adds_facts),
		cmocka_unit_test(damaged_packets_never_tell_what_is_not_there),
		cmocka_unit_test(every_lying_length_is_survived),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
