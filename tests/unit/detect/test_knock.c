/* SPDX-License-Identifier: ISC */
#include "detect/knock.h"

#include "detect/tool_mark.h"
#include "net/ip_proto.h"
#include "table_check.h"

/* Values near those that tools write, so that random events carry marks now and then. */
static struct event random_event(struct table_check_random *r)
{
	static const uint8_t protos[] = {IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP,
		IP_PROTO_SCTP, IP_PROTO_ICMP, IP_PROTO_ICMPV6, IP_PROTO_GRE};
	static const uint16_t windows[] = {0, 1, 3, 512, 1024, 4128, 16384, 65535};
	static const uint64_t layouts[] = {0, 0x3, 0x42953, 0x522423, 0x59324};
	struct event e = {
		.has = (uint16_t)(table_check_random_next(r) | table_check_random_next(r)),
		.proto = protos[table_check_random_below(r, 8)],
		.tcp_flags = table_check_random_below(r, 2) ? EVENT_TCP_SYN
							    : (uint8_t)table_check_random_next(r),
		.dst = addr_from_v4(UINT32_C(0xcb007100) + table_check_random_below(r, 4)),
		.src_port = table_check_random_below(r, 2) ? 6000 : 40000,
		.dst_port = (uint16_t)table_check_random_next(r),
		.icmp_type = (uint8_t)table_check_random_below(r, 20),
		.sctp_chunk = (uint8_t)table_check_random_below(r, 3),
		.window = windows[table_check_random_below(r, 8)],
		.length = table_check_random_below(r, 2) ? 40 : 44,
		.tcp_mss = table_check_random_below(r, 2) ? 1460 : 0,
		.ttl = (uint8_t)table_check_random_next(r),
		.marks = table_check_random_below(r, 2) ? EVENT_MARK_DF : 0,
		.tcp_option_layout = layouts[table_check_random_below(r, 5)]};
	if (table_check_random_below(r, 4) == 0)
		e.dst.bytes[0] = 0x20;
	e.seq = table_check_random_below(r, 2) ? addr_v4(&e.dst)
					       : (uint32_t)table_check_random_next(r);
	e.ip_id = table_check_random_below(r, 2) ? (uint16_t)(addr_v4(&e.dst) ^ e.dst_port ^ e.seq)
		  : table_check_random_below(r, 2) ? 54321
						   : 256;
	event_name_probe(&e);
	return e;
}

static void a_knock_is_what_its_parts_say(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("knocks");
	unsigned syns = 0, marked = 0;
	for (int i = 0; i < 200000; i++) {
		struct event e = random_event(&r);
		struct knock k = knock_read(&e);
		struct target t = knock_target(&e);
		assert_int_equal(k.target.host, t.host);
		assert_int_equal(k.target.port, t.port);
		assert_int_equal(k.target.space, t.space);
		assert_int_equal(k.target.state, 0);
		assert_int_equal(k.marks, tool_mark_of(&e));
		assert_int_equal(k.broken_off, e.probe == EVENT_PROBE_RST);
		assert_false(k.offered);
		syns += e.probe == EVENT_PROBE_SYN;
		marked += tool_mark_is_certain(k.marks);
	}
	assert_true(syns > 1000 && marked > 1000);
}

/* The usual SYN is read on a short way, which those without ports cannot take. */
static void only_the_door_hangs_on_the_ports(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("knocks without ports");
	for (int i = 0; i < 200000; i++) {
		struct event e = random_event(&r);
		struct knock with, without;
		e.has |= EVENT_HAS_PORTS;
		with = knock_read(&e);
		e.has &= (uint16_t)~EVENT_HAS_PORTS;
		without = knock_read(&e);
		assert_int_equal(with.techniques, without.techniques);
		assert_int_equal(with.marks, without.marks);
		assert_int_equal(with.broken_off, without.broken_off);
		assert_int_equal(with.target.host, without.target.host);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_knock_is_what_its_parts_say),
		cmocka_unit_test(only_the_door_hangs_on_the_ports),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
