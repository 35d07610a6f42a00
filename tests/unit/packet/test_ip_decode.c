/* SPDX-License-Identifier: ISC */
#include "packet/ip_decode.h"

#include "net/ip_proto.h"
#include "packet_fixture.h"

#define UDP "9c400035 00080000"
#define TCP "9c400016 11223344 55667788 50020400 00000000"
#define SRC6 "20010db8000000000000000000000014"
#define DST6 "20010db8000000000000000000000005"

struct row {
	const char *name;
	const char *hex;
	enum packet_result result;
	uint16_t has; /* beside what its IP header always tells */
	uint8_t marks;
	uint8_t proto;
	uint8_t ip_options;
	uint16_t length;
	uint16_t payload_length;
};

#define PORTS EVENT_HAS_PORTS
#define TCP_FACTS                                                                                  \
	(EVENT_HAS_PORTS | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW |        \
		EVENT_HAS_TCP_OPTIONS)
#define FRAGMENT EVENT_MARK_FRAGMENT
#define TINY (EVENT_MARK_FRAGMENT | EVENT_MARK_TINY_FRAGMENT)
#define V4(total, id_frag, proto) "4500" total id_frag "40" proto "0000 c6336414 cb007105"

static const struct row rows_v4[] = {
	{"plain", V4("001c", "12340000", "11") UDP, PACKET_OK, PORTS, 0, 17, 0, 28, 0},
	{"do not fragment", V4("001c", "12344000", "11") UDP, PACKET_OK, PORTS, EVENT_MARK_DF, 17,
		0, 28, 0},
	{"frame padding is not the packet", V4("001c", "12340000", "11") UDP "0000000000000000",
		PACKET_OK, PORTS, 0, 17, 0, 28, 0},
	{"payload beyond the capture counts", V4("05dc", "12340000", "06") TCP, PACKET_OK,
		TCP_FACTS, 0, 6, 0, 1500, 1460},
	{"length 0 is the captured size", V4("0000", "12340000", "06") TCP "0102030405", PACKET_OK,
		TCP_FACTS, 0, 6, 0, 45, 5},
	{"length below the header", V4("0013", "12340000", "11") UDP, PACKET_OK, 0, EVENT_MARK_CUT,
		17, 0, 19, 0},
	{"length below the transport header", V4("0018", "12340000", "11") UDP, PACKET_OK, PORTS,
		EVENT_MARK_CUT, 17, 0, 24, 0},
	{"first fragment", V4("0028", "12342000", "06") TCP, PACKET_OK, TCP_FACTS, FRAGMENT, 6, 0,
		40, 0},
	{"tiny first fragment of 8", V4("001c", "12342000", "06") "9c400016 11223344", PACKET_OK,
		PORTS, TINY, 6, 0, 28, 0},
	{"tiny first fragment of 16",
		V4("0024", "12342000", "06") "9c400016 11223344 55667788 50020400", PACKET_OK,
		TCP_FACTS & ~EVENT_HAS_TCP_OPTIONS, TINY, 6, 0, 36, 0},
	{"tiny first fragment, also cut", V4("001c", "12342000", "06") "9c400016 112233", PACKET_OK,
		PORTS, TINY | EVENT_MARK_CUT, 6, 0, 28, 0},
	{"options beyond the first fragment",
		V4("0028", "12342000", "06") "9c400016 11223344 55667788 60020400 00000000",
		PACKET_OK, TCP_FACTS & ~EVENT_HAS_TCP_OPTIONS, TINY, 6, 0, 40, 0},
	{"later fragment", V4("0028", "12340003", "06") TCP, PACKET_OK, 0, FRAGMENT, 6, 0, 40, 20},
	{"middle fragment", V4("0028", "12342003", "11") TCP, PACKET_OK, 0, FRAGMENT, 17, 0, 40,
		20},
	{"bare protocol", V4("0014", "12340000", "fd"), PACKET_OK, 0, 0, 253, 0, 20, 0},
	{"record route", "46000020 12340000 40110000 c6336414 cb007105 07030400" UDP, PACKET_OK,
		PORTS, 0, 17, EVENT_IP_OPTION_RECORD_ROUTE, 32, 0},
	{"every option",
		"4a000030 12340000 40110000 c6336414 cb007105"
		"01 4402 8302 8902 9404 0000 8202 8504 0000 5e02 00 ff ff" UDP,
		PACKET_OK, PORTS, 0, 17,
		EVENT_IP_OPTION_TIMESTAMP | EVENT_IP_OPTION_LOOSE_ROUTE |
			EVENT_IP_OPTION_STRICT_ROUTE | EVENT_IP_OPTION_ROUTER_ALERT |
			EVENT_IP_OPTION_SECURITY | EVENT_IP_OPTION_OTHER,
		48, 0},
	{"nothing behind the end of the options",
		"47000024 12340000 40110000 c6336414 cb007105 0083030400000000" UDP, PACKET_OK,
		PORTS, 0, 17, 0, 36, 0},
	{"option of length 0", "46000020 12340000 40110000 c6336414 cb007105 83000707" UDP,
		PACKET_OK, PORTS, 0, 17, EVENT_IP_OPTION_LOOSE_ROUTE, 32, 0},
	{"option beyond the header", "46000020 12340000 40110000 c6336414 cb007105 83ff0707" UDP,
		PACKET_OK, PORTS, 0, 17, EVENT_IP_OPTION_LOOSE_ROUTE, 32, 0},
	{"options cut by the capture", "46000020 12340000 40110000 c6336414 cb007105 8303",
		PACKET_OK, 0, EVENT_MARK_CUT, 17, EVENT_IP_OPTION_LOOSE_ROUTE, 32, 0},
	{"header of 4 words", "44000020 12340000 40110000 c6336414 cb007105" UDP, PACKET_BROKEN, 0,
		0, 0, 0, 0, 0},
	{"header cut", "45000020 12340000 40110000 c6336414 cb0071", PACKET_BROKEN, 0, 0, 0, 0, 0,
		0},
};

