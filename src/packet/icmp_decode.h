/* SPDX-License-Identifier: ISC */
/*
 * icmp_decode - reads ICMP and ICMPv6 messages (RFC 792, RFC 950, RFC 4443).
 *
 * Type and code always; identifier and sequence of echo, timestamp, information and mask messages;
 * of errors the packet they quote: its destination, protocol and ports. The quoted packet must be
 * of the error's own family; anything else behind an error header is not taken for a quotation.
 */
#ifndef KW_PACKET_ICMP_DECODE_H
#define KW_PACKET_ICMP_DECODE_H

#include "base/byte_cursor.h"
#include "event/event.h"

#include <stddef.h>

/*
 * `c` holds what was captured of `declared` bytes. Returns how many bytes the headers take, the
 * quoted ones included. The payload length is what stands behind the first 8 bytes.
 */
size_t icmp_decode(struct byte_cursor *c, size_t declared, struct event *e);

#endif
