/* SPDX-License-Identifier: ISC */
#include "report/headline_text.h"

#include "../store/sample_incident.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static void expect(const struct incident *in, const char *wanted)
{
	char got[256];
	struct text_buffer b = text_buffer_over(got, sizeof got);
	headline_text_add_source(&b, in);
	text_buffer_add(&b, " ");
	headline_text_add_deed(&b, in);
	if (strcmp(got, wanted) != 0)
		fail_msg("got \"%s\", wanted \"%s\"", got, wanted);
}

static void a_headline_says_who_did_what_to_whom(void **state)
{
	(void)state;
	static const struct port_range telnet[] = {{PORT_SET_TCP, 23, 23}};
	struct incident in = sample_incident();
	expect(&in, "198.51.100.20 scanned 1,024 ports on 203.0.113.5");
	in.kind = INCIDENT_KIND_HORIZONTAL;
	in.dst = (struct addr){{0}};
	in.hosts_count = 250;
	in.ports = telnet;
	in.ports_count = 1;
	expect(&in, "198.51.100.20 looked for tcp/23 on 250 hosts");
	in.ports_count = in.port_ranges = 0;
	in.techniques = technique_bit(TECHNIQUE_ICMP_ECHO);
	expect(&in, "198.51.100.20 pinged 250 hosts");
	in.kind = INCIDENT_KIND_PROTOCOL;
	in.hosts_count = 1;
	expect(&in, "198.51.100.20 tried which IP protocols this host speaks");
	in.kind = INCIDENT_KIND_BACKSCATTER;
	in.dst = sample_addr("203.0.113.5");
	expect(&in, "198.51.100.20 answered packets that 203.0.113.5 never sent");
}

static void groups_and_blocks_are_named_as_such(void **state)
{
	(void)state;
	struct incident in = sample_incident();
	in.src = sample_addr("2001:db8:0:7::1");
	in.src_prefix = prefix_of(&in.src, 64);
	expect(&in, "2001:db8:0:7::/64 scanned 1,024 ports on 203.0.113.5");
	in.src = (struct addr){{0}};
	in.sources_count = 40;
	in.kind = INCIDENT_KIND_DISTRIBUTED;
	expect(&in, "40 sources together scanned 1,024 ports on 203.0.113.5");
}

static void every_kind_has_a_headline_without_holes(void **state)
{
	(void)state;
	for (int kind = 0; kind < INCIDENT_KINDS; kind++) {
		struct incident in = sample_incident();
		char got[256];
		struct text_buffer b = text_buffer_over(got, sizeof got);
		in.kind = (enum incident_kind)kind;
		headline_text_add_deed(&b, &in);
		assert_true(b.used > 8);
		if (strstr(got, " P ") || strstr(got, " H ") || strstr(got, " N "))
			fail_msg("%s: %s", incident_kind_name(in.kind), got);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_headline_says_who_did_what_to_whom),
		cmocka_unit_test(groups_and_blocks_are_named_as_such),
		cmocka_unit_test(every_kind_has_a_headline_without_holes),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
