/* SPDX-License-Identifier: ISC */
#include "packet/link_decode.h"

#include "packet_fixture.h"

#define V4 "4500001c 12344000 40110000 c6336414 cb007105 9c400035 00080000"
#define V6                                                                                         \
	"60000000 00081140 20010db8000000000000000000000014 20010db8000000000000000000000005 "     \
	"9c400035 00080000"
#define MACS "00005e005301 00005e005302 "

struct row {
	const char *name;
	int linktype;
	const char *hex;
	enum packet_result result;
	uint8_t marks; /* beside DF, which every IPv4 packet here has */
	bool is_v6;
};

static const struct row rows[] = {
	{"ethernet, IPv4", 1, MACS "0800" V4, PACKET_OK, 0, false},
	{"ethernet, IPv6", 1, MACS "86dd" V6, PACKET_OK, 0, true},
	{"ethernet, broadcast", 1, "ffffffffffff 00005e005302 0800" V4, PACKET_OK,
		EVENT_MARK_LINK_GROUP, false},
	{"ethernet, multicast", 1, "01005e000001 00005e005302 0800" V4, PACKET_OK,
		EVENT_MARK_LINK_GROUP, false},
	{"ethernet, ARP", 1, MACS "0806 0001080006040001", PACKET_NOT_IP, 0, false},
	{"ethernet, 802.3 length", 1, MACS "0026 42420300", PACKET_NOT_IP, 0, false},
	{"ethernet, one VLAN tag", 1, MACS "8100 0064 0800" V4, PACKET_OK, 0, false},
	{"ethernet, service tag", 1, MACS "88a8 0064 86dd" V6, PACKET_OK, 0, true},
	{"ethernet, two tags", 1, MACS "88a8 0064 8100 0065 0800" V4, PACKET_OK, 0, false},
	{"ethernet, two tags, old outer", 1, MACS "9100 0064 8100 0065 0800" V4, PACKET_OK, 0,
		false},
	{"ethernet, three tags", 1, MACS "8100 0064 8100 0065 8100 0066 0800" V4, PACKET_NOT_IP, 0,
		false},
	{"ethernet, tag around ARP", 1, MACS "8100 0064 0806 0001", PACKET_NOT_IP, 0, false},
	{"ethernet, cut tag", 1, MACS "8100 0064 08", PACKET_BROKEN, 0, false},
	{"ethernet, cut header", 1, "00005e005301 00005e005302 08", PACKET_BROKEN, 0, false},
	{"ethernet, PPPoE, IPv4", 1, MACS "8864 11000001001e 0021" V4, PACKET_OK, 0, false},
	{"ethernet, PPPoE, IPv6", 1, MACS "8864 110000010032 0057" V6, PACKET_OK, 0, true},
	{"ethernet, PPPoE, LCP", 1, MACS "8864 11000001000a c021 09000008", PACKET_NOT_IP, 0,
		false},
	{"ethernet, PPPoE, not data", 1, MACS "8864 11a700010000 0021" V4, PACKET_NOT_IP, 0, false},
	{"ethernet, PPPoE in a VLAN", 1, MACS "8100 0007 8864 11000001001e 0021" V4, PACKET_OK, 0,
		false},
	{"ethernet, PPPoE, cut", 1, MACS "8864 1100000100", PACKET_BROKEN, 0, false},
	{"ethernet, type says 4, version 6", 1, MACS "0800" V6, PACKET_BROKEN, 0, false},
	{"ethernet, type says 6, version 4", 1, MACS "86dd" V4 "000000000000000000000000",
		PACKET_BROKEN, 0, false},
	{"raw 101, IPv4", 101, V4, PACKET_OK, 0, false},
	{"raw 101, IPv6", 101, V6, PACKET_OK, 0, true},
	{"raw 12", 12, V4, PACKET_OK, 0, false},
	{"raw 14", 14, V6, PACKET_OK, 0, true},
	{"raw, version 5", 101, "55" V4, PACKET_BROKEN, 0, false},
	{"raw, nothing", 101, "", PACKET_BROKEN, 0, false},
	{"IPv4 only", 228, V4, PACKET_OK, 0, false},
	{"IPv4 only, but 6", 228, V6, PACKET_BROKEN, 0, false},
	{"IPv6 only", 229, V6, PACKET_OK, 0, true},
	{"IPv6 only, but 4", 229, V4 "000000000000000000000000", PACKET_BROKEN, 0, false},
	{"null, little-endian", 0, "02000000" V4, PACKET_OK, 0, false},
	{"null, big-endian", 0, "00000002" V4, PACKET_OK, 0, false},
	{"null, Linux IPv6", 0, "0a000000" V6, PACKET_OK, 0, true},
	{"null, OpenBSD IPv6", 0, "18000000" V6, PACKET_OK, 0, true},
	{"null, FreeBSD IPv6", 0, "1c000000" V6, PACKET_OK, 0, true},
	{"null, macOS IPv6, big-endian", 0, "0000001e" V6, PACKET_OK, 0, true},
	{"null, another family", 0, "07000000" V4, PACKET_NOT_IP, 0, false},
	{"null, cut", 0, "020000", PACKET_BROKEN, 0, false},
	{"loop, IPv4", 108, "00000002" V4, PACKET_OK, 0, false},
	{"loop, IPv6, little-endian", 108, "18000000" V6, PACKET_OK, 0, true},
	{"cooked, to us", 113, "0000 0001 0006 00005e0053020000 0800" V4, PACKET_OK, 0, false},
	{"cooked, broadcast", 113, "0001 0001 0006 00005e0053020000 0800" V4, PACKET_OK,
		EVENT_MARK_LINK_GROUP, false},
	{"cooked, multicast", 113, "0002 0001 0006 00005e0053020000 86dd" V6, PACKET_OK,
		EVENT_MARK_LINK_GROUP, true},
	{"cooked, to another", 113, "0003 0001 0006 00005e0053020000 0800" V4, PACKET_OK, 0, false},
	{"cooked, sent by us", 113, "0004 0001 0006 00005e0053020000 0800" V4, PACKET_OK,
		EVENT_MARK_OUTGOING, false},
	{"cooked, VLAN", 113, "0004 0001 0006 00005e0053020000 8100 0064 0800" V4, PACKET_OK,
		EVENT_MARK_OUTGOING, false},
	{"cooked, ARP", 113, "0000 0001 0006 00005e0053020000 0806 0001", PACKET_NOT_IP, 0, false},
	{"cooked, cut", 113, "0000 0001 0006 00005e0053020000 08", PACKET_BROKEN, 0, false},
	{"cooked 2, to us", 276, "0800 0000 00000002 0001 00 06 00005e0053020000" V4, PACKET_OK, 0,
		false},
	{"cooked 2, sent by us", 276, "86dd 0000 00000002 0001 04 06 00005e0053020000" V6,
		PACKET_OK, EVENT_MARK_OUTGOING, true},
	{"cooked 2, broadcast", 276, "0800 0000 00000002 0001 01 06 00005e0053020000" V4, PACKET_OK,
		EVENT_MARK_LINK_GROUP, false},
	{"cooked 2, cut", 276, "0800 0000 00000002 0001 00 06 00005e00530200", PACKET_BROKEN, 0,
		false},
	{"nflog, payload alone", 239, "02000000 2000 0900" V4, PACKET_OK, 0, false},
	{"nflog, big-endian", 239, "02000000 0020 0009" V4, PACKET_OK, 0, false},
	{"nflog, IPv6", 239, "0a000000 3400 0900" V6, PACKET_OK, 0, true},
	{"nflog, input hook and a padded prefix", 239,
		"02000005 0800 0100 0800 01 00 0700 0a00 414200 00 2000 0900" V4, PACKET_OK,
		EVENT_MARK_INCOMING, false},
	{"nflog, output hook", 239, "02000005 0800 0100 0800 03 00 2000 0900" V4, PACKET_OK,
		EVENT_MARK_OUTGOING, false},
	{"nflog, forward hook", 239, "02000005 0800 0100 0800 02 00 2000 0900" V4, PACKET_OK, 0,
		false},
	{"nflog, big-endian hook", 239, "02000005 0008 0001 0800 01 00 0020 0009" V4, PACKET_OK,
		EVENT_MARK_INCOMING, false},
	{"nflog, payload longer than captured", 239, "02000000 ffff 0900" V4, PACKET_OK, 0, false},
	{"nflog, bridge", 239, "07000000 2000 0900" V4, PACKET_NOT_IP, 0, false},
	{"nflog, no payload", 239, "02000000 0800 0100 0800 0100", PACKET_BROKEN, 0, false},
	{"nflog, length below 4", 239, "02000000 0300 0100 2000 0900" V4, PACKET_BROKEN, 0, false},
	{"nflog, cut", 239, "020000", PACKET_BROKEN, 0, false},
	{"PPP, IPv4", 9, "0021" V4, PACKET_OK, 0, false},
	{"PPP, IPv6", 9, "0057" V6, PACKET_OK, 0, true},
	{"PPP, framed", 9, "ff03 0021" V4, PACKET_OK, 0, false},
	{"PPP, short protocol", 9, "21" V4, PACKET_OK, 0, false},
	{"PPP, LCP", 9, "c021 01000008", PACKET_NOT_IP, 0, false},
	{"PPP, cut", 9, "ff03 00", PACKET_BROKEN, 0, false},
	{"unknown link type", 9999, V4, PACKET_NOT_IP, 0, false},
	{"negative link type", -1, V4, PACKET_NOT_IP, 0, false},
};

