/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>

#include <cmocka.h>

#define HEAD "Nov 20 14:09:40 gate kernel: Packet log: "
#define TAIL "L=60 S=0x00 I=4711 F=0x4000 T=47 "
#define PORTS "KNOCK 198.51.100.7:40000 > 203.0.113.5:22 "
#define IP " len=60 ttl=47 id=4711"

static void ipchains_lines_become_events(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"TCP",
			HEAD "input DENY eth0 PROTO=6 198.51.100.7:40000 203.0.113.5:22 " TAIL
			     "(#3)",
			PORTS "TCP syn" IP " in df if[eth0] pre[input]"},
		{"SYN is the only flag told",
			HEAD "input REJECT eth0 PROTO=6 198.51.100.7:40000 203.0.113.5:22 " TAIL
			     "SYN (#3)",
			PORTS "TCP syn" IP " flags=S in df if[eth0] pre[input]"},
		{"UDP out",
			HEAD "output DENY ppp0 PROTO=17 198.51.100.7:40000 203.0.113.5:22 " TAIL
			     "(#3)",
			PORTS "UDP udp" IP " out df if[ppp0] pre[output]"},
		{"own chain",
			HEAD "good-if DENY eth1 PROTO=17 198.51.100.7:40000 203.0.113.5:22 " TAIL
			     "(#3)",
			PORTS "UDP udp" IP " df if[eth1] pre[good-if]"},
		{"ICMP: type and code",
			HEAD "input DENY eth0 PROTO=1 198.51.100.7:8 203.0.113.5:0 " TAIL "(#3)",
			"KNOCK 198.51.100.7 > 203.0.113.5 ICMP icmp" IP
			" icmp=8/0 in df if[eth0] pre[input]"},
		{"another protocol",
			HEAD "input DENY eth0 PROTO=47 198.51.100.7:65535 203.0.113.5:65535 " TAIL
			     "(#3)",
			"KNOCK 198.51.100.7 > 203.0.113.5 47 ip-protocol" IP
			" in df if[eth0] pre[input]"},
		{"later fragment",
			HEAD "input DENY eth0 PROTO=6 198.51.100.7:65535 203.0.113.5:65535 L=60 "
			     "S=0x00 I=4711 "
			     "F=0x00B9 T=47 (#3)",
			"KNOCK 198.51.100.7 > 203.0.113.5 TCP syn" IP
			" in frag if[eth0] pre[input]"},
		{"accepted",
			HEAD "input ACCEPT eth0 PROTO=6 198.51.100.7:40000 203.0.113.5:22 " TAIL
			     "(#3)",
			"OTHER"},
		{"quoted by a program",
			"Nov 20 14:09:40 gate sshd[7]: Invalid user Packet log: input DENY eth0 "
			"PROTO=6 "
			"198.51.100.7:40000 203.0.113.5:22 " TAIL "(#3)",
			"OTHER"},
		{"no protocol",
			HEAD "input DENY eth0 PROTO=x 198.51.100.7:40000 203.0.113.5:22 " TAIL,
			"BROKEN: PROTO= holds no protocol number"},
		{"bad source", HEAD "input DENY eth0 PROTO=6 198.51.100:40000 203.0.113.5:22 " TAIL,
			"BROKEN: the source is no address and port"},
		{"no port", HEAD "input DENY eth0 PROTO=6 198.51.100.7:40000 203.0.113.5 " TAIL,
			"BROKEN: the destination is no address and port"},
		{"port too large",
			HEAD "input DENY eth0 PROTO=6 198.51.100.7:40000 203.0.113.5:65536 " TAIL,
			"BROKEN: the destination is no address and port"},
		{"cut", HEAD "input DENY eth0 PROTO=6 198.51.100.7:40000 203.0.113.5:22 L=6",
			"BROKEN: L= holds no length"},
		{"bad fragment word",
			HEAD "input DENY eth0 PROTO=6 198.51.100.7:1 203.0.113.5:22 L=60 S=0x00 "
			     "I=1 F=0x10000 T=1 ",
			"BROKEN: F= holds no fragment word"},
	};
	char memory[1024];
	struct text_buffer got = text_buffer_over(memory, sizeof memory);
	const struct facts_text_row *bad =
		facts_text_check(rows, sizeof rows / sizeof rows[0], &got);
	if (bad != NULL)
		fail_msg("%s\n  line   %s\n  got    %s\n  wanted %s", bad->name, bad->line, memory,
			bad->wanted);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ipchains_lines_become_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
