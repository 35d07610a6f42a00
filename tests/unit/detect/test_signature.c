/* SPDX-License-Identifier: ISC */
#include "detect/signature.h"

#include "net/ip_proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static struct event tcp_event(void)
{
	return (struct event){.src = addr_from_v4(0xc6336414), /* 198.51.100.20 */
		.dst = addr_from_v4(0xcb007105),               /* 203.0.113.5 */
		.src_port = 40000,
		.dst_port = 80,
		.has = EVENT_HAS_PORTS | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_SEQ |
		       EVENT_HAS_TCP_WINDOW | EVENT_HAS_TCP_OPTIONS | EVENT_HAS_IP_ID |
		       EVENT_HAS_TTL | EVENT_HAS_LENGTH,
		.proto = IP_PROTO_TCP,
		.tcp_flags = EVENT_TCP_SYN,
		.ttl = 50,
		.seq = 1,
		.window = 1024,
		.length = 44,
		.tcp_mss = 1460,
		.tcp_option_layout = 3};
}

static struct signature tcp_signature(enum signature_field field, uint32_t value)
{
	struct signature s = {.has_proto = true, .proto = IP_PROTO_TCP, .tests_count = 1};
	s.tests[0] = (struct signature_test){field, {value, value, false}};
	signature_settle(&s);
	return s;
}

static void every_field_is_read_where_it_lies(void **state)
{
	static const struct {
		enum signature_field field;
		uint32_t value;
	} rows[] = {
		{SIGNATURE_FIELD_TTL, 50},
		{SIGNATURE_FIELD_IP_ID, 0},
		{SIGNATURE_FIELD_LENGTH, 44},
		{SIGNATURE_FIELD_PAYLOAD, 0},
		{SIGNATURE_FIELD_WINDOW, 1024},
		{SIGNATURE_FIELD_SEQ, 1},
		{SIGNATURE_FIELD_ACK, 0},
		{SIGNATURE_FIELD_MSS, 1460},
	};
	struct event e = tcp_event();
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *key = signature_field_row(rows[i].field)->key;
		struct signature good = tcp_signature(rows[i].field, rows[i].value);
		struct signature bad = tcp_signature(rows[i].field, rows[i].value + 1);
		if (!signature_matches(&good, &e) || signature_matches(&bad, &e))
			fail_msg("%s is not compared with %u", key, rows[i].value);
	}
}

static void a_fact_that_is_not_told_meets_no_condition(void **state)
{
	static const struct {
		enum signature_field field;
		uint32_t value;
		unsigned fact;
	} rows[] = {
		{SIGNATURE_FIELD_TTL, 50, EVENT_HAS_TTL},
		{SIGNATURE_FIELD_IP_ID, 0, EVENT_HAS_IP_ID},
		{SIGNATURE_FIELD_LENGTH, 44, EVENT_HAS_LENGTH},
		{SIGNATURE_FIELD_PAYLOAD, 0, EVENT_HAS_LENGTH},
		{SIGNATURE_FIELD_PAYLOAD, 0, EVENT_HAS_TCP_OPTIONS},
		{SIGNATURE_FIELD_WINDOW, 1024, EVENT_HAS_TCP_WINDOW},
		{SIGNATURE_FIELD_SEQ, 1, EVENT_HAS_TCP_SEQ},
		{SIGNATURE_FIELD_ACK, 0, EVENT_HAS_TCP_SEQ},
		{SIGNATURE_FIELD_MSS, 1460, EVENT_HAS_TCP_OPTIONS},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signature s = tcp_signature(rows[i].field, rows[i].value);
		struct event e = tcp_event();
		e.has = (uint16_t)(e.has & ~rows[i].fact);
		if (signature_matches(&s, &e))
			fail_msg("%s matched without its fact",
				signature_field_row(rows[i].field)->key);
	}
}

static void other_conditions_must_hold_too(void **state)
{
	struct event e = tcp_event();
	struct signature s = {.has_proto = true, .proto = IP_PROTO_TCP};
	(void)state;

	s.flags = (struct signature_flags){EVENT_TCP_SIX, EVENT_TCP_SYN};
	signature_settle(&s);
	assert_true(signature_matches(&s, &e));
	e.tcp_flags |= EVENT_TCP_ECE | EVENT_TCP_CWR; /* ECN is not looked at */
	assert_true(signature_matches(&s, &e));
	e.tcp_flags |= EVENT_TCP_ACK;
	assert_false(signature_matches(&s, &e));
	e = tcp_event();

	s.has_layout = true;
	s.layout = 3;
	signature_settle(&s);
	assert_true(signature_matches(&s, &e));
	s.layout = 0;
	assert_false(signature_matches(&s, &e));
	s.has_layout = false;

	s.df = SIGNATURE_DF_SET;
	assert_false(signature_matches(&s, &e));
	e.marks = EVENT_MARK_DF;
	assert_true(signature_matches(&s, &e));
	s.df = SIGNATURE_DF_CLEAR;
	assert_false(signature_matches(&s, &e));
	s.df = SIGNATURE_DF_ANY;

	s.direction = SIGNATURE_DIRECTION_OUT;
	assert_false(signature_matches(&s, &e));
	e.marks = EVENT_MARK_OUTGOING;
	assert_true(signature_matches(&s, &e));
	s.direction = SIGNATURE_DIRECTION_IN;
	assert_false(signature_matches(&s, &e));
}

static void addresses_can_be_conditions(void **state)
{
	struct event e = tcp_event();
	struct signature s = {.has_proto = true, .proto = IP_PROTO_TCP, .src_count = 1};
	(void)state;
	s.src[0] = prefix_of(&e.src, 24);
	assert_true(signature_matches(&s, &e));
	s.src[0] = prefix_of(&e.dst, 24);
	assert_false(signature_matches(&s, &e));

	struct signature land = {.same_ip = true};
	assert_false(signature_matches(&land, &e));
	e.src = e.dst;
	assert_true(signature_matches(&land, &e));
}

static void the_mirai_habit_is_seen_on_ipv4_only(void **state)
{
	struct event e = tcp_event();
	struct signature s = {.has_proto = true, .proto = IP_PROTO_TCP, .seq_is_dst = true};
	(void)state;
	signature_settle(&s);
	assert_false(signature_matches(&s, &e));
	e.seq = 0xcb007105;
	assert_true(signature_matches(&s, &e));
	e.has = (uint16_t)(e.has & ~EVENT_HAS_TCP_SEQ);
	assert_false(signature_matches(&s, &e));
	e = tcp_event();
	assert_true(addr_parse("2001:db8::1", 11, &e.dst));
	e.seq = 1;
	assert_false(signature_matches(&s, &e));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_field_is_read_where_it_lies),
		cmocka_unit_test(a_fact_that_is_not_told_meets_no_condition),
		cmocka_unit_test(other_conditions_must_hold_too),
		cmocka_unit_test(addresses_can_be_conditions),
		cmocka_unit_test(the_mirai_habit_is_seen_on_ipv4_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
