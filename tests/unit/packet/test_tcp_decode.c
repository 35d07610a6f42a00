/* SPDX-License-Identifier: ISC */
#include "packet/tcp_decode.h"

#include "net/ip_proto.h"
#include "packet_fixture.h"

#define BASE "9c400016 11223344 55667788 "

static struct event decode_tcp(const char *hex)
{
	struct packet_fixture p = packet_fixture_v4(IP_PROTO_TCP, hex);
	struct event e;
	assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	return e;
}

static void the_fixed_header_is_read(void **state)
{
	(void)state;
	struct event e = decode_tcp(BASE "50120400 abcd0000 68656c6c6f");
	assert_int_equal(e.src_port, 40000);
	assert_int_equal(e.dst_port, 22);
	assert_int_equal(e.seq, 0x11223344);
	assert_int_equal(e.ack, 0x55667788);
	assert_int_equal(e.tcp_flags, EVENT_TCP_SYN | EVENT_TCP_ACK);
	assert_int_equal(e.window, 1024);
	assert_int_equal(e.payload_length, 5);
	assert_int_equal(e.probe, EVENT_PROBE_SYN_ACK);
}

struct option_row {
	const char *name;
	const char *hex; /* from the header size on */
	bool has_options;
	uint64_t layout; /* last option first */
	uint16_t mss;
	uint8_t wscale;
	uint16_t payload_length;
};

static const struct option_row option_rows[] = {
	{"none", "5002 0400 00000000", true, 0x0, 0, 0xff, 0},
	{"MSS alone", "6002 0400 00000000 020405b4", true, 0x3, 1460, 0xff, 0},
	{"a Linux SYN", "a002 faf0 00000000 020405b4 0402 080a 0102030405060708 01 030307", true,
		0x42953, 1460, 7, 0},
	{"a Windows SYN", "8002 faf0 00000000 020405b4 01 030308 01 01 0402", true, 0x522423, 1460,
		8, 0},
	{"time stamps of a connection", "8010 0100 00000000 0101 080a 0102030405060708", true,
		0x922, 0, 0xff, 0},
	{"the end is told and stops", "7002 0400 00000000 00 020405b4 000000", true, 0x1, 0, 0xff,
		0},
	{"kinds of 14 and above share a digit", "7002 0400 00000000 0d02 0e02 fe02 0101", true,
		0x22ffe, 0, 0xff, 0},
	{"16 of 20 are told", "a002 0400 00000000 0101010101 0101010101 0101010101 01 020405b4",
		true, 0x2222222222222222, 1460, 0xff, 0},
	{"the last MSS counts", "7002 0400 00000000 02040200 020405b4", true, 0x33, 1460, 0xff, 0},
	{"MSS of a wrong size", "6002 0400 00000000 0203 05 01", true, 0x23, 0, 0xff, 0},
	{"scale of a wrong size", "6002 0400 00000000 0304 07 07", true, 0x4, 0, 0xff, 0},
	{"option of size 0", "7002 0400 00000000 0200 0000 03030701", true, 0x3, 0, 0xff, 0},
	{"option of size 1", "6002 0400 00000000 0301 0101", true, 0x4, 0, 0xff, 0},
	{"option beyond the header", "6002 0400 00000000 01 0204 05 b4", true, 0x32, 0, 0xff, 1},
	{"option without a size", "6002 0400 00000000 010101 02", true, 0x3222, 0, 0xff, 0},
	{"longest header",
		"f002 0400 00000000 020405b4 01010101 01010101 01010101 01010101"
		"01010101 01010101 01010101 01010101 030307 00",
		true, 0x2222222222222223, 1460, 7, 0},
	{"header below 5 words", "4002 0400 00000000 020405b4", false, 0, 0, 0xff, 0},
	{"header of 0 words", "0002 0400 00000000 020405b4", false, 0, 0, 0xff, 0},
	{"header beyond the packet", "7002 0400 00000000 020405b4", false, 0, 0, 0xff, 0},
};

static unsigned check_options(const struct option_row *r)
{
	struct packet_fixture p = packet_fixture_v4(IP_PROTO_TCP, BASE);
	packet_fixture_add(&p, r->hex);
	p.bytes[3] = (uint8_t)p.size;
	struct event e;
	unsigned faults = packet_fixture_differs(
		r->name, "result", packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	faults += packet_fixture_differs(
		r->name, "has options", (e.has & EVENT_HAS_TCP_OPTIONS) != 0, r->has_options);
	faults += packet_fixture_differs(r->name, "layout", e.tcp_option_layout, r->layout);
	faults += packet_fixture_differs(r->name, "mss", e.tcp_mss, r->mss);
	faults += packet_fixture_differs(r->name, "wscale", e.tcp_wscale, r->wscale);
	faults += packet_fixture_differs(r->name, "payload", e.payload_length, r->payload_length);
	return faults;
}

static void options_are_told_in_order(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof option_rows / sizeof option_rows[0]; i++)
		faults += check_options(&option_rows[i]);
	assert_int_equal(faults, 0);
}

static void facts_reach_as_far_as_the_bytes(void **state)
{
	(void)state;
	const uint16_t ports = EVENT_HAS_PORTS, seq = EVENT_HAS_TCP_SEQ,
		       flags = EVENT_HAS_TCP_FLAGS, window = EVENT_HAS_TCP_WINDOW,
		       options = EVENT_HAS_TCP_OPTIONS;
	const struct {
		size_t from; /* bytes of TCP header from which on this is known */
		uint16_t has;
	} steps[] = {{0, 0}, {4, ports}, {12, ports | seq}, {14, ports | seq | flags},
		{16, ports | seq | flags | window}, {24, ports | seq | flags | window | options}};
	struct packet_fixture p =
		packet_fixture_v4(IP_PROTO_TCP, BASE "6002 0400 00000000 020405b4 aabb");
	size_t step = 0;
	for (size_t size = 0; size <= 26; size++) {
		struct event e;
		if (step + 1 < sizeof steps / sizeof steps[0] && size == steps[step + 1].from)
			step++;
		assert_int_equal(packet_fixture_decode_part(PACKET_FIXTURE_RAW, &p, 20 + size, &e),
			PACKET_OK);
		const uint16_t of_ip = EVENT_HAS_LENGTH | EVENT_HAS_TTL | EVENT_HAS_IP_ID;
		assert_int_equal(e.has & ~of_ip, steps[step].has);
		assert_int_equal((e.marks & EVENT_MARK_CUT) != 0, size < 24);
		assert_int_equal(e.payload_length, size < 14 ? 0 : 2);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_fixed_header_is_read),
		cmocka_unit_test(options_are_told_in_order),
		cmocka_unit_test(facts_reach_as_far_as_the_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
