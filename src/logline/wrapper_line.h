/* SPDX-License-Identifier: ISC */
/*
 * wrapper_line - what TCP wrappers and programs that link libwrap log of each connection they decide on.
 *
 * "refused connect from WHO (ADDR)", "connect from WHO (ADDR)" of tcpd and libwrap itself (Debian's; without the
 * address of all others, back to 1990), and the words that inetd, xinetd, stunnel, mosquitto, vsftpd, slapd,
 * rpcbind, snmpd, sendmail, tftpd and atftpd have of their own for it: the table in the .c. Source of fact: those
 * programs of Debian 12 as they log, hosts_access(5), tcpd(8), and Venema's "TCP WRAPPER" paper of 1992.
 *
 * Understood only where such words begin the message of a named program: what stands further on may be a client's
 * own ("Invalid user refused connect from ..."). The address stands last, behind a user and a name that clients
 * may choose, and is taken from there. Warnings of the tables ("warning: FILE, line N: ...") are OTHER.
 *
 * What a client is known by is told as the line has it; "unknown" and "paranoid" are no names.
 */
#ifndef KW_LOGLINE_WRAPPER_LINE_H
#define KW_LOGLINE_WRAPPER_LINE_H

#include "event/access_queue.h"
#include "logline/log_head.h"

/* Where the message begins that may be one of these; null if nowhere. Cheap: looks at one place. */
const char *wrapper_line_find(struct text_slice line);

/* True if a message without head may be one of these. */
bool wrapper_line_may_begin(struct text_slice message);

/* Reads the message, which begins at the mark; ACCESS, OTHER or BROKEN. The event's time and host are the
 * caller's. */
enum log_line_result wrapper_line_read(
	const struct log_head *head, struct text_slice message, struct log_line_facts *facts);

/* What a line that is ACCESS tells, as a whole. */
void wrapper_line_describe(const struct log_line_facts *facts, struct access_event *out);

/* Puts it into the queue; false, and it is lost, where there is none or it is full. */
bool wrapper_line_pass_on(const struct log_line_facts *facts, struct access_queue *queue);

#endif
