/* SPDX-License-Identifier: ISC */
/*
 * ipv6_chain - walks over the extension headers of IPv6 to the header that matters.
 *
 * Walked over: hop-by-hop options, routing, fragment, destination options, authentication,
 * mobility, HIP, shim6 (RFC 7045, 4). Mobility, HIP and shim6 without a header behind them are
 * themselves what the packet is about. An atomic fragment (RFC 6946) is no fragment.
 *
 * Bound: at most IPV6_CHAIN_MAX headers; a longer chain counts as cut.
 */
#ifndef KW_PACKET_IPV6_CHAIN_H
#define KW_PACKET_IPV6_CHAIN_H

#include "base/byte_cursor.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

/* RFC 8200 knows six in a sane order, and forwarding gear gives up earlier; but hosts walk on, and a
 * scanner (topera) sends nine so that a detector does not. Bounds the work on a jumbo packet. */
#define IPV6_CHAIN_MAX 64

struct ipv6_chain {
	size_t walked;          /* bytes walked over; the cursor stands behind them */
	uint8_t proto;          /* the first header not walked over, or the one that is cut */
	bool has_routing;       /* a routing header was met */
	bool has_source_route;  /* ... of type 0, a list of routers to pass (RFC 5095) */
	bool is_fragment;       /* of more than one; the walk went on if it is the first one */
	bool is_later_fragment; /* no header stands behind */
	size_t fragment_start;  /* of a fragment: bytes walked up to its data */
	uint32_t fragment_id;
	uint16_t fragment_offset; /* in bytes */
	bool more_fragments;
	bool is_cut; /* the bytes or the bound ended inside the chain */
};

/* `proto` is the next-header field of the IPv6 header; the cursor stands behind that header. */
struct ipv6_chain ipv6_chain_walk(struct byte_cursor *c, uint8_t proto);

#endif
