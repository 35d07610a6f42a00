/* SPDX-License-Identifier: ISC */
#include "knowledge/service_name.h"

#include "net/ip_proto.h"
#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void ports_have_the_names_people_use(void **state)
{
	(void)state;
	static const struct {
		uint8_t proto;
		uint16_t port;
		const char *name; /* null: none */
	} rows[] = {
		{IP_PROTO_TCP, 22, "ssh"},
		{IP_PROTO_TCP, 23, "telnet"},
		{IP_PROTO_TCP, 25, "smtp"},
		{IP_PROTO_UDP, 53, "dns"},
		{IP_PROTO_TCP, 80, "http"},
		{IP_PROTO_UDP, 123, "ntp"},
		{IP_PROTO_TCP, 443, "https"},
		{IP_PROTO_UDP, 443, "quic"},
		{IP_PROTO_TCP, 445, "smb"},
		{IP_PROTO_TCP, 2323, "mirai-telnet"},
		{IP_PROTO_TCP, 2375, "docker"},
		{IP_PROTO_TCP, 2376, "docker"},
		{IP_PROTO_TCP, 3389, "rdp"},
		{IP_PROTO_TCP, 5555, "adb"},
		{IP_PROTO_TCP, 5904, "vnc"},
		{IP_PROTO_TCP, 6379, "redis"},
		{IP_PROTO_TCP, 8291, "mikrotik"},
		{IP_PROTO_TCP, 8728, "mikrotik"},
		{IP_PROTO_UDP, 33434, "traceroute"},
		{IP_PROTO_SCTP, 36412, "s1ap"},
		{IP_PROTO_UDP, 22, NULL},
		{IP_PROTO_TCP, 0, NULL},
		{IP_PROTO_TCP, 65535, NULL},
		{IP_PROTO_GRE, 22, NULL},
		{0, 0, NULL},
		{255, 65535, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const char *got = service_name_of(rows[i].proto, rows[i].port);
		const char *wanted = rows[i].name;
		if (got == wanted || (got != NULL && wanted != NULL && strcmp(got, wanted) == 0))
			continue;
		fail_msg("protocol %u, port %u: got %s, wanted %s", rows[i].proto, rows[i].port,
			got ? got : "(none)", wanted ? wanted : "(none)");
	}
}

static void every_name_is_short_and_lower_case(void **state)
{
	(void)state;
	unsigned faults = 0, named = 0;
	for (unsigned proto = 0; proto <= UINT8_MAX; proto++) {
		for (unsigned port = 0; port <= UINT16_MAX; port++) {
			const char *name = service_name_of((uint8_t)proto, (uint16_t)port);
			if (name == NULL)
				continue;
			named++;
			faults += !ip_proto_has_ports((uint8_t)proto);
			faults += text_rules_check_name(name, name, SERVICE_NAME_LENGTH, "-.");
		}
	}
	assert_int_equal(faults, 0);
	assert_in_range(named, 400, 2000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ports_have_the_names_people_use),
		cmocka_unit_test(every_name_is_short_and_lower_case),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
