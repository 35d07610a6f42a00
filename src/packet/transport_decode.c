/* SPDX-License-Identifier: ISC */
#include "packet/transport_decode.h"

#include "net/ip_proto.h"
#include "packet/icmp_decode.h"
#include "packet/tcp_decode.h"

/* The readers return how many bytes the header takes, so that what is missing can be told. */

static void read_ports(struct byte_cursor *c, struct event *e)
{
	uint16_t src = byte_cursor_u16(c), dst = byte_cursor_u16(c);
	if (c->failed)
		return;
	e->src_port = src;
	e->dst_port = dst;
	e->has |= EVENT_HAS_PORTS;
}

/* Ports, length of header and payload, checksum (RFC 768). */
static size_t read_udp(struct byte_cursor *c, size_t declared, struct event *e)
{
	const size_t header = 8;
	read_ports(c, e);
	uint16_t length = byte_cursor_u16(c);
	byte_cursor_skip(c, 2);
	if (!c->failed) {
		bool is_sane = length >= header && length <= declared;
		e->payload_length = transport_decode_payload(is_sane ? length : declared, header);
	}
	return header;
}

/* As UDP, but where the length stood is the reach of the checksum (RFC 3828). */
static size_t read_udplite(struct byte_cursor *c, size_t declared, struct event *e)
{
	const size_t header = 8;
	read_ports(c, e);
	e->payload_length = transport_decode_payload(declared, header);
	return header;
}

/* Ports, header size in words, ...; 12 bytes at least (RFC 4340, 5.1). */
static size_t read_dccp(struct byte_cursor *c, size_t declared, struct event *e)
{
	const size_t header_min = 12;
	read_ports(c, e);
	size_t header = byte_cursor_u8(c) * (size_t)4;
	if (!c->failed && header >= header_min)
		e->payload_length = transport_decode_payload(declared, header);
	return header_min;
}

/* Ports, verification tag (4), checksum (4); then chunks, each beginning with its type (RFC 9260).
 */
static size_t read_sctp(struct byte_cursor *c, size_t declared, struct event *e)
{
	const size_t header = 12;
	read_ports(c, e);
	e->payload_length = transport_decode_payload(declared, header);
	if (declared <= header)
		return header;
	byte_cursor_skip(c, 8);
	uint8_t chunk = byte_cursor_u8(c);
	if (!c->failed) {
		e->sctp_chunk = chunk;
		e->has |= EVENT_HAS_SCTP_CHUNK;
	}
	return header + 1;
}

static void note_missing(size_t captured, size_t declared, size_t needed, struct event *e)
{
	bool is_tiny = (e->marks & EVENT_MARK_FRAGMENT) && declared < needed;
	if (is_tiny)
		e->marks |= EVENT_MARK_TINY_FRAGMENT;
	if (!is_tiny || captured < declared)
		e->marks |= EVENT_MARK_CUT;
}

static size_t read_header(struct byte_cursor *c, size_t declared, struct event *e)
{
	switch (e->proto) {
	case IP_PROTO_TCP:
		return tcp_decode(c, declared, e);
	case IP_PROTO_UDP:
		return read_udp(c, declared, e);
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		return icmp_decode(c, declared, e);
	case IP_PROTO_SCTP:
		return read_sctp(c, declared, e);
	case IP_PROTO_DCCP:
		return read_dccp(c, declared, e);
	case IP_PROTO_UDPLITE:
		return read_udplite(c, declared, e);
	default:
		e->payload_length = transport_decode_payload(declared, 0);
		return 0;
	}
}

void transport_decode(struct byte_cursor *c, size_t declared, struct event *e)
{
	size_t captured = byte_cursor_left(c);
	size_t needed = read_header(c, declared, e);
	if (captured < needed)
		note_missing(captured, declared, needed, e);
}