#define V6(length, next) "60000000" length next "40" SRC6 DST6

static const struct row rows_v6[] = {
	{"plain", V6("0008", "11") UDP, PACKET_OK, PORTS, 0, 17, 0, 48, 0},
	{"frame padding", V6("0008", "11") UDP "000000000000", PACKET_OK, PORTS, 0, 17, 0, 48, 0},
	{"payload beyond the capture", V6("05a0", "06") TCP, PACKET_OK, TCP_FACTS, 0, 6, 0, 1480,
		1420},
	{"length 0 is the captured size", V6("0000", "06") TCP "01", PACKET_OK, TCP_FACTS, 0, 6, 0,
		61, 1},
	{"length 0 before frame padding is 0", V6("0000", "fd") "000000000000", PACKET_OK, 0, 0,
		253, 0, 40, 0},
	{"longest", V6("ffff", "11") UDP, PACKET_OK, PORTS, 0, 17, 0, 65535, 0},
	{"no next header", V6("0004", "3b") "01020304", PACKET_OK, 0, 0, 59, 0, 44, 4},
	{"hop-by-hop", V6("0010", "00") "1100050200000100" UDP, PACKET_OK, PORTS, 0, 17, 0, 56, 0},
	{"routing", V6("0010", "2b") "1100000000000000" UDP, PACKET_OK, PORTS, 0, 17,
		EVENT_IP_OPTION_ROUTING_HEADER, 56, 0},
	{"routing of segments", V6("0010", "2b") "1100040000000000" UDP, PACKET_OK, PORTS, 0, 17,
		EVENT_IP_OPTION_OTHER, 56, 0},
	{"first fragment", V6("001c", "2c") "0600000112345678" TCP, PACKET_OK, TCP_FACTS, FRAGMENT,
		6, 0, 68, 0},
	{"tiny first fragment", V6("0010", "2c") "0600000112345678 9c400016 11223344", PACKET_OK,
		PORTS, TINY, 6, 0, 56, 0},
	{"later fragment", V6("001c", "2c") "0600001012345678" TCP, PACKET_OK, 0, FRAGMENT, 6, 0,
		68, 20},
	{"atomic fragment", V6("001c", "2c") "0600000012345678" TCP, PACKET_OK, TCP_FACTS, 0, 6, 0,
		68, 0},
	{"chain cut by the length", V6("0007", "00") "1100050200000100" UDP, PACKET_OK, 0,
		EVENT_MARK_CUT, 0, 0, 47, 0},
	{"chain cut by the capture", V6("0028", "3c") "1101000000000000", PACKET_OK, 0,
		EVENT_MARK_CUT, 60, 0, 80, 0},
	{"IPv4-mapped source", "60000000 00081140 00000000000000000000ffffc6336414" DST6 UDP,
		PACKET_BROKEN, 0, 0, 0, 0, 0, 0},
	{"IPv4-mapped destination", "60000000 00081140" SRC6 "00000000000000000000ffffcb007105" UDP,
		PACKET_BROKEN, 0, 0, 0, 0, 0, 0},
	{"header cut", "60000000 00081140" SRC6 "20010db80000000000000000000000", PACKET_BROKEN, 0,
		0, 0, 0, 0, 0},
};

static unsigned check_row(const struct row *r, uint16_t always)
{
	struct packet_fixture p = packet_fixture_of(r->hex);
	struct event e;
	enum packet_result got = packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e);
	unsigned faults = packet_fixture_differs(r->name, "result", got, r->result);
	if (faults || got != PACKET_OK)
		return faults;
	uint16_t piece = r->marks & EVENT_MARK_FRAGMENT ? EVENT_HAS_FRAGMENT : 0;
	faults +=
		packet_fixture_differs(r->name, "has", e.has, (uint64_t)(r->has | always | piece));
	faults += packet_fixture_differs(r->name, "marks", e.marks, r->marks);
	faults += packet_fixture_differs(r->name, "proto", e.proto, r->proto);
	faults += packet_fixture_differs(r->name, "ip_options", e.ip_options, r->ip_options);
	faults += packet_fixture_differs(r->name, "length", e.length, r->length);
	faults += packet_fixture_differs(r->name, "payload", e.payload_length, r->payload_length);
	faults += packet_fixture_differs(r->name, "ttl", e.ttl, 64);
	return faults;
}

