/* SPDX-License-Identifier: ISC */
/*
 * transport_decode - reads the header behind the IP header.
 *
 * TCP, UDP, UDP-Lite, DCCP, SCTP, ICMP and ICMPv6; of any other protocol only the payload length is
 * told. Facts are set one by one as far as the bytes reach. A header that does not fit marks the
 * event EVENT_MARK_CUT, and EVENT_MARK_TINY_FRAGMENT where a first fragment was made too small for
 * it.
 */
#ifndef KW_PACKET_TRANSPORT_DECODE_H
#define KW_PACKET_TRANSPORT_DECODE_H

#include "base/byte_cursor.h"
#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

/*
 * `c` holds what was captured of the `declared` bytes that the IP headers promise, never more. The
 * event already has the protocol and the fragment mark.
 */
void transport_decode(struct byte_cursor *c, size_t declared, struct event *e);

/* What is left of `declared` bytes behind `header` bytes; 0 if nothing, at most 65535. */
static inline uint16_t transport_decode_payload(size_t declared, size_t header)
{
	size_t rest = declared > header ? declared - header : 0;
	return rest < UINT16_MAX ? (uint16_t)rest : UINT16_MAX;
}

#endif
