/* SPDX-License-Identifier: ISC */
#include "packet/icmp_decode.h"

#include "net/ip_proto.h"
#include "packet_fixture.h"

/* Quoted packets: from 203.0.113.5 or 2001:db8::5, port 40000, to 198.51.100.20 or
 * 2001:db8::14, 22. */
#define Q4(first, fragment, proto) first "00003c 1234" fragment "40" proto "0000 cb007105 c6336414"
#define Q6(next)                                                                                   \
	"60000000 0014" next "40"                                                                  \
	"20010db8000000000000000000000005 20010db8000000000000000000000014"
#define PORTS "9c400016 11223344"

struct row {
	const char *name;
	bool is_v6;
	const char *hex;
	uint8_t type, code;
	uint16_t id, seq;
	uint16_t has; /* of ICMP, QUOTED, QUOTED_PORTS */
	uint8_t quoted_proto;
	bool is_cut;
};

#define ICMP EVENT_HAS_ICMP
#define QUOTED (EVENT_HAS_ICMP | EVENT_HAS_QUOTED)
#define QUOTED_PORTS (EVENT_HAS_ICMP | EVENT_HAS_QUOTED | EVENT_HAS_QUOTED_PORTS)

static const struct row rows[] = {
	{"echo", false, "08000000 12340005", 8, 0, 0x1234, 5, ICMP, 0, false},
	{"echo reply", false, "00000000 12340005 6162", 0, 0, 0x1234, 5, ICMP, 0, false},
	{"timestamp", false, "0d000000 12340005 000000000000000000000000", 13, 0, 0x1234, 5, ICMP,
		0, false},
	{"mask", false, "11000000 12340005 00000000", 17, 0, 0x1234, 5, ICMP, 0, false},
	{"router solicitation has no identifier", false, "0a000000 12340005", 10, 0, 0, 0, ICMP, 0,
		false},
	{"port unreachable", false, "03030000 00000000" Q4("45", "0000", "11") PORTS, 3, 3, 0, 0,
		QUOTED_PORTS, 17, false},
	{"source quench", false, "04000000 00000000" Q4("45", "0000", "06") PORTS, 4, 0, 0, 0,
		QUOTED_PORTS, 6, false},
	{"redirect", false, "05010000 cb007101" Q4("45", "0000", "06") PORTS, 5, 1, 0, 0,
		QUOTED_PORTS, 6, false},
	{"time exceeded", false, "0b000000 00000000" Q4("45", "0000", "11") PORTS, 11, 0, 0, 0,
		QUOTED_PORTS, 17, false},
	{"parameter problem", false, "0c000000 00000000" Q4("45", "0000", "84") PORTS, 12, 0, 0, 0,
		QUOTED_PORTS, 132, false},
	{"quoted echo has no ports", false, "03010000 00000000" Q4("45", "0000", "01") PORTS, 3, 1,
		0, 0, QUOTED, 1, false},
	{"quoted options", false, "03030000 00000000" Q4("46", "0000", "11") "01010101" PORTS, 3, 3,
		0, 0, QUOTED_PORTS, 17, false},
	{"quoted later fragment", false, "0b010000 00000000" Q4("45", "0010", "11") PORTS, 11, 1, 0,
		0, QUOTED, 17, false},
	{"quoted first fragment", false, "0b010000 00000000" Q4("45", "2000", "11") PORTS, 11, 1, 0,
		0, QUOTED_PORTS, 17, false},
	{"quoted without ports", false, "03030000 00000000" Q4("45", "0000", "11") "9c40", 3, 3, 0,
		0, QUOTED, 17, true},
	{"quoted header cut", false, "03030000 00000000 4500003c 12340000", 3, 3, 0, 0, ICMP, 0,
		true},
	{"nothing quoted", false, "03030000 00000000", 3, 3, 0, 0, ICMP, 0, true},
	{"quoted nonsense", false, "03030000 00000000 000102030405060708090a0b0c0d0e0f10111213", 3,
		3, 0, 0, ICMP, 0, false},
	{"quoted header of 4 words", false, "03030000 00000000" Q4("44", "0000", "11") PORTS, 3, 3,
		0, 0, ICMP, 0, false},
	{"IPv6 in an IPv4 error", false, "03030000 00000000" Q6("11") PORTS, 3, 3, 0, 0, ICMP, 0,
		false},
	{"type and code alone", false, "0800", 8, 0, 0, 0, ICMP, 0, true},
	{"type alone", false, "08", 0, 0, 0, 0, 0, 0, true},
	{"echo without a sequence", false, "08000000 1234", 8, 0, 0, 0, ICMP, 0, true},
	{"ICMPv6 echo", true, "80000000 12340005", 128, 0, 0x1234, 5, ICMP, 0, false},
	{"ICMPv6 echo reply", true, "81000000 12340005", 129, 0, 0x1234, 5, ICMP, 0, false},
	{"neighbour solicitation", true, "87000000 00000000 20010db8000000000000000000000005", 135,
		0, 0, 0, ICMP, 0, false},
	{"ICMPv6 port unreachable", true, "01040000 00000000" Q6("06") PORTS, 1, 4, 0, 0,
		QUOTED_PORTS, 6, false},
	{"packet too big", true, "02000000 00000500" Q6("11") PORTS, 2, 0, 0, 0, QUOTED_PORTS, 17,
		false},
	{"quoted chain", true, "01040000 00000000" Q6("00") "11000000 00000000" PORTS, 1, 4, 0, 0,
		QUOTED_PORTS, 17, false},
	{"quoted chain cut", true, "01040000 00000000" Q6("00") "1100", 1, 4, 0, 0, QUOTED, 0,
		true},
	{"quoted later fragment, IPv6", true,
		"03010000 00000000" Q6("2c") "06000008 00000001" PORTS, 3, 1, 0, 0, QUOTED, 6,
		false},
	{"quoted IPv4-mapped destination", true,
		"01040000 00000000 60000000 00140640 20010db8000000000000000000000005 "
		"00000000000000000000ffffc6336414" PORTS,
		1, 4, 0, 0, ICMP, 0, false},
	{"IPv4 in an IPv6 error", true,
		"01040000 00000000" Q4("45", "0000", "11") PORTS "0000000000000000000000000000", 1,
		4, 0, 0, ICMP, 0, false},
};

