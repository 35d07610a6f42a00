/* SPDX-License-Identifier: ISC */
#include "event/event.h"

#include "event_maker.h"
#include "table_check.h"

static enum event_probe named(uint8_t flags)
{
	return (enum event_probe)event_maker_tcp("198.51.100.7", 1, "192.0.2.5", 2, flags).probe;
}

/* All 64 combinations of the six flags, by the rules of event.h, in words of its own. */
static enum event_probe wanted_of(uint8_t flags)
{
	bool fin = flags & EVENT_TCP_FIN, syn = flags & EVENT_TCP_SYN, rst = flags & EVENT_TCP_RST;
	bool ack = flags & EVENT_TCP_ACK, extra = flags & (EVENT_TCP_PSH | EVENT_TCP_URG);
	if (flags == EVENT_TCP_SIX)
		return EVENT_PROBE_ALL_FLAGS;
	if (syn && fin)
		return EVENT_PROBE_SYN_FIN;
	if (rst && !syn && !fin)
		return EVENT_PROBE_RST;
	if (rst)
		return EVENT_PROBE_INVALID;
	if (syn)
		return ack ? EVENT_PROBE_SYN_ACK : EVENT_PROBE_SYN;
	if (fin && ack)
		return EVENT_PROBE_MAIMON;
	if (fin)
		return extra ? EVENT_PROBE_XMAS : EVENT_PROBE_FIN;
	if (ack)
		return EVENT_PROBE_ACK;
	return extra ? EVENT_PROBE_INVALID : EVENT_PROBE_NULL;
}

static void every_combination_of_flags_has_its_name(void **state)
{
	(void)state;
	for (unsigned flags = 0; flags < 256; flags++) {
		enum event_probe wanted = wanted_of(flags & EVENT_TCP_SIX);
		if (named((uint8_t)flags) != wanted)
			print_error("flags 0x%02x: got %s, wanted %s\n", flags,
				event_probe_name(named((uint8_t)flags)), event_probe_name(wanted));
		assert_int_equal(named((uint8_t)flags), wanted);
	}
}

struct proto_row {
	const char *name;
	uint8_t proto;
	uint16_t has;
	uint8_t chunk;
	enum event_probe wanted;
};

static const struct proto_row proto_rows[] = {
	{"TCP without flags", IP_PROTO_TCP, 0, 0, EVENT_PROBE_SYN},
	{"UDP", IP_PROTO_UDP, 0, 0, EVENT_PROBE_UDP},
	{"UDP-Lite", IP_PROTO_UDPLITE, 0, 0, EVENT_PROBE_UDP},
	{"ICMP", IP_PROTO_ICMP, 0, 0, EVENT_PROBE_ICMP},
	{"ICMPv6", IP_PROTO_ICMPV6, 0, 0, EVENT_PROBE_ICMP},
	{"SCTP INIT", IP_PROTO_SCTP, EVENT_HAS_SCTP_CHUNK, 1, EVENT_PROBE_SCTP_INIT},
	{"SCTP of unknown chunk", IP_PROTO_SCTP, 0, 0, EVENT_PROBE_SCTP_INIT},
	{"SCTP DATA", IP_PROTO_SCTP, EVENT_HAS_SCTP_CHUNK, 0, EVENT_PROBE_INVALID},
	{"GRE", IP_PROTO_GRE, 0, 0, EVENT_PROBE_IP_PROTOCOL},
	{"protocol 0", 0, 0, 0, EVENT_PROBE_IP_PROTOCOL},
	{"protocol 255", 255, 0, 0, EVENT_PROBE_IP_PROTOCOL},
};

static void every_protocol_has_its_name(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(proto_rows); i++) {
		const struct proto_row *r = &proto_rows[i];
		struct event e = event_maker_packet("198.51.100.7", "192.0.2.5", r->proto);
		e.has = r->has;
		e.sctp_chunk = r->chunk;
		event_name_probe(&e);
		faults += table_check_text(r->name, "probe",
			event_probe_name((enum event_probe)e.probe), event_probe_name(r->wanted));
	}
	assert_int_equal(faults, 0);
}

static void names_are_those_of_the_contract(void **state)
{
	(void)state;
	static const char *const probes[] = {"syn", "syn-ack", "ack", "fin", "null", "xmas",
		"maimon", "syn-fin", "all-flags", "rst", "udp", "icmp", "sctp-init", "ip-protocol",
		"invalid"};
	static const char *const origins[] = {
		"packet", "kernel", "nflog", "log", "journal", "trap", "wrapper", "file", "peer"};
	assert_int_equal(TABLE_CHECK_ROWS(probes), EVENT_PROBES);
	assert_int_equal(TABLE_CHECK_ROWS(origins), EVENT_ORIGINS);
	for (int i = 0; i < EVENT_PROBES; i++)
		assert_string_equal(event_probe_name((enum event_probe)i), probes[i]);
	for (int i = 0; i < EVENT_ORIGINS; i++)
		assert_string_equal(event_origin_name((enum event_origin)i), origins[i]);
}

struct icmp_row {
	uint8_t proto, type;
	bool error, reply;
};

static const struct icmp_row icmp_rows[] = {
	{IP_PROTO_ICMP, 0, false, true},
	{IP_PROTO_ICMP, 3, true, false},
	{IP_PROTO_ICMP, 4, true, false},
	{IP_PROTO_ICMP, 5, true, false},
	{IP_PROTO_ICMP, 8, false, false},
	{IP_PROTO_ICMP, 11, true, false},
	{IP_PROTO_ICMP, 12, true, false},
	{IP_PROTO_ICMP, 13, false, false},
	{IP_PROTO_ICMP, 14, false, true},
	{IP_PROTO_ICMP, 17, false, false},
	{IP_PROTO_ICMP, 18, false, true},
	{IP_PROTO_ICMPV6, 1, true, false},
	{IP_PROTO_ICMPV6, 127, true, false},
	{IP_PROTO_ICMPV6, 128, false, false},
	{IP_PROTO_ICMPV6, 129, false, true},
	{IP_PROTO_ICMPV6, 135, false, false},
	{IP_PROTO_ICMPV6, 140, false, true},
};

static void errors_and_replies_are_no_questions(void **state)
{
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(icmp_rows); i++) {
		const struct icmp_row *r = &icmp_rows[i];
		assert_int_equal(event_icmp_is_error(r->proto, r->type), r->error);
		assert_int_equal(event_icmp_is_reply(r->proto, r->type), r->reply);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_combination_of_flags_has_its_name),
		cmocka_unit_test(every_protocol_has_its_name),
		cmocka_unit_test(names_are_those_of_the_contract),
		cmocka_unit_test(errors_and_replies_are_no_questions),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
