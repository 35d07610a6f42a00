/* SPDX-License-Identifier: ISC */
/*
 * technique - the ways of probing that EVENTS.md names, as bits of one word.
 *
 * Several probes can look the same on the wire: an ACK scan and a window scan send equal packets,
 * a connect scan is a SYN from an ordinary stack. Names and order are those of the contract.
 */
#ifndef KW_EVENT_TECHNIQUE_H
#define KW_EVENT_TECHNIQUE_H

#include <stdint.h>

enum technique {
	TECHNIQUE_SYN,
	TECHNIQUE_CONNECT, /* SYN with the options of an operating system's own connect() */
	TECHNIQUE_FIN,
	TECHNIQUE_NULL,
	TECHNIQUE_XMAS,
	TECHNIQUE_ACK,
	TECHNIQUE_WINDOW,
	TECHNIQUE_MAIMON,
	TECHNIQUE_SYN_FIN,
	TECHNIQUE_ALL_FLAGS,
	TECHNIQUE_UDP,
	TECHNIQUE_ICMP_ECHO,
	TECHNIQUE_ICMP_TIMESTAMP,
	TECHNIQUE_ICMP_MASK,
	TECHNIQUE_ICMP,
	TECHNIQUE_SCTP_INIT,
	TECHNIQUE_IP_PROTOCOL,
	TECHNIQUES
};

/* "syn", "icmp-echo", ... as EVENTS.md writes them. */
const char *technique_name(enum technique t);

static inline uint32_t technique_bit(enum technique t)
{
	return UINT32_C(1) << t;
}

#endif