static unsigned check_quoted(const struct row *r, const struct event *e)
{
	bool quoted = r->has & EVENT_HAS_QUOTED, ports = r->has & EVENT_HAS_QUOTED_PORTS;
	const char *wanted = !quoted ? "-" : r->is_v6 ? "2001:db8::14" : "198.51.100.20";
	unsigned faults = 0;
	if (strcmp(addr_to_text(&e->quoted_dst).text, wanted) != 0) {
		print_error("%s: quoted_dst: got %s, wanted %s\n", r->name,
			addr_to_text(&e->quoted_dst).text, wanted);
		faults++;
	}
	faults += packet_fixture_differs(r->name, "quoted_proto", e->quoted_proto, r->quoted_proto);
	faults += packet_fixture_differs(
		r->name, "quoted_src_port", e->quoted_src_port, ports ? 40000 : 0);
	faults += packet_fixture_differs(
		r->name, "quoted_dst_port", e->quoted_dst_port, ports ? 22 : 0);
	return faults;
}

static unsigned check_row(const struct row *r)
{
	struct packet_fixture p = r->is_v6 ? packet_fixture_v6(IP_PROTO_ICMPV6, r->hex)
					   : packet_fixture_v4(IP_PROTO_ICMP, r->hex);
	struct event e;
	unsigned faults = packet_fixture_differs(
		r->name, "result", packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	faults += packet_fixture_differs(r->name, "has", e.has & QUOTED_PORTS, r->has);
	faults += packet_fixture_differs(r->name, "type", e.icmp_type, r->type);
	faults += packet_fixture_differs(r->name, "code", e.icmp_code, r->code);
	faults += packet_fixture_differs(r->name, "id", e.icmp_id, r->id);
	faults += packet_fixture_differs(r->name, "seq", e.icmp_seq, r->seq);
	faults +=
		packet_fixture_differs(r->name, "cut", (e.marks & EVENT_MARK_CUT) != 0, r->is_cut);
	faults += packet_fixture_differs(r->name, "ports", e.has & EVENT_HAS_PORTS, 0);
	return faults + check_quoted(r, &e);
}

static void messages_tell_their_type_and_what_they_quote(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void the_payload_stands_behind_eight_bytes(void **state)
{
	(void)state;
	struct packet_fixture p = packet_fixture_v4(IP_PROTO_ICMP, "08000000 12340005 616263");
	struct event e;
	assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &p, &e), PACKET_OK);
	assert_int_equal(e.payload_length, 3);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(messages_tell_their_type_and_what_they_quote),
		cmocka_unit_test(the_payload_stands_behind_eight_bytes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
