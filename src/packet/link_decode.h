/* SPDX-License-Identifier: ISC */
/*
 * link_decode - takes the header of the link layer off a captured packet.
 *
 * Link types are the LINKTYPE_ numbers of the capture file formats
 * (www.tcpdump.org/linktypes.html), and the two other numbers that systems use for raw IP. What the
 * link layer knows beyond the network protocol goes into the marks of the event: sent by us, came
 * to us, sent to a group.
 *
 * Bound: constant work; 2 VLAN tags, 32 attributes of an NFLOG record.
 */
#ifndef KW_PACKET_LINK_DECODE_H
#define KW_PACKET_LINK_DECODE_H

#include "base/byte_cursor.h"
#include "event/event.h"

#include <stdbool.h>

/* What stands behind the link header. */
enum link_network {
	LINK_NETWORK_IPV4,
	LINK_NETWORK_IPV6,
	LINK_NETWORK_EITHER, /* IP, and only its version field says which */
	LINK_NETWORK_OTHER,  /* ARP, LLDP, ..., or a link type that is not known */
	LINK_NETWORK_BROKEN, /* the bytes end inside the link header */
};

/* True for the link types that have a row. */
bool link_decode_knows(int linktype);

/* Leaves the cursor at the first byte of the network header; adds to the marks of `e` only. */
enum link_network link_decode(int linktype, struct byte_cursor *c, struct event *e);

#endif