static unsigned check_row(const struct row *r)
{
	struct packet_fixture p = packet_fixture_of(r->hex);
	struct event e;
	enum packet_result got = packet_fixture_decode(r->linktype, &p, &e);
	unsigned faults = packet_fixture_differs(r->name, "result", got, r->result);
	if (faults || got != PACKET_OK)
		return faults;
	uint8_t wanted = r->is_v6 ? r->marks : (uint8_t)(r->marks | EVENT_MARK_DF);
	faults += packet_fixture_differs(r->name, "marks", e.marks, wanted);
	faults += packet_fixture_differs(r->name, "is IPv4", addr_is_v4(&e.src), !r->is_v6);
	faults += packet_fixture_differs(r->name, "port", e.dst_port, 53);
	faults += packet_fixture_differs(r->name, "length", e.length, r->is_v6 ? 48 : 28);
	return faults;
}

static void every_link_type_leads_to_the_packet(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++)
		faults += check_row(&rows[i]);
	assert_int_equal(faults, 0);
}

static void known_are_the_link_types_that_have_a_row(void **state)
{
	(void)state;
	const int known[] = {0, 1, 9, 12, 14, 101, 108, 113, 228, 229, 239, 276};
	const size_t count = sizeof known / sizeof known[0];
	unsigned found = 0;
	for (int linktype = -1; linktype < 400; linktype++)
		found += packet_linktype_is_known(linktype);
	assert_int_equal(found, count);
	for (size_t i = 0; i < count; i++)
		assert_true(packet_linktype_is_known(known[i]));
}

static void an_nflog_record_of_endless_attributes_is_given_up(void **state)
{
	(void)state;
	struct packet_fixture p = packet_fixture_of("02000000");
	for (unsigned i = 0; i < 33; i++)
		packet_fixture_add(&p, "0400 0500");
	packet_fixture_add(&p, "2000 0900" V4);
	struct event e;
	assert_int_equal(packet_fixture_decode(239, &p, &e), PACKET_BROKEN);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_link_type_leads_to_the_packet),
		cmocka_unit_test(known_are_the_link_types_that_have_a_row),
		cmocka_unit_test(an_nflog_record_of_endless_attributes_is_given_up),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
