/* SPDX-License-Identifier: ISC */
#include "packet/icmp_decode.h"

#include "net/ip_proto.h"
#include "packet/ipv6_chain.h"
#include "packet/transport_decode.h"

#include <stdint.h>

#define ICMP_HEADER_SIZE 8
#define QUOTED_V4_SIZE 20
#define QUOTED_V6_SIZE 40
#define QUOTED_PORTS_SIZE 4

static bool has_identifier(uint8_t proto, uint8_t type)
{
	if (proto == IP_PROTO_ICMPV6)
		return type == 128 || type == 129;
	/* echo, timestamp, information and mask, each with its reply */
	return type == 0 || type == 8 || (type >= 13 && type <= 18);
}

/* Returns the bytes that the ports take. */
static size_t read_quoted_ports(struct byte_cursor *c, struct event *e)
{
	if (!ip_proto_has_ports(e->quoted_proto))
		return 0;
	uint16_t src = byte_cursor_u16(c), dst = byte_cursor_u16(c);
	if (!c->failed) {
		e->quoted_src_port = src;
		e->quoted_dst_port = dst;
		e->has |= EVENT_HAS_QUOTED_PORTS;
	}
	return QUOTED_PORTS_SIZE;
}

static size_t read_quoted_v4(struct byte_cursor *c, struct event *e)
{
	const uint8_t *fixed = byte_cursor_take(c, QUOTED_V4_SIZE);
	if (!fixed)
		return QUOTED_V4_SIZE;
	if (fixed[0] < 0x45 || fixed[0] > 0x4f)
		return 0;
	struct byte_cursor h = byte_cursor_over(fixed, QUOTED_V4_SIZE);
	size_t header = (byte_cursor_u8(&h) & 0x0fu) * 4;
	byte_cursor_skip(&h, 5);
	bool is_later_fragment = (byte_cursor_u16(&h) & 0x1fff) != 0;
	byte_cursor_skip(&h, 1);
	e->quoted_proto = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 6);
	e->quoted_dst = addr_from_v4_bytes(byte_cursor_take(&h, 4));
	e->has |= EVENT_HAS_QUOTED;
	byte_cursor_skip(c, header - QUOTED_V4_SIZE);
	return header + (is_later_fragment ? 0 : read_quoted_ports(c, e));
}

static size_t read_quoted_v6(struct byte_cursor *c, struct event *e)
{
	const uint8_t *fixed = byte_cursor_take(c, QUOTED_V6_SIZE);
	if (!fixed)
		return QUOTED_V6_SIZE;
	struct byte_cursor h = byte_cursor_over(fixed, QUOTED_V6_SIZE);
	uint8_t version = byte_cursor_u8(&h) >> 4;
	byte_cursor_skip(&h, 5);
	uint8_t next = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 17);
	struct addr dst;
	memcpy(dst.bytes, byte_cursor_take(&h, sizeof dst.bytes), sizeof dst.bytes);
	if (version != 6 || addr_is_v4(&dst))
		return 0;
	struct ipv6_chain chain = ipv6_chain_walk(c, next);
	e->quoted_dst = dst;
	e->quoted_proto = chain.proto;
	e->has |= EVENT_HAS_QUOTED;
	if (chain.is_cut)
		e->marks |= EVENT_MARK_CUT;
	bool has_header = !chain.is_cut && !chain.is_later_fragment;
	return QUOTED_V6_SIZE + chain.walked + (has_header ? read_quoted_ports(c, e) : 0);
}

static void read_identifier(struct byte_cursor *c, struct event *e)
{
	uint16_t id = byte_cursor_u16(c), seq = byte_cursor_u16(c);
	if (!c->failed) {
		e->icmp_id = id;
		e->icmp_seq = seq;
	}
}

size_t icmp_decode(struct byte_cursor *c, size_t declared, struct event *e)
{
	e->payload_length = transport_decode_payload(declared, ICMP_HEADER_SIZE);
	uint8_t type = byte_cursor_u8(c), code = byte_cursor_u8(c);
	if (c->failed)
		return ICMP_HEADER_SIZE;
	e->icmp_type = type;
	e->icmp_code = code;
	e->has |= EVENT_HAS_ICMP;
	byte_cursor_skip(c, 2);
	if (has_identifier(e->proto, type))
		read_identifier(c, e);
	else
		byte_cursor_skip(c, 4);
	if (c->failed || !event_icmp_is_error(e->proto, type))
		return ICMP_HEADER_SIZE;
	return ICMP_HEADER_SIZE +
	       (e->proto == IP_PROTO_ICMPV6 ? read_quoted_v6(c, e) : read_quoted_v4(c, e));
}
