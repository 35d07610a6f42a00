/* SPDX-License-Identifier: ISC */
#include "facts_text.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>

#include <cmocka.h>

#define HEAD "Nov 20 14:09:40 gate kernel: "
#define V4 "SRC=198.51.100.7 DST=203.0.113.5 LEN=60 TOS=0x00 PREC=0x00 TTL=47 ID=4711 "
#define V6                                                                                         \
	"SRC=2001:0db8:0000:0000:0000:0000:0000:0007 DST=2001:0db8:0000:0000:0000:0000:0000:0005 " \
	"LEN=60 TC=0 HOPLIMIT=57 FLOWLBL=0 "
#define TCP "PROTO=TCP SPT=40000 DPT=22 WINDOW=1024 RES=0x00 "
#define ENDS "KNOCK 198.51.100.7 > 203.0.113.5 "
#define PORTS "KNOCK 198.51.100.7:40000 > 203.0.113.5:22 "
#define IP " len=60 ttl=47 id=4711"

static void check_row(const struct facts_text_row *row)
{
	char memory[1024];
	struct text_buffer got = text_buffer_over(memory, sizeof memory);
	const struct facts_text_row *bad = facts_text_check(row, 1, &got);
	if (bad != NULL)
		fail_msg("%s\n  line   %s\n  got    %s\n  wanted %s", bad->name, bad->line, memory,
			bad->wanted);
}

/* Behind the mark two spaces mean what one means, and keep the reader from its short cuts. */
static void check_row_spaced(const struct facts_text_row *row)
{
	char line[1024];
	struct text_buffer b = text_buffer_over(line, sizeof line);
	const char *mark = strstr(row->line, "IN="), *c = row->line;
	for (; *c; c++)
		text_buffer_add_bytes(&b, c, 1),
			text_buffer_add(&b, *c == ' ' && c > mark ? " " : "");
	assert_false(b.cut);
	check_row(&(struct facts_text_row){row->name, line, row->wanted});
}

static void check_rows(const struct facts_text_row *rows, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		check_row(&rows[i]);
		if (strlen(rows[i].line) < 500 && strstr(rows[i].line, "IN=") != NULL)
			check_row_spaced(&rows[i]);
	}
}

