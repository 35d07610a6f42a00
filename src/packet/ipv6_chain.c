/* SPDX-License-Identifier: ISC */
#include "packet/ipv6_chain.h"

#include "net/ip_proto.h"

/* Size of the extension header `proto` with this length byte; 0 = not an extension header. */
static size_t extension_size(uint8_t proto, uint8_t length)
{
	switch (proto) {
	case IP_PROTO_HOPOPTS:
	case IP_PROTO_ROUTING:
	case IP_PROTO_DSTOPTS:
	case IP_PROTO_MOBILITY:
	case IP_PROTO_HIP:
	case IP_PROTO_SHIM6:
		return (length + 1u) * 8;
	case IP_PROTO_FRAGMENT:
		return 8;
	case IP_PROTO_AH:
		return (length + 2u) * 4; /* RFC 4302, 2.2 */
	default:
		return 0;
	}
}

static bool may_be_last(uint8_t proto)
{
	return proto == IP_PROTO_MOBILITY || proto == IP_PROTO_HIP || proto == IP_PROTO_SHIM6;
}

/* Offset in the upper 13 bits, more fragments in the lowest (RFC 8200, 4.5). Of two headers the outer one says where
 * the piece lies, for that is what a host puts together first. */
static void note_fragment(uint16_t offset_and_more, uint32_t id, struct ipv6_chain *chain)
{
	const uint16_t offset = offset_and_more & 0xfff8;
	const bool more = offset_and_more & 1;
	chain->is_later_fragment |= offset != 0;
	if (chain->is_fragment || (offset == 0 && !more))
		return;
	chain->is_fragment = true;
	chain->fragment_start = chain->walked;
	chain->fragment_id = id;
	chain->fragment_offset = offset;
	chain->more_fragments = more;
}

struct ipv6_chain ipv6_chain_walk(struct byte_cursor *c, uint8_t proto)
{
	struct ipv6_chain chain = {.proto = proto};
	for (unsigned i = 0; extension_size(chain.proto, 0) != 0; i++) {
		struct byte_cursor h = *c;
		uint8_t next = byte_cursor_u8(&h);
		size_t size = extension_size(chain.proto, byte_cursor_u8(&h));
		uint16_t third = byte_cursor_u16(&h);
		if (i == IPV6_CHAIN_MAX || h.failed || !byte_cursor_take(c, size)) {
			chain.is_cut = true;
			break;
		}
		chain.walked += size;
		if (chain.proto == IP_PROTO_ROUTING) {
			chain.has_routing = true;
			chain.has_source_route |= third >> 8 == 0;
		}
		if (chain.proto == IP_PROTO_FRAGMENT)
			note_fragment(third, byte_cursor_u32(&h), &chain);
		if (next == IP_PROTO_NONE && may_be_last(chain.proto))
			break;
		chain.proto = next;
		if (chain.is_later_fragment)
			break;
	}
	return chain;
}