static void ipv4_headers_tell_their_facts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows_v4 / sizeof rows_v4[0]; i++)
		faults +=
			check_row(&rows_v4[i], EVENT_HAS_LENGTH | EVENT_HAS_TTL | EVENT_HAS_IP_ID);
	assert_int_equal(faults, 0);
}

/* Of a piece: where it lies, whether it is the last, and of a TCP header cut behind its number the flags. */
static void pieces_tell_where_they_lie(void **state)
{
	static const struct {
		const char *name, *hex;
		uint32_t id;
		uint16_t offset, length;
		uint8_t more;
		int flags; /* -1 = not known */
		bool digest;
	} rows[] = {
		{"first", V4("0028", "12342000", "06") TCP, 0x1234, 0, 20, 1, 0x02, true},
		{"middle", V4("0028", "12342003", "11") TCP, 0x1234, 24, 20, 1, -1, true},
		{"last", V4("0028", "12340003", "06") TCP, 0x1234, 24, 20, 0, -1, true},
		{"cut", V4("0128", "12340003", "06") TCP, 0x1234, 24, 276, 0, -1, false},
		{"flags behind", V4("0020", "12340001", "06") "00000000 5001 0400 00000000", 0x1234,
			8, 12, 0, 0x01, true},
		{"flags behind, not there", V4("0018", "12340001", "06") "00000000", 0x1234, 8, 4,
			0, -1, true},
		{"of UDP no flags", V4("0020", "12340001", "11") "00000000 5001 0400 00000000",
			0x1234, 8, 12, 0, -1, true},
		{"IPv6, first", V6("001c", "2c") "0600000112345678" TCP, 0x12345678, 0, 20, 1, 0x02,
			true},
		{"IPv6, flags behind",
			V6("0014", "2c") "0600000812345678 00000000 5001 0400 00000000", 0x12345678,
			8, 12, 0, 0x01, true},
		{"IPv6, behind options", V6("0024", "3c") "2c00010401000000 0600000112345678" TCP,
			0x12345678, 0, 20, 1, 0x02, true},
	};
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct packet_fixture p = packet_fixture_of(rows[i].hex);
		struct event e;
		assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
		const char *name = rows[i].name;
		faults += packet_fixture_differs(
			name, "has", e.has & EVENT_HAS_FRAGMENT, EVENT_HAS_FRAGMENT);
		faults += packet_fixture_differs(name, "id", e.fragment_id, rows[i].id);
		faults += packet_fixture_differs(name, "offset", e.fragment_offset, rows[i].offset);
		faults += packet_fixture_differs(name, "length", e.fragment_length, rows[i].length);
		faults += packet_fixture_differs(name, "more", e.fragment_more, rows[i].more);
		faults += packet_fixture_differs(
			name, "digest", e.fragment_digest != 0, rows[i].digest);
		faults += packet_fixture_differs(
			name, "has flags", (e.has & EVENT_HAS_TCP_FLAGS) != 0, rows[i].flags >= 0);
		if (rows[i].flags >= 0)
			faults += packet_fixture_differs(
				name, "flags", e.tcp_flags, (uint64_t)rows[i].flags);
	}
	assert_int_equal(faults, 0);
}

static void ipv6_headers_tell_their_facts(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows_v6 / sizeof rows_v6[0]; i++)
		faults += check_row(&rows_v6[i], EVENT_HAS_LENGTH | EVENT_HAS_TTL);
	assert_int_equal(faults, 0);
}

static void both_families_tell_who_and_whom(void **state)
{
	(void)state;
	struct event e;
	struct packet_fixture p = packet_fixture_v4(IP_PROTO_UDP, UDP);
	assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	assert_string_equal(addr_to_text(&e.src).text, "198.51.100.20");
	assert_string_equal(addr_to_text(&e.dst).text, "203.0.113.5");
	assert_int_equal(e.ip_id, 0x1234);
	p = packet_fixture_v6(IP_PROTO_UDP, UDP);
	assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	assert_string_equal(addr_to_text(&e.src).text, "2001:db8::14");
	assert_string_equal(addr_to_text(&e.dst).text, "2001:db8::5");
	assert_int_equal(e.ip_id, 0);
}

static void a_captured_size_above_65535_saturates(void **state)
{
	(void)state;
	const size_t size = 70000;
	uint8_t *bytes = calloc(1, size);
	assert_non_null(bytes);
	struct packet_fixture p = packet_fixture_v4(IP_PROTO_UDP, UDP);
	memcpy(bytes, p.bytes, p.size);
	bytes[2] = bytes[3] = 0;
	struct event e;
	assert_int_equal(packet_decode(PACKET_FIXTURE_RAW, bytes, size, &e), PACKET_OK);
	assert_int_equal(e.length, 65535);
	free(bytes);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipv4_headers_tell_their_facts),
		cmocka_unit_test(pieces_tell_where_they_lie),
		cmocka_unit_test(ipv6_headers_tell_their_facts),
		cmocka_unit_test(both_families_tell_who_and_whom),
		cmocka_unit_test(a_captured_size_above_65535_saturates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
