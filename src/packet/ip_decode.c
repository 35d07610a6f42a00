/* SPDX-License-Identifier: ISC */
#include "packet/ip_decode.h"

#include "net/ip_proto.h"
#include "packet/ipv6_chain.h"
#include "packet/transport_decode.h"

#include <stddef.h>

enum ipv4_header {
	IPV4_HEADER_SIZE = 20,
	IPV4_DONT_FRAGMENT = 0x4000,
	IPV4_MORE_FRAGMENTS = 0x2000,
	IPV4_OFFSET = 0x1fff,
};

#define IPV6_HEADER_SIZE 40

/* An IPv6 length of 0 may be true: a probe of a bare protocol number. The frame then has padding
 * behind it: up to 6 bytes and 4 of checksum. More than this many bytes are a real payload. */
#define IPV6_PADDING_MAX 16

/* What the live capture has of every fragment, whatever stands before its data. */
#define DIGEST_BYTES 64

static uint16_t saturate(size_t length)
{
	return length < UINT16_MAX ? (uint16_t)length : UINT16_MAX;
}

static uint8_t ipv4_option_bit(uint8_t kind)
{
	switch (kind) {
	case 7:
		return EVENT_IP_OPTION_RECORD_ROUTE;
	case 68:
		return EVENT_IP_OPTION_TIMESTAMP;
	case 130: /* RFC 1108: basic, and extended */
	case 133:
		return EVENT_IP_OPTION_SECURITY;
	case 131:
		return EVENT_IP_OPTION_LOOSE_ROUTE;
	case 137:
		return EVENT_IP_OPTION_STRICT_ROUTE;
	case 148:
		return EVENT_IP_OPTION_ROUTER_ALERT;
	default:
		return EVENT_IP_OPTION_OTHER;
	}
}

static void read_ipv4_options(struct byte_cursor *c, size_t size, struct event *e)
{
	const uint8_t end_of_list = 0, no_operation = 1;
	struct byte_cursor list = byte_cursor_peek_part(c, size);
	byte_cursor_skip(c, size);
	if (c->failed)
		e->marks |= EVENT_MARK_CUT;
	while (byte_cursor_left(&list)) {
		uint8_t kind = byte_cursor_u8(&list);
		if (kind == end_of_list)
			return;
		if (kind == no_operation)
			continue;
		e->ip_options |= ipv4_option_bit(kind);
		uint8_t length = byte_cursor_u8(&list);
		if (length < 2)
			return;
		byte_cursor_skip(&list, length - 2u);
	}
}

/* Where a piece lies in its datagram. */
struct piece {
	uint32_t id;
	uint16_t offset; /* in bytes */
	bool more;
};

/* FNV-1a. Only to tell a piece that came again from one that says something else: whoever makes two that are alike
 * has sent the same datagram. */
static uint32_t digest_of(struct byte_cursor data, size_t length)
{
	size_t count = length < DIGEST_BYTES ? length : DIGEST_BYTES;
	const uint8_t *bytes = byte_cursor_take(&data, count);
	uint32_t digest = UINT32_C(0x811c9dc5);
	for (size_t i = 0; bytes != NULL && i < count; i++)
		digest = (digest ^ bytes[i]) * UINT32_C(0x01000193);
	return bytes == NULL ? 0 : digest | 1;
}

/* TCP flags lie in the second piece if the first has eight bytes (RFC 1858, 2.1). */
static void read_flags_behind(struct byte_cursor data, const struct piece *piece, struct event *e)
{
	const uint16_t ack_offset = 8; /* of the acknowledgement number in a TCP header */
	if (e->proto != IP_PROTO_TCP || piece->offset != ack_offset)
		return;
	byte_cursor_skip(&data, 5); /* the number, and where the data begin */
	uint8_t flags = byte_cursor_u8(&data);
	uint16_t window = byte_cursor_u16(&data);
	if (data.failed)
		return;
	e->tcp_flags = flags;
	e->window = window;
	e->has |= EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW;
}

/* `data` begins where the piece's data do, of which the header declares `length` bytes. */
static void note_piece(
	struct byte_cursor data, size_t length, const struct piece *piece, struct event *e)
{
	e->marks |= EVENT_MARK_FRAGMENT;
	e->has |= EVENT_HAS_FRAGMENT;
	e->fragment_id = piece->id;
	e->fragment_offset = piece->offset;
	e->fragment_length = saturate(length);
	e->fragment_more = piece->more;
	e->fragment_digest = digest_of(data, length);
	struct byte_cursor sent = byte_cursor_peek_part(&data, length);
	read_flags_behind(sent, piece, e);
}

static void decode_behind(struct byte_cursor *c, size_t declared, bool has_header, struct event *e)
{
	struct byte_cursor payload = byte_cursor_peek_part(c, declared);
	if (has_header)
		transport_decode(&payload, declared, e);
	else
		e->payload_length = saturate(declared);
}

