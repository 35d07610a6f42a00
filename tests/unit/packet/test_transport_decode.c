/* SPDX-License-Identifier: ISC */
#include "packet/transport_decode.h"

#include "net/ip_proto.h"
#include "packet_fixture.h"

struct row {
	const char *name;
	uint8_t proto;
	const char *hex;
	bool has_ports, is_cut;
	int sctp_chunk; /* -1 = not told */
	uint16_t payload_length;
	enum event_probe probe;
};

#define TAG_SUM "00000000 00000000"

static const struct row rows[] = {
	{"UDP", 17, "9c400035 000c0000 01020304", true, false, -1, 4, EVENT_PROBE_UDP},
	{"UDP shorter than the packet", 17, "9c400035 000a0000 01020304", true, false, -1, 2,
		EVENT_PROBE_UDP},
	{"UDP longer than the packet", 17, "9c400035 01000000 01020304", true, false, -1, 4,
		EVENT_PROBE_UDP},
	{"UDP of length 0", 17, "9c400035 00000000 01020304", true, false, -1, 4, EVENT_PROBE_UDP},
	{"UDP, ports alone", 17, "9c400035", true, true, -1, 0, EVENT_PROBE_UDP},
	{"UDP, half the ports", 17, "9c4000", false, true, -1, 0, EVENT_PROBE_UDP},
	{"UDP, nothing", 17, "", false, true, -1, 0, EVENT_PROBE_UDP},
	{"UDP-Lite, its field is no length", 136, "9c400035 00080000 01020304", true, false, -1, 4,
		EVENT_PROBE_UDP},
	{"SCTP INIT", 132, "9c400035" TAG_SUM "01000004", true, false, 1, 4, EVENT_PROBE_SCTP_INIT},
	{"SCTP ABORT", 132, "9c400035" TAG_SUM "06000004", true, false, 6, 4, EVENT_PROBE_INVALID},
	{"SCTP without a chunk", 132, "9c400035" TAG_SUM, true, false, -1, 0,
		EVENT_PROBE_SCTP_INIT},
	{"SCTP, cut", 132, "9c400035 0000", true, true, -1, 0, EVENT_PROBE_SCTP_INIT},
	{"DCCP", 33, "9c400035 04000000 00000001 00000002 aa", true, false, -1, 1,
		EVENT_PROBE_IP_PROTOCOL},
	{"DCCP, cut", 33, "9c400035 04", true, true, -1, 0, EVENT_PROBE_IP_PROTOCOL},
	{"ESP", 50, "0102030405060708", false, false, -1, 8, EVENT_PROBE_IP_PROTOCOL},
	{"GRE, empty", 47, "", false, false, -1, 0, EVENT_PROBE_IP_PROTOCOL},
	{"IGMP", 2, "1164ee9b00000000", false, false, -1, 8, EVENT_PROBE_IP_PROTOCOL},
	{"TCP, nothing", 6, "", false, true, -1, 0, EVENT_PROBE_SYN},
};

static unsigned check_event(const struct row *r, const struct event *e)
{
	bool has_ports = (e->has & EVENT_HAS_PORTS) != 0;
	int chunk = e->has & EVENT_HAS_SCTP_CHUNK ? e->sctp_chunk : -1;
	unsigned faults = packet_fixture_differs(r->name, "has ports", has_ports, r->has_ports);
	faults +=
		packet_fixture_differs(r->name, "source port", e->src_port, has_ports ? 40000 : 0);
	faults += packet_fixture_differs(r->name, "port", e->dst_port, has_ports ? 53 : 0);
	faults +=
		packet_fixture_differs(r->name, "cut", (e->marks & EVENT_MARK_CUT) != 0, r->is_cut);
	faults += packet_fixture_differs(
		r->name, "chunk", (uint64_t)(chunk + 1), (uint64_t)(r->sctp_chunk + 1));
	faults += packet_fixture_differs(r->name, "payload", e->payload_length, r->payload_length);
	faults += packet_fixture_differs(r->name, "probe", e->probe, r->probe);
	faults += packet_fixture_differs(r->name, "wscale", e->tcp_wscale, 0xff);
	return faults;
}

static void transports_are_read_the_same_over_both_families(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct packet_fixture v4 = packet_fixture_v4(rows[i].proto, rows[i].hex);
		struct packet_fixture v6 = packet_fixture_v6(rows[i].proto, rows[i].hex);
		struct event e;
		assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &v4, &e), PACKET_OK);
		faults += check_event(&rows[i], &e);
		assert_int_equal(packet_fixture_decode(PACKET_FIXTURE_RAW, &v6, &e), PACKET_OK);
		faults += check_event(&rows[i], &e);
	}
	assert_int_equal(faults, 0);
}

static void a_payload_is_what_the_header_leaves_and_saturates(void **state)
{
	(void)state;
	assert_int_equal(transport_decode_payload(28, 20), 8);
	assert_int_equal(transport_decode_payload(20, 20), 0);
	assert_int_equal(transport_decode_payload(3, 20), 0);
	assert_int_equal(transport_decode_payload(65555, 20), 65535);
	assert_int_equal(transport_decode_payload(1000000, 20), 65535);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(transports_are_read_the_same_over_both_families),
		cmocka_unit_test(a_payload_is_what_the_header_leaves_and_saturates),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
