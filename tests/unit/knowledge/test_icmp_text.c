/* SPDX-License-Identifier: ISC */
#include "knowledge/icmp_text.h"

#include "event/event.h"
#include "net/ip_proto.h"
#include "text_rules.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <string.h>

#include <cmocka.h>

static void types_have_the_names_of_the_registry(void **state)
{
	(void)state;
	static const struct {
		uint8_t proto, type;
		const char *name; /* null: none */
	} rows[] = {
		{IP_PROTO_ICMP, 0, "echo reply"},
		{IP_PROTO_ICMP, 3, "destination unreachable"},
		{IP_PROTO_ICMP, 5, "redirect"},
		{IP_PROTO_ICMP, 8, "echo request"},
		{IP_PROTO_ICMP, 11, "time exceeded"},
		{IP_PROTO_ICMP, 13, "timestamp request"},
		{IP_PROTO_ICMPV6, 2, "packet too big"},
		{IP_PROTO_ICMPV6, 128, "echo request"},
		{IP_PROTO_ICMPV6, 134, "router advertisement"},
		{IP_PROTO_ICMPV6, 137, "redirect"},
		{IP_PROTO_ICMP, 128, NULL},
		{IP_PROTO_ICMPV6, 8, NULL},
		{IP_PROTO_ICMP, 255, NULL},
		{IP_PROTO_TCP, 8, NULL},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct icmp_text *text = icmp_text_of(rows[i].proto, rows[i].type);
		const char *got = text ? text->name : NULL, *wanted = rows[i].name;
		if (got == wanted || (got != NULL && wanted != NULL && strcmp(got, wanted) == 0))
			continue;
		fail_msg("protocol %u, type %u: got %s, wanted %s", rows[i].proto, rows[i].type,
			got ? got : "(none)", wanted ? wanted : "(none)");
	}
}

static void every_text_is_bounded(void **state)
{
	(void)state;
	static const uint8_t protos[] = {IP_PROTO_ICMP, IP_PROTO_ICMPV6};
	unsigned faults = 0;
	for (unsigned i = 0; i < 512; i++) {
		char who[32];
		const struct icmp_text *text = icmp_text_of(protos[i / 256], (uint8_t)i);
		if (text == NULL)
			continue;
		snprintf(who, sizeof who, "protocol %u, type %u", protos[i / 256], i & 255);
		faults += text_rules_check_name(who, text->name, ICMP_TEXT_NAME, " ");
		faults += text_rules_check_sentences(who, text->what, ICMP_TEXT_WHAT, 1);
	}
	assert_int_equal(faults, 0);
}

static bool is_assigned_v6_error(unsigned type)
{
	return type >= 1 && type <= 4; /* RFC 4443; the rest below 128 is unassigned or private */
}

/* What the program reacts to it must be able to explain. */
static void errors_and_replies_are_all_told(void **state)
{
	(void)state;
	for (unsigned type = 0; type < 256; type++) {
		uint8_t t = (uint8_t)type;
		if (event_icmp_is_error(IP_PROTO_ICMP, t) || event_icmp_is_reply(IP_PROTO_ICMP, t))
			assert_non_null(icmp_text_of(IP_PROTO_ICMP, t));
		if (is_assigned_v6_error(type) || event_icmp_is_reply(IP_PROTO_ICMPV6, t))
			assert_non_null(icmp_text_of(IP_PROTO_ICMPV6, t));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(types_have_the_names_of_the_registry),
		cmocka_unit_test(every_text_is_bounded),
		cmocka_unit_test(errors_and_replies_are_all_told),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