/* True if a transport header may stand behind: not in a later fragment. */
static bool note_fragment(
	const struct byte_cursor *c, size_t declared, uint16_t flags_and_offset, struct event *e)
{
	const struct piece piece = {e->ip_id, (uint16_t)((flags_and_offset & IPV4_OFFSET) * 8),
		flags_and_offset & IPV4_MORE_FRAGMENTS};
	if (flags_and_offset & IPV4_DONT_FRAGMENT)
		e->marks |= EVENT_MARK_DF;
	if (piece.more || piece.offset > 0)
		note_piece(*c, declared, &piece, e);
	return piece.offset == 0;
}

bool ip_decode_v4(struct byte_cursor *c, struct event *e)
{
	size_t captured = byte_cursor_left(c);
	const uint8_t *fixed = byte_cursor_take(c, IPV4_HEADER_SIZE);
	if (!fixed || fixed[0] < 0x45 || fixed[0] > 0x4f) /* version 4, at least 5 words */
		return false;
	struct byte_cursor h = byte_cursor_over(fixed, IPV4_HEADER_SIZE);
	size_t header = (byte_cursor_u8(&h) & 0x0fu) * 4;
	byte_cursor_skip(&h, 1);
	size_t total = byte_cursor_u16(&h);
	if (total == 0)
		total = captured;
	e->length = saturate(total);
	e->ip_id = byte_cursor_u16(&h);
	uint16_t fragment = byte_cursor_u16(&h);
	e->ttl = byte_cursor_u8(&h);
	e->proto = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 2);
	e->src = addr_from_v4_bytes(byte_cursor_take(&h, 4));
	e->dst = addr_from_v4_bytes(byte_cursor_take(&h, 4));
	e->has |= EVENT_HAS_LENGTH | EVENT_HAS_IP_ID | EVENT_HAS_TTL;

	if (header > IPV4_HEADER_SIZE)
		read_ipv4_options(c, header - IPV4_HEADER_SIZE, e);
	if (total < header)
		e->marks |= EVENT_MARK_CUT;
	size_t declared = total < header ? 0 : total - header;
	bool has_header = note_fragment(c, declared, fragment, e);
	decode_behind(c, declared, has_header, e);
	return true;
}

/* All headers belong into the first piece (RFC 7112). */
static void note_piece_v6(
	struct byte_cursor data, size_t declared, const struct ipv6_chain *chain, struct event *e)
{
	const struct piece piece = {
		chain->fragment_id, chain->fragment_offset, chain->more_fragments};
	bool all_here = byte_cursor_left(&data) >= declared;
	byte_cursor_skip(&data, chain->fragment_start);
	note_piece(data, declared > chain->fragment_start ? declared - chain->fragment_start : 0,
		&piece, e);
	if (chain->is_cut && all_here && piece.offset == 0)
		e->marks |= EVENT_MARK_TINY_FRAGMENT;
}

static void decode_chain(struct byte_cursor *c, size_t declared, struct event *e)
{
	struct byte_cursor payload = byte_cursor_peek_part(c, declared);
	struct ipv6_chain chain = ipv6_chain_walk(&payload, e->proto);
	e->proto = chain.proto;
	if (chain.has_routing)
		e->ip_options |= chain.has_source_route ? EVENT_IP_OPTION_ROUTING_HEADER
							: EVENT_IP_OPTION_OTHER;
	if (chain.is_fragment)
		note_piece_v6(*c, declared, &chain, e);
	if (chain.is_cut)
		e->marks |= EVENT_MARK_CUT;
	else
		decode_behind(&payload, declared - chain.walked, !chain.is_later_fragment, e);
}

bool ip_decode_v6(struct byte_cursor *c, struct event *e)
{
	const uint8_t *fixed = byte_cursor_take(c, IPV6_HEADER_SIZE);
	if (!fixed || fixed[0] >> 4 != 6)
		return false;
	struct byte_cursor h = byte_cursor_over(fixed, IPV6_HEADER_SIZE);
	byte_cursor_skip(&h, 4);
	size_t declared = byte_cursor_u16(&h);
	if (declared == 0 && byte_cursor_left(c) > IPV6_PADDING_MAX)
		declared = byte_cursor_left(c);
	e->length = saturate(IPV6_HEADER_SIZE + declared);
	e->proto = byte_cursor_u8(&h);
	e->ttl = byte_cursor_u8(&h);
	memcpy(e->src.bytes, byte_cursor_take(&h, sizeof e->src.bytes), sizeof e->src.bytes);
	memcpy(e->dst.bytes, byte_cursor_take(&h, sizeof e->dst.bytes), sizeof e->dst.bytes);
	if (addr_is_v4(&e->src) || addr_is_v4(&e->dst))
		return false;
	e->has |= EVENT_HAS_LENGTH | EVENT_HAS_TTL;
	decode_chain(c, declared, e);
	return true;
}
