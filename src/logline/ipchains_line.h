/* SPDX-License-Identifier: ISC */
/*
 * ipchains_line - what Linux 2.2 prints for a packet that an ipchains rule with -l met.
 *
 * "Packet log: input DENY eth0 PROTO=6 192.0.2.1:1234 198.51.100.2:80 L=60 S=0x00 I=1234 F=0x4000
 * T=64 (#3)"; of ICMP the two ports are type and code; "SYN" may stand before the rule's number,
 * and is the only flag ever told. Source of fact: dump_packet() in net/ipv4/ip_fw.c of Linux 2.2.
 * ACCEPT is OTHER.
 */
#ifndef KW_LOGLINE_IPCHAINS_LINE_H
#define KW_LOGLINE_IPCHAINS_LINE_H

#include "logline/log_head.h"

/* Where "Packet log: " begins; null if nowhere. */
const char *ipchains_line_find(struct text_slice line);

/* Reads the fields; `fields` begins at the mark. The event's time and host are the caller's. */
enum log_line_result ipchains_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts);

#endif
