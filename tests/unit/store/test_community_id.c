/* SPDX-License-Identifier: ISC */
#include "event/community_id.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <string.h>

#include <cmocka.h>

static struct addr addr_of(const char *text)
{
	struct addr a = {{0}};
	assert_true(addr_parse(text, strlen(text), &a));
	return a;
}

/* Expected values were computed with Python's hashlib and base64 from the text of the
 * specification. */
static const struct {
	const char *name, *src, *dst;
	uint8_t proto;
	uint16_t a, b; /* ports, or ICMP type and code */
	const char *expected;
} rows[] = {
	{"tcp", "198.51.100.20", "203.0.113.5", 6, 40000, 22, "1:UBWzHuH4v/dJ9kqcetXyHRwDs4o="},
	{"tcp back", "203.0.113.5", "198.51.100.20", 6, 22, 40000,
		"1:UBWzHuH4v/dJ9kqcetXyHRwDs4o="},
	{"udp", "192.0.2.1", "192.0.2.200", 17, 53, 53, "1:P8wU9a0/ihy99j+v17frDh5xj2A="},
	{"same address", "192.0.2.1", "192.0.2.1", 17, 9, 7, "1:byKnAcrQBB/ino84yYSpYpnK72A="},
	{"tcp6", "2001:db8::20", "2001:db8:1::5", 6, 51000, 443, "1:qBxYFQ4jEsLH6PcCnHaKxR2TtqA="},
	{"sctp", "192.0.2.9", "198.51.100.1", 132, 5000, 36412, "1:nkQ4xYJXVHPNthNT1Ak9y2gXFpo="},
	{"echo request", "198.51.100.20", "192.0.2.5", 1, 8, 0, "1:5+sC9M7GWIweyW2JIm0gZ4/t3KM="},
	{"echo reply", "192.0.2.5", "198.51.100.20", 1, 0, 0, "1:5+sC9M7GWIweyW2JIm0gZ4/t3KM="},
	{"unreachable goes one way", "203.0.113.5", "192.0.2.5", 1, 3, 3,
		"1:LHZjh+F+NbC+p2VF88KsGwswvn8="},
	{"echo6", "2001:db8::2", "2001:db8::1", 58, 128, 0, "1:YDcnf7YthUKAbDNo6Cs3rX4jq4w="},
	{"too big goes one way", "2001:db8::2", "2001:db8::1", 58, 2, 0,
		"1:Ycu5XdLm0MaHDfoZFJNvpW+Z9O8="},
	{"gre has no ports", "203.0.113.5", "192.0.2.5", 47, 0, 0,
		"1:Dw8DtX+WUC2HsSGLRsnwhUwt7Gk="},
};

static struct event event_of_row(size_t i)
{
	struct event e = {
		.src = addr_of(rows[i].src), .dst = addr_of(rows[i].dst), .proto = rows[i].proto};
	bool icmp = e.proto == 1 || e.proto == 58;
	e.has = icmp ? EVENT_HAS_ICMP : EVENT_HAS_PORTS;
	e.icmp_type = icmp ? (uint8_t)rows[i].a : 0;
	e.icmp_code = icmp ? (uint8_t)rows[i].b : 0;
	e.src_port = icmp ? 0 : rows[i].a;
	e.dst_port = icmp ? 0 : rows[i].b;
	return e;
}

static void flows_get_the_name_that_the_specification_gives(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct event e = event_of_row(i);
		struct community_id id;
		assert_true(community_id_of_event(&e, &id));
		if (strcmp(id.text, rows[i].expected) != 0)
			fail_msg("%s: got %s, wanted %s", rows[i].name, id.text, rows[i].expected);
	}
}

static void both_directions_of_a_flow_have_one_name(void **state)
{
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct event there = event_of_row(i);
		struct event back = there;
		struct community_id one, other;
		if (!(there.has & EVENT_HAS_PORTS))
			continue;
		back.src = there.dst;
		back.dst = there.src;
		back.src_port = there.dst_port;
		back.dst_port = there.src_port;
		assert_true(community_id_of_event(&there, &one) &&
			    community_id_of_event(&back, &other));
		assert_string_equal(one.text, other.text);
	}
}

static void a_flow_that_is_not_fully_known_has_no_name(void **state)
{
	(void)state;
	struct community_id id;
	struct event e = event_of_row(0);
	e.has = 0; /* a later fragment: no ports */
	assert_false(community_id_of_event(&e, &id));
	e = event_of_row(0);
	memset(&e.dst, 0, sizeof e.dst);
	assert_false(community_id_of_event(&e, &id));
	e = event_of_row(0);
	e.dst = addr_of("2001:db8::1");
	assert_false(community_id_of_event(&e, &id));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(flows_get_the_name_that_the_specification_gives),
		cmocka_unit_test(both_directions_of_a_flow_have_one_name),
		cmocka_unit_test(a_flow_that_is_not_fully_known_has_no_name),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
