/* SPDX-License-Identifier: ISC */
/*
 * cisco_line - messages of Cisco's packet filters: access lists of IOS, and ASA, PIX and FWSM.
 *
 * IOS: %SEC-6-IPACCESSLOGP, LOGDP, LOGNP, LOGRP, LOGS and %IPV6_ACL-6-ACCESSLOG*. ASA: the messages
 * of the table in the .c, of any severity. "permitted" is OTHER. Source of fact: Cisco's "System
 * Message Guide" (IOS) and "ASA Series Syslog Messages". A standard list (LOGS) tells neither
 * destination nor protocol: the event then has no `dst` and protocol 0. IOS tells no TCP flags.
 */
#ifndef KW_LOGLINE_CISCO_LINE_H
#define KW_LOGLINE_CISCO_LINE_H

#include "logline/log_head.h"

/* Where a message of ours begins ("%SEC-6-IPACC...", "%ASA-4-106..."); null if nowhere. */
const char *cisco_line_find(struct text_slice line);

/* Reads the message; `fields` begins at the mark. The event's time and host are the caller's. */
enum log_line_result cisco_line_read(
	const struct log_head *head, struct text_slice fields, struct log_line_facts *facts);

#endif
