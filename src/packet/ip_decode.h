/* SPDX-License-Identifier: ISC */
/*
 * ip_decode - reads an IPv4 or IPv6 header, and hands what stands behind to transport_decode.
 *
 * Facts: addresses, protocol, TTL, length, IPv4 id and options, fragment marks (RFC 791, RFC 8200).
 * The length field bounds what is read, so the padding of a short frame is never taken for a
 * header. A length of 0 (segmentation offload, jumbograms) stands for the captured size. A length
 * that does not even hold the header marks the event EVENT_MARK_CUT, and nothing behind the header
 * is read. Of later fragments no transport facts are known, but for the flags of a
 * TCP header that was cut behind its ports; `payload_length` is then the
 * fragment's.
 */
#ifndef KW_PACKET_IP_DECODE_H
#define KW_PACKET_IP_DECODE_H

#include "base/byte_cursor.h"
#include "event/event.h"

#include <stdbool.h>

/* The cursor stands at the IP header. False: too short or lying before the addresses were read. */
bool ip_decode_v4(struct byte_cursor *c, struct event *e);
bool ip_decode_v6(struct byte_cursor *c, struct event *e);

#endif