static void each_form_of_the_line_becomes_its_event(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"iptables",
			HEAD "[ 4999.999203] DROP IN=eth0 OUT= "
			     "MAC=02:00:00:00:00:01:02:00:00:00:00:02:08:00 " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[DROP]"},
		{"no MAC, no trailing space", HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
		{"ufw", HEAD "[UFW BLOCK] IN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[[UFW BLOCK]]"},
		{"ufw behind the kernel's time",
			HEAD "[  123.456789] [UFW BLOCK] IN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[[UFW BLOCK]]"},
		{"kernel's time with its thread",
			HEAD "[  123.456789][  T42] DROP IN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[DROP]"},
		{"firewalld", HEAD "FINAL_REJECT: IN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[FINAL_REJECT:]"},
		{"prefix glued to IN=", HEAD "DROPIN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[DROP]"},
		{"prefix with an equals sign",
			HEAD "rule=7 LOGIN=2 IN=eth0 OUT= " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0] pre[rule=7 LOGIN=2]"},
		{"forwarded", HEAD "IN=eth0 OUT=eth1 " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 if[eth0]"},
		{"bridge", HEAD "IN=br0 OUT=br0 PHYSIN=eth0 PHYSOUT=eth1 " V4 TCP "SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 if[br0]"},
		{"bridge of Linux 2.4",
			HEAD "IN=br0 PHYSIN=eth0 OUT=br0 PHYSOUT=eth1 " V4 TCP "SYN URGP=0  ",
			PORTS "TCP syn" IP " flags=S win=1024 if[br0]"},
		{"outgoing", HEAD "IN= OUT=eth0 " V4 TCP "SYN URGP=0 UID=1000 GID=1000 MARK=0x1 ",
			PORTS "TCP syn" IP " flags=S win=1024 out if[eth0]"},
		{"broadcast",
			HEAD "IN=eth0 OUT= MAC=ff:ff:ff:ff:ff:ff:02:00:00:00:00:02:08:00 " V4
			     "PROTO=UDP SPT=137 DPT=137 LEN=40 ",
			"KNOCK 198.51.100.7:137 > 203.0.113.5:137 UDP udp len=60 pay=32 ttl=47 "
			"id=4711 in "
			"group if[eth0]"},
		{"multicast",
			HEAD "IN=eth0 OUT= MAC=01:00:5e:00:00:fb:02:00:00:00:00:02:08:00 " V4
			     "PROTO=UDP SPT=137 DPT=137 LEN=40 ",
			"KNOCK 198.51.100.7:137 > 203.0.113.5:137 UDP udp len=60 pay=32 ttl=47 "
			"id=4711 in "
			"group if[eth0]"},
		{"a tunnel's bytes are no Ethernet group",
			HEAD "IN=tun0 OUT= MAC=45:00:00:3c:00:01:00:00:40:06:00:00:c6:33 " V4
			     "PROTO=UDP SPT=137 DPT=137 LEN=40 ",
			"KNOCK 198.51.100.7:137 > 203.0.113.5:137 UDP udp len=60 pay=32 ttl=47 "
			"id=4711 in "
			"if[tun0]"},
		{"decoded link header",
			HEAD "IN=eth0 OUT= MACSRC=02:00:00:00:00:02 MACDST=ff:ff:ff:ff:ff:ff "
			     "MACPROTO=0800 " V4 "PROTO=UDP SPT=137 DPT=137 LEN=40 ",
			"KNOCK 198.51.100.7:137 > 203.0.113.5:137 UDP udp len=60 pay=32 ttl=47 "
			"id=4711 in "
			"group if[eth0]"},
		{"ulogd writes no RES= and a short TOS",
			"Nov 20 14:09:40 gate DROP IN=eth0 OUT= MAC= SRC=198.51.100.7 "
			"DST=203.0.113.5 LEN=60 "
			"TOS=00 PREC=0x00 TTL=47 ID=4711 DF PROTO=TCP SPT=40000 DPT=22 SEQ=1 ACK=0 "
			"WINDOW=1024 SYN URGP=0 MARK=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 seq=1/0 in df if[eth0] pre[DROP]"},
		{"carriage return", HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0 \r",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void of_what_stands_twice_the_first_counts(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"addresses, protocol and ports",
			HEAD "IN=eth0 OUT= " V4 TCP
			     "SYN URGP=0 SRC=192.0.2.1 DST=192.0.2.2 PROTO=UDP SPT=5 DPT=6 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
		{"a second line run into the first",
			HEAD "IN=eth0 OUT= " V4 TCP
			     "SYN URGP=0 IN=eth1 OUT=eth2 SRC=192.0.2.1 DST=192.0.2.2 LEN=99 TTL=1 "
			     "ID=1 PROTO=TCP SPT=5 DPT=6 WINDOW=7 RES=0x00 ACK FIN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void tcp_facts_are_told_as_far_as_the_line_does(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"sequence numbers",
			HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=40000 DPT=22 SEQ=4294967295 ACK=7 "
			     "WINDOW=1024 RES=0x00 SYN URGP=0 ",
			PORTS "TCP syn" IP " flags=S win=1024 seq=4294967295/7 in if[eth0]"},
		{"options",
			HEAD "IN=eth0 OUT= " V4 TCP
			     "SYN URGP=0 OPT (020405B40402080A7F811509000000000103030A) ",
			PORTS "TCP syn" IP
			      " flags=S win=1024 opts=42953 mss=1460 ws=10 in if[eth0]"},
		{"options that end early",
			HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0 OPT (020405B400000000) ",
			PORTS "TCP syn" IP " flags=S win=1024 opts=13 mss=1460 ws=255 in if[eth0]"},
		{"a high kind", HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0 OPT (2204AAAA01010D02) ",
			PORTS "TCP syn" IP " flags=S win=1024 opts=e22f mss=0 ws=255 in if[eth0]"},
		{"an option's length lies",
			HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0 OPT (0101020905B4) ",
			PORTS "TCP syn" IP " flags=S win=1024 opts=22 mss=0 ws=255 in if[eth0]"},
		{"options cut: not told", HEAD "IN=eth0 OUT= " V4 TCP "SYN URGP=0 OPT (020405B4040",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
		{"all flags", HEAD "IN=eth0 OUT= " V4 TCP "CWR ECE URG ACK PSH RST SYN FIN URGP=0 ",
			PORTS "TCP all-flags" IP " flags=FSRPAUEC win=1024 in if[eth0]"},
		{"no flags at all", HEAD "IN=eth0 OUT= " V4 TCP "URGP=0 ",
			PORTS "TCP null" IP " flags= win=1024 in if[eth0]"},
		{"cut before the flags: no NULL scan", HEAD "IN=eth0 OUT= " V4 TCP,
			PORTS "TCP syn" IP " win=1024 in cut if[eth0]"},
		{"cut inside the flags", HEAD "IN=eth0 OUT= " V4 TCP "ACK SY",
			PORTS "TCP syn" IP " win=1024 in cut if[eth0]"},
		{"Christmas tree", HEAD "IN=eth0 OUT= " V4 TCP "URG PSH FIN URGP=0 ",
			PORTS "TCP xmas" IP " flags=FPU win=1024 in if[eth0]"},
		{"flags and numbers of TCP do not stick to UDP",
			HEAD "IN=eth0 OUT= " V4
			     "PROTO=UDP SPT=40000 DPT=22 LEN=40 SEQ=9 ACK=9 WINDOW=9 SYN URGP=0 ",
			PORTS "UDP udp len=60 pay=32 ttl=47 id=4711 in if[eth0]"},
		{"the first of two sources counts",
			HEAD "IN=eth0 OUT= " V4 TCP
			     "SYN URGP=0 SRC=192.0.2.1 DST=192.0.2.2 PROTO=UDP ",
			PORTS "TCP syn" IP " flags=S win=1024 in if[eth0]"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void other_protocols_and_fragments_are_read(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"ping", HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=8 CODE=0 ID=512 SEQ=62893 ",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=8/0 echo=512/62893 in "
			     "if[eth0]"},
		{"unreachable with the packet that caused it",
			HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=3 CODE=4 [SRC=203.0.113.5 "
			     "DST=192.0.2.9 LEN=1500 TOS=0x00 PREC=0x00 "
			     "TTL=50 ID=9 DF PROTO=UDP SPT=53 DPT=1234 LEN=1480 ] MTU=1400 ",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=3/4 quoted=192.0.2.9 "
			     "proto 17 53>1234 "
			     "in if[eth0]"},
		{"quoted packet without ports",
			HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=11 CODE=0 [SRC=203.0.113.5 "
			     "DST=192.0.2.9 LEN=60 TOS=0x00 PREC=0x00 TTL=1 "
			     "ID=9 PROTO=TCP INCOMPLETE [4 bytes] ] ",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=11/0 quoted=192.0.2.9 "
			     "proto 6 in "
			     "if[eth0]"},
		{"quoted ping",
			HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=3 CODE=1 [SRC=203.0.113.5 "
			     "DST=192.0.2.9 LEN=60 TOS=0x00 PREC=0x00 TTL=1 "
			     "ID=9 PROTO=ICMP TYPE=8 CODE=0 ID=7 SEQ=1 ] ",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=3/1 quoted=192.0.2.9 "
			     "proto 1 in "
			     "if[eth0]"},
		{"redirect",
			HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=5 CODE=1 GATEWAY=192.0.2.1 "
			     "[SRC=203.0.113.5 DST=192.0.2.9 LEN=60 "
			     "TOS=0x00 PREC=0x00 TTL=63 ID=0 DF PROTO=TCP SPT=1 DPT=2 SEQ=1 ACK=0 "
			     "WINDOW=1 RES=0x00 "
			     "SYN URGP=0 ] ",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=5/1 quoted=192.0.2.9 "
			     "proto 6 1>2 in "
			     "if[eth0]"},
		{"quoted packet cut",
			HEAD "IN=eth0 OUT= " V4
			     "PROTO=ICMP TYPE=3 CODE=3 [SRC=203.0.113.5 DST=192.0.2",
			ENDS "ICMP icmp len=60 pay=32 ttl=47 id=4711 icmp=3/3 in if[eth0]"},
		{"ICMP too short", HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP INCOMPLETE [4 bytes] ",
			ENDS "ICMP icmp" IP " in cut if[eth0]"},
		{"UDP too short", HEAD "IN=eth0 OUT= " V4 "PROTO=UDP INCOMPLETE [4 bytes] ",
			ENDS "UDP udp" IP " in cut if[eth0]"},
		{"tiny first fragment",
			HEAD "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=28 TOS=0x00 "
			     "PREC=0x00 TTL=47 ID=4711 MF PROTO=TCP INCOMPLETE [8 bytes] ",
			ENDS "TCP syn len=28 ttl=47 id=4711 in frag cut tiny if[eth0]"},
		{"later fragment", HEAD "IN=eth0 OUT= " V4 "MF FRAG:185 PROTO=TCP ",
			ENDS "TCP syn" IP " in frag if[eth0]"},
		{"UDP-Lite", HEAD "IN=eth0 OUT= " V4 "PROTO=UDPLITE SPT=40000 DPT=22 LEN=40 ",
			PORTS "136 udp len=60 pay=32 ttl=47 id=4711 in if[eth0]"},
		{"SCTP", HEAD "IN=eth0 OUT= " V4 "PROTO=132 ",
			ENDS "SCTP sctp-init" IP " in if[eth0]"},
		{"SCTP with ports", HEAD "IN=eth0 OUT= " V4 "PROTO=SCTP SPT=40000 DPT=22",
			PORTS "SCTP sctp-init" IP " in if[eth0]"},
		{"ESP", HEAD "IN=eth0 OUT= " V4 "PROTO=ESP SPI=0x1234abcd ",
			ENDS "50 ip-protocol" IP " in if[eth0]"},
		{"AH", HEAD "IN=eth0 OUT= " V4 "PROTO=AH SPI=0x1234abcd ",
			ENDS "51 ip-protocol" IP " in if[eth0]"},
		{"by number", HEAD "IN=eth0 OUT= " V4 "PROTO=47 ",
			ENDS "47 ip-protocol" IP " in if[eth0]"},
		{"the other family's ICMP has no type", HEAD "IN=eth0 OUT= " V4 "PROTO=58 ",
			ENDS "ICMPv6 icmp" IP " in if[eth0]"},
		{"router alert", HEAD "IN=eth0 OUT= " V4 "OPT (94040000) PROTO=2 ",
			ENDS "2 ip-protocol" IP " ipopt=10 in if[eth0]"},
		{"both lists of options",
			HEAD "IN=eth0 OUT= " V4 "CE DF OPT (8307040A0A0A0A00) " TCP
			     "SYN URGP=0 OPT (020405B4) ",
			PORTS "TCP syn" IP
			      " ipopt=04 flags=S win=1024 opts=3 mss=1460 ws=255 in df if[eth0]"},
		{"every IP option",
			HEAD "IN=eth0 OUT= " V4
			     "OPT (0703044403058203008902019404000088040000) PROTO=47 ",
			ENDS "47 ip-protocol" IP " ipopt=7b in if[eth0]"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

#define ENDS6 "KNOCK 2001:db8::7 > 2001:db8::5 "

static void ipv6_lines_are_read_like_ipv4(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"TCP with sequence numbers",
			HEAD "IN=eth0 OUT= " V6 "PROTO=TCP SPT=40000 DPT=22 SEQ=5 ACK=0 "
			     "WINDOW=1024 RES=0x00 SYN URGP=0 OPT (020405B4) ",
			"KNOCK 2001:db8::7:40000 > 2001:db8::5:22 TCP syn len=60 ttl=57 flags=S "
			"win=1024 seq=5/0 "
			"opts=3 mss=1460 ws=255 in if[eth0]"},
		{"short form of addresses",
			HEAD "IN=eth0 OUT= SRC=2001:db8::7 DST=2001:db8::5 LEN=60 TC=0 HOPLIMIT=57 "
			     "FLOWLBL=0 "
			     "PROTO=UDP SPT=40000 DPT=22 LEN=20 ",
			"KNOCK 2001:db8::7:40000 > 2001:db8::5:22 UDP udp len=60 pay=12 ttl=57 in "
			"if[eth0]"},
		{"echo request", HEAD "IN=eth0 OUT= " V6 "PROTO=ICMPv6 TYPE=128 CODE=0 ID=3 SEQ=1 ",
			ENDS6 "ICMPv6 icmp len=60 pay=12 ttl=57 icmp=128/0 echo=3/1 in if[eth0]"},
		{"packet too big",
			HEAD "IN=eth0 OUT= " V6 "PROTO=ICMPv6 TYPE=2 CODE=0 [" V6
			     "PROTO=UDP SPT=53 DPT=9 LEN=20 ] MTU=1280 ",
			ENDS6 "ICMPv6 icmp len=60 pay=12 ttl=57 icmp=2/0 quoted=2001:db8::5 proto "
			      "17 53>9 in "
			      "if[eth0]"},
		{"first fragment, options printed",
			HEAD
			"IN=eth0 OUT= " V6
			"OPT ( FRAG:0 INCOMPLETE ID:0000abcd ) PROTO=UDP SPT=40000 DPT=22 LEN=40 ",
			"KNOCK 2001:db8::7:40000 > 2001:db8::5:22 UDP udp len=60 pay=32 ttl=57 in "
			"frag if[eth0]"},
		{"later fragment", HEAD "IN=eth0 OUT= " V6 "FRAG:1448 ID:0000abcd PROTO=UDP ",
			ENDS6 "UDP udp len=60 ttl=57 in frag if[eth0]"},
		{"ESP as a header of the chain", HEAD "IN=eth0 OUT= " V6 "OPT ( ESP SPI=0x12 )",
			ENDS6 "50 ip-protocol len=60 ttl=57 in if[eth0]"},
		{"two families",
			HEAD "IN=eth0 OUT= SRC=2001:db8::7 DST=203.0.113.5 LEN=60 PROTO=47 ",
			"BROKEN: SRC= and DST= are of two families"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void broken_lines_say_what_was_expected(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"no SRC", HEAD "IN=eth0 OUT= MAC=02:00 ", "BROKEN: SRC= is missing"},
		{"cut, and another line behind it",
			HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=4 IN=eth0 OUT= SRC=192.0.2.1 "
			     "DST=192.0.2.2 LEN=40 TTL=1 ID=1 PROTO=TCP SPT=5 DPT=6 SYN URGP=0 ",
			"BROKEN: DPT= is missing"},
		{"no DST", HEAD "IN=eth0 OUT= SRC=198.51.100.7 ", "BROKEN: DST= is missing"},
		{"bad SRC", HEAD "IN=eth0 OUT= SRC=198.51.100.777 DST=203.0.113.5 PROTO=47 ",
			"BROKEN: SRC= holds no address"},
		{"bad DST", HEAD "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113 PROTO=47 ",
			"BROKEN: DST= holds no address"},
		{"no PROTO", HEAD "IN=eth0 OUT= " V4, "BROKEN: PROTO= is missing"},
		{"bad PROTO", HEAD "IN=eth0 OUT= " V4 "PROTO=TCQ ",
			"BROKEN: PROTO= holds no protocol"},
		{"PROTO too large", HEAD "IN=eth0 OUT= " V4 "PROTO=256 ",
			"BROKEN: PROTO= holds no protocol"},
		{"bad SPT", HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=x DPT=22 ",
			"BROKEN: SPT= holds no port"},
		{"SPT too large", HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=65536 DPT=22 ",
			"BROKEN: SPT= holds no port"},
		{"SPT with a tail", HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=12x DPT=22 ",
			"BROKEN: SPT= holds no port"},
		{"bad DPT", HEAD "IN=eth0 OUT= " V4 "PROTO=UDP SPT=1 DPT=-1 LEN=9 ",
			"BROKEN: DPT= holds no port"},
		{"no ports", HEAD "IN=eth0 OUT= " V4 "PROTO=TCP ", "BROKEN: SPT= is missing"},
		{"no DPT", HEAD "IN=eth0 OUT= " V4 "PROTO=UDP SPT=1 LEN=9 ",
			"BROKEN: DPT= is missing"},
		{"cut inside DPT", HEAD "IN=eth0 OUT= " V4 "PROTO=TCP SPT=1 DPT=2",
			"BROKEN: the line ends inside DPT="},
		{"no TYPE", HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP ",
			"BROKEN: TYPE= is missing or holds no number"},
		{"TYPE too large", HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=256 CODE=0 ",
			"BROKEN: TYPE= is missing or holds no number"},
		{"no CODE", HEAD "IN=eth0 OUT= " V4 "PROTO=ICMP TYPE=8 ",
			"BROKEN: CODE= is missing or holds no number"},
		{"a bad number of no weight is only not told",
			HEAD "IN=eth0 OUT= SRC=198.51.100.7 DST=203.0.113.5 LEN=x TTL=999 ID=-1 "
			     "PROTO=47 ",
			ENDS "47 ip-protocol in if[eth0]"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

static void lines_that_are_no_packets_are_other(void **state)
{
	(void)state;
	static const struct facts_text_row rows[] = {
		{"ARP",
			HEAD "IN=eth0 OUT= MACSRC=02:00:00:00:00:01 MACDST=ff:ff:ff:ff:ff:ff "
			     "MACPROTO=0806 "
			     "ARP HTYPE=1 PTYPE=0x0800 OPCODE=1 MACSRC=02:00:00:00:00:01 "
			     "IPSRC=192.0.2.1 "
			     "MACDST=00:00:00:00:00:00 IPDST=192.0.2.2 ",
			"OTHER"},
		{"ebtables",
			HEAD
			"IN=eth0 OUT=eth1 MAC source = 02:00:00:00:00:01 MAC dest = "
			"02:00:00:00:00:02 proto = 0x0800 IP SRC=192.0.2.1 IP DST=192.0.2.2, IP "
			"tos=0x00, IP proto=17 SPT=1 DPT=2",
			"OTHER"},
		{"a login", "Nov 20 14:09:40 gate app: LOGIN=alice OUT=x", "OTHER"},
		{"a login of no named program", "LOGIN=alice OUT=x", "OTHER"},
		{"a web request",
			"203.0.113.9 - - [20/Nov/2026:14:09:40] \"GET /?SRC=192.0.2.1&IN=2 "
			"HTTP/1.1\"",
			"OTHER"},
		{"only IN=", HEAD "IN=eth0", "OTHER"},
		{"a device that calls itself a packet",
			HEAD "[  12.345678] usb 1-1: Product: IN=eth0 OUT= " V4 TCP "SYN URGP=0",
			"OTHER"},
		{"repetition", "Nov 20 14:09:41 gate last message repeated 3 times", "OTHER"},
		{"repetition of rsyslog",
			HEAD "message repeated 3 times: [ DROP IN=eth0 OUT= " V4 TCP "SYN URGP=0 ]",
			"OTHER"},
	};
	check_rows(rows, sizeof rows / sizeof rows[0]);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_form_of_the_line_becomes_its_event),
		cmocka_unit_test(of_what_stands_twice_the_first_counts),
		cmocka_unit_test(tcp_facts_are_told_as_far_as_the_line_does),
		cmocka_unit_test(other_protocols_and_fragments_are_read),
		cmocka_unit_test(ipv6_lines_are_read_like_ipv4),
		cmocka_unit_test(broken_lines_say_what_was_expected),
		cmocka_unit_test(lines_that_are_no_packets_are_other),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
