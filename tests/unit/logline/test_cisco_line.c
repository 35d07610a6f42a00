/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define IOS "Nov 20 14:09:40 192.0.2.254 1234: *Mar  1 00:01:02.123: "
#define ASA "Nov 20 14:09:40 fw1 : "
#define PORTS "KNOCK 198.51.100.7:40000 > 203.0.113.5:22 "
#define ENDS "KNOCK 198.51.100.7 > 203.0.113.5 "

static void check_rows(const struct facts_text_row *rows, size_t count)
{
	char memory[1024];
	struct text_buffer got = text_buffer_over(memory, sizeof memory);
	const struct facts_text_row *bad = facts_text_check(rows, count, &got);
	if (bad != NULL)
		fail_msg("%s\n  line   %s\n  got    %s\n  wanted %s", bad->name, bad->line, memory,
			bad->wanted);
}

static void access_lists_of_ios_are_read(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"ports",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.7(40000) -> "
			    "203.0.113.5(22), 1 packet",
			PORTS "TCP syn pre[101]"},
		{"interface and link address",
			IOS
			"%SEC-6-IPACCESSLOGP: list 101 denied udp 198.51.100.7(40000) (Ethernet0 "
			"0010.7b00.0001) -> 203.0.113.5(22), 5 packets",
			PORTS "UDP udp if[Ethernet0] pre[101]"},
		{"interface alone",
			IOS "%SEC-6-IPACCESSLOGP: list IN denied udp 198.51.100.7(40000) "
			    "(Ethernet0) -> "
			    "203.0.113.5(22), 5 packets",
			PORTS "UDP udp if[Ethernet0] pre[IN]"},
		{"ICMP",
			IOS "%SEC-6-IPACCESSLOGDP: list 101 denied icmp 198.51.100.7 -> "
			    "203.0.113.5 (8/0), "
			    "1 packet",
			ENDS "ICMP icmp icmp=8/0 pre[101]"},
		{"ICMP with interface",
			IOS "%SEC-6-IPACCESSLOGDP: list 101 denied icmp 198.51.100.7 (Ethernet0 "
			    "0010.7b00.0001) -> 203.0.113.5 (8/0), 1 packet",
			ENDS "ICMP icmp icmp=8/0 if[Ethernet0] pre[101]"},
		{"by number",
			IOS
			"%SEC-6-IPACCESSLOGNP: list 101 denied 47 198.51.100.7 -> 203.0.113.5, 1 "
			"packet",
			ENDS "47 ip-protocol pre[101]"},
		{"by name",
			IOS
			"%SEC-6-IPACCESSLOGRP: list 101 denied ospf 198.51.100.7 -> 203.0.113.5, 1 "
			"packet",
			ENDS "89 ip-protocol pre[101]"},
		{"standard list", IOS "%SEC-6-IPACCESSLOGS: list 1 denied 198.51.100.7 5 packets",
			"KNOCK 198.51.100.7 > - 0 ip-protocol pre[1]"},
		{"IOS-XE",
			"Nov 20 14:09:40 r1 12: Nov 20 13:09:40.000 UTC: %FMANFP-6-IPACCESSLOGP: "
			"F0: "
			"fman_fp_image: list WAN denied tcp 198.51.100.7(40000) -> "
			"203.0.113.5(22), 1 "
			"packet [hash 0x1]",
			PORTS "TCP syn pre[WAN]"},
		{"IPv6",
			IOS "%IPV6_ACL-6-ACCESSLOGP: list V6/10 denied tcp 2001:DB8::7(40000) -> "
			    "2001:DB8::5(22), 1 packet",
			"KNOCK 2001:db8::7:40000 > 2001:db8::5:22 TCP syn pre[V6/10]"},
		{"ICMPv6",
			IOS "%IPV6_ACL-6-ACCESSLOGDP: list V6/10 denied icmpv6 2001:DB8::7 -> "
			    "2001:DB8::5 "
			    "(128/0), 1 packet",
			"KNOCK 2001:db8::7 > 2001:db8::5 ICMPv6 icmp icmp=128/0 pre[V6/10]"},
		{"IPv6 by number",
			IOS "%IPV6_ACL-6-ACCESSLOGNP: list V6/10 denied 50 2001:DB8::7 -> "
			    "2001:DB8::5, 1 packet",
			"KNOCK 2001:db8::7 > 2001:db8::5 50 ip-protocol pre[V6/10]"},
		{"permitted",
			IOS "%SEC-6-IPACCESSLOGP: list 101 permitted tcp 198.51.100.7(40000) -> "
			    "203.0.113.5(22), 1 packet",
			"OTHER"},
		{"another message", IOS "%SYS-5-CONFIG_I: Configured from console by vty0",
			"OTHER"},
		{"bad source",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100(40000) -> "
			    "203.0.113.5(22), 1 packet",
			"BROKEN: the source is no address"},
		{"port too large",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.7(70000) -> "
			    "203.0.113.5(22), 1 packet",
			"BROKEN: one port is missing"},
		{"cut before the destination",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp "
			    "198.51.100.7(40000) -> ",
			"BROKEN: the message ends early"},
		{"cut inside the destination",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.7(40000) -> "
			    "203.0.113.5",
			"BROKEN: the message ends early"},
		{"unknown protocol",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied foo 198.51.100.7(1) -> "
			    "203.0.113.5(22), 1 packet",
			"BROKEN: a protocol was expected"},
		{"two families",
			IOS "%SEC-6-IPACCESSLOGP: list 101 denied tcp 198.51.100.7(1) -> "
			    "2001:db8::5(22), 1 packet",
			"BROKEN: source and destination are of two families"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void messages_of_asa_and_its_kin_are_read(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"106023",
			ASA "%ASA-4-106023: Deny tcp src outside:198.51.100.7/40000 dst "
			    "inside:203.0.113.5/22 by access-group \"outside_in\" [0x0, 0x0]",
			PORTS "TCP syn if[outside]"},
		{"106023 with a user",
			ASA "%ASA-4-106023: Deny udp src outside:198.51.100.7/40000(LOCAL\\x) "
			    "dst inside:203.0.113.5/22 by access-group \"outside_in\"",
			PORTS "UDP udp if[outside]"},
		{"106023 ICMP",
			ASA
			"%ASA-4-106023: Deny icmp src outside:198.51.100.7 dst inside:203.0.113.5 "
			"(type 8, code 0) by access-group \"outside_in\"",
			ENDS "ICMP icmp icmp=8/0 if[outside]"},
		{"106023 by number",
			ASA "%ASA-4-106023: Deny protocol 47 src outside:198.51.100.7 dst "
			    "inside:203.0.113.5 by access-group \"outside_in\"",
			ENDS "47 ip-protocol if[outside]"},
		{"106023 IPv6",
			ASA "%ASA-4-106023: Deny tcp src outside:2001:db8::7/40000 dst "
			    "inside:2001:db8::5/22 by access-group \"outside_in\"",
			"KNOCK 2001:db8::7:40000 > 2001:db8::5:22 TCP syn if[outside]"},
		{"106001",
			ASA
			"%ASA-2-106001: Inbound TCP connection denied from 198.51.100.7/40000 to "
			"203.0.113.5/22 flags SYN  on interface outside",
			PORTS "TCP syn flags=S if[outside]"},
		{"106006",
			ASA "%PIX-2-106006: Deny inbound UDP from 198.51.100.7/40000 to "
			    "203.0.113.5/22 on "
			    "interface outside",
			PORTS "UDP udp if[outside]"},
		{"106007",
			ASA "%FWSM-2-106007: Deny inbound UDP from 198.51.100.7/40000 to "
			    "203.0.113.5/22 "
			    "due to DNS Query",
			PORTS "UDP udp"},
		{"106010",
			ASA "%ASA-3-106010: Deny inbound protocol 47 src outside:198.51.100.7 dst "
			    "inside:203.0.113.5 ",
			ENDS "47 ip-protocol if[outside]"},
		{"106014",
			ASA "%ASA-3-106014: Deny inbound icmp src outside:198.51.100.7 dst "
			    "inside:203.0.113.5 (type 8, code 0)",
			ENDS "ICMP icmp icmp=8/0 if[outside]"},
		{"106015",
			ASA "%ASA-6-106015: Deny TCP (no connection) from 198.51.100.7/40000 to "
			    "203.0.113.5/22 flags RST ACK  on interface outside",
			PORTS "TCP rst flags=RA if[outside]"},
		{"106021",
			ASA "%ASA-1-106021: Deny tcp reverse path check from 198.51.100.7 to "
			    "203.0.113.5 on "
			    "interface outside",
			ENDS "TCP syn if[outside]"},
		{"106100",
			ASA "%ASA-4-106100: access-list outside_in denied tcp "
			    "outside/198.51.100.7(40000) "
			    "-> inside/203.0.113.5(22) hit-cnt 1 first hit [0x1, 0x0]",
			PORTS "TCP syn if[outside] pre[outside_in]"},
		{"106100 ICMP",
			ASA "%ASA-6-106100: access-list o denied icmp outside/198.51.100.7(8) -> "
			    "inside/203.0.113.5(0) hit-cnt 1 first hit [0x1, 0x0]",
			ENDS "ICMP icmp icmp=8/0 if[outside] pre[o]"},
		{"106100 permitted",
			ASA "%ASA-6-106100: access-list o permitted tcp "
			    "outside/198.51.100.7(40000) -> inside/203.0.113.5(22) hit-cnt 1",
			"OTHER"},
		{"710003",
			ASA "%ASA-3-710003: TCP access denied by ACL from 198.51.100.7/40000 to "
			    "outside:203.0.113.5/22",
			PORTS "TCP syn"},
		{"710005",
			ASA "%ASA-7-710005: UDP request discarded from 198.51.100.7/40000 to "
			    "outside:203.0.113.5/22",
			PORTS "UDP udp"},
		{"no port",
			ASA "%ASA-4-106023: Deny tcp src outside:198.51.100.7/40000 dst "
			    "inside:203.0.113.5 by access-group \"o\"",
			"BROKEN: one port is missing"},
		{"a name for an address",
			ASA "%ASA-4-106023: Deny tcp src outside:badguy/40000 dst "
			    "inside:203.0.113.5/22 by access-group \"o\"",
			"BROKEN: the source is no address"},
		{"cut inside the port",
			ASA "%ASA-4-106023: Deny tcp src outside:198.51.100.7/40000 dst "
			    "inside:203.0.113.5/2",
			"BROKEN: the message ends early"},
		{"no flags",
			ASA "%ASA-6-106015: Deny TCP (no connection) from 198.51.100.7/40000 to "
			    "203.0.113.5/22 flags XYZ on interface outside",
			"BROKEN: TCP flags were expected"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

#define DENY                                                                                       \
	"%ASA-4-106023: Deny tcp src outside:198.51.100.7/40000 dst inside:203.0.113.5/22 by "     \
	"access-group \"o\""

static void devices_are_believed_and_programs_are_not(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"bare", DENY, PORTS "TCP syn if[outside]"},
		{"own stamp", "<166>Nov 20 2026 14:09:40: " DENY, PORTS "TCP syn if[outside]"},
		{"own stamp and name", "<166>Nov 20 2026 14:09:40 fw1 : " DENY,
			PORTS "TCP syn if[outside]"},
		{"through a server", "Nov 20 14:09:40 192.0.2.254 Nov 20 2026 14:09:40 fw1 : " DENY,
			PORTS "TCP syn if[outside]"},
		{"ISO head", "2026-11-20T14:09:40+00:00 fw1 " DENY, PORTS "TCP syn if[outside]"},
		{"origin id", "Nov 20 14:09:40 r1 77: r1: *Nov 20 14:09:40.5: " DENY,
			PORTS "TCP syn if[outside]"},
		{"quoted by sshd", "Nov 20 14:09:40 gate sshd[7]: Invalid user " DENY, "OTHER"},
		{"quoted behind the head", "Nov 20 14:09:40 gate sshd: Invalid user " DENY,
			"OTHER"},
		{"quoted by the kernel", "Nov 20 14:09:40 gate kernel: " DENY, "OTHER"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(access_lists_of_ios_are_read),
		cmocka_unit_test(messages_of_asa_and_its_kin_are_read),
		cmocka_unit_test(devices_are_believed_and_programs_are_not),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
