/* SPDX-License-Identifier: ISC */
#include "knowledge/port_knowledge.h"

#include "knowledge/service_name.h"
#include "net/ip_proto.h"
#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static unsigned check_port(uint8_t proto, uint16_t port, const struct port_knowledge *told)
{
	char who[32];
	snprintf(who, sizeof who, "protocol %u, port %u", proto, port);
	unsigned faults = text_rules_check_sentences(who, told->what, PORT_KNOWLEDGE_WHAT, 1);
	faults += text_rules_check_sentences(who, told->why, PORT_KNOWLEDGE_WHY, 2);
	const char *name = service_name_of(proto, port);
	if (name == NULL || told->name == NULL || strcmp(name, told->name) != 0) {
		print_error("%s: got name %s, wanted %s\n", who, told->name ? told->name : "(none)",
			name ? name : "(any)");
		faults++;
	}
	return faults;
}

static void every_told_port_has_its_name_and_bounded_sentences(void **state)
{
	(void)state;
	unsigned faults = 0, told = 0;
	for (unsigned proto = 0; proto <= UINT8_MAX; proto++) {
		for (unsigned port = 0; port <= UINT16_MAX; port++) {
			const struct port_knowledge *k =
				port_knowledge_of((uint8_t)proto, (uint16_t)port);
			if (k == NULL)
				continue;
			told++;
			faults += check_port((uint8_t)proto, (uint16_t)port, k);
		}
	}
	assert_int_equal(faults, 0);
	assert_in_range(told, 120, 1000);
}

/* The doors that are tried all day must never be without a word. */
static void the_most_knocked_ports_are_told(void **state)
{
	(void)state;
	static const uint16_t tcp[] = {21, 22, 23, 25, 80, 81, 110, 135, 139, 143, 443, 445, 554,
		1080, 1433, 1723, 2222, 2323, 2375, 3128, 3306, 3389, 5038, 5060, 5432, 5555, 5900,
		6379, 6443, 7547, 8080, 8291, 8443, 8728, 8888, 9000, 9200, 10000, 11211, 27017,
		37215, 52869};
	static const uint16_t udp[] = {53, 69, 111, 123, 137, 161, 389, 500, 623, 1434, 1900, 3478,
		3702, 5060, 5353, 5683, 11211, 33434, 53413};
	for (size_t i = 0; i < sizeof tcp / sizeof tcp[0]; i++) {
		if (port_knowledge_of(IP_PROTO_TCP, tcp[i]) == NULL)
			fail_msg("tcp/%u: got nothing, wanted a text", tcp[i]);
	}
	for (size_t i = 0; i < sizeof udp / sizeof udp[0]; i++) {
		if (port_knowledge_of(IP_PROTO_UDP, udp[i]) == NULL)
			fail_msg("udp/%u: got nothing, wanted a text", udp[i]);
	}
}

static void a_port_is_told_for_its_own_protocol(void **state)
{
	(void)state;
	assert_non_null(strstr(port_knowledge_of(IP_PROTO_TCP, 22)->what, "Secure shell"));
	assert_string_equal(port_knowledge_of(IP_PROTO_UDP, 443)->name, "quic");
	assert_null(port_knowledge_of(IP_PROTO_UDP, 22));
	assert_null(port_knowledge_of(IP_PROTO_GRE, 22));
	assert_null(port_knowledge_of(IP_PROTO_TCP, 0));
	assert_null(port_knowledge_of(255, 65535));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_told_port_has_its_name_and_bounded_sentences),
		cmocka_unit_test(the_most_knocked_ports_are_told),
		cmocka_unit_test(a_port_is_told_for_its_own_protocol),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
