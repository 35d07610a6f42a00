/* SPDX-License-Identifier: ISC */
/*
 * packet_decode - captured bytes of one packet to an event.
 *
 * Pure: no clock, no allocation, no state; any bytes may come in. It fills every field of the event
 * that the headers tell (IPv4, IPv6 with extension headers, TCP with options, UDP, ICMP, ICMPv6
 * with the quoted header of errors, SCTP, others by number) and names the probe; time, iface and
 * host are the caller's. Lengths come from the headers, so that a truncated capture tells the same
 * as a whole one as far as it reaches.
 *
 * A fact whose bytes are not all there stays zero and untold: of a first fragment of 8 bytes (nmap
 * -f) the ports, not seq and ack. What stands behind the bounds below counts as cut. An IPv6 packet
 * with an IPv4-mapped address is broken: it would pass for an IPv4 one.
 *
 * Bound: constant work for a packet, at most 64 extension headers and 2 VLAN tags in a row; 10 to 20
 * ns on one core of 2020. Facts from RFC 791, 8200, 9293, 768, 792, 4443, 9260.
 *
 * Tests: tests/unit/packet, fuzz/packet; test_packet_layers.c holds the short way that the usual shape
 * takes to the long one.
 */
#ifndef KW_PACKET_PACKET_DECODE_H
#define KW_PACKET_PACKET_DECODE_H

#include "event/event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum packet_result {
	PACKET_OK,     /* the event holds at least addresses and protocol */
	PACKET_NOT_IP, /* ARP, LLDP, ..., or an unknown link type: nothing wrong */
	PACKET_BROKEN, /* too short or lying before the addresses were read */
};

/* True for the link types (LINKTYPE_ numbers of the capture file formats) that can be decoded. */
bool packet_linktype_is_known(int linktype);

/*
 * Decodes `captured` bytes of a packet. On PACKET_OK the whole event is written (time, iface, host
 * zero; origin EVENT_ORIGIN_PACKET); otherwise it is not to be used.
 */
enum packet_result packet_decode(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out);

#endif
