/* SPDX-License-Identifier: ISC */
/*
 * netfilter_line - the fields that Linux prints for a packet: iptables LOG, nft log, ulogd.
 *
 * "IN=eth0 OUT= MAC=... SRC=192.0.2.1 DST=198.51.100.2 LEN=40 ... PROTO=TCP SPT=1 DPT=2 ... SYN
 * URGP=0". Source of fact: nf_log_syslog.c of the kernel (and ipt_LOG.c, ip6t_LOG.c before it).
 *
 * Marks: FIREWALL always; INCOMING where IN= is set and OUT= is empty, OUTGOING in the reverse
 * case, neither for forwarded packets; LINK_GROUP where the Ethernet destination is a group; CUT
 * where the kernel or the logger broke off. ARP and other packets without IP addresses are OTHER.
 */
#ifndef KW_LOGLINE_NETFILTER_LINE_H
#define KW_LOGLINE_NETFILTER_LINE_H

#include "logline/log_head.h"

/* Where the fields begin ("IN=" with "OUT=" or "PHYSIN=" behind its name); null if nowhere. */
const char *netfilter_line_find(struct text_slice line);

/* Reads the fields; `fields` begins at the mark. The event's time and host are the caller's. */
enum log_line_result netfilter_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts);

/* Keeps what stands before the packet, for the lines that follow. `head` and `fields` are those of a
 * line that has been read. */
void netfilter_line_keep(
	struct rule_memory *m, const struct log_head *head, struct text_slice fields);

/* Reads a line that goes on with a kept rule: `behind` begins with its text. The event's time and the
 * host are the caller's. */
enum log_line_result netfilter_line_read_kept(const struct rule_memory_rule *rule,
	struct text_slice behind, struct log_line_facts *facts);

#endif
