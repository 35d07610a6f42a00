/* SPDX-License-Identifier: ISC */
#include "packet/tcp_decode.h"

#include "packet/tcp_options.h"
#include "packet/transport_decode.h"

#include <stdint.h>

#define TCP_HEADER_SIZE 20

/* Less than the fixed header is there. Returns the header's size in bytes, 0 if not known. */
static size_t read_cut_header(struct byte_cursor *c, struct event *e)
{
	uint16_t src_port = byte_cursor_u16(c), dst_port = byte_cursor_u16(c);
	if (c->failed)
		return 0;
	e->src_port = src_port;
	e->dst_port = dst_port;
	e->has |= EVENT_HAS_PORTS;
	uint32_t seq = byte_cursor_u32(c), ack = byte_cursor_u32(c);
	if (c->failed)
		return 0;
	e->seq = seq;
	e->ack = ack;
	e->has |= EVENT_HAS_TCP_SEQ;
	size_t header = (byte_cursor_u8(c) >> 4) * (size_t)4;
	uint8_t flags = byte_cursor_u8(c);
	if (c->failed)
		return 0;
	e->tcp_flags = flags;
	e->has |= EVENT_HAS_TCP_FLAGS;
	uint16_t window = byte_cursor_u16(c);
	if (!c->failed) {
		e->window = window;
		e->has |= EVENT_HAS_TCP_WINDOW;
	}
	return header;
}

static size_t read_whole_header(const uint8_t *fixed, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(fixed, TCP_HEADER_SIZE);
	e->src_port = byte_cursor_u16(&h);
	e->dst_port = byte_cursor_u16(&h);
	e->seq = byte_cursor_u32(&h);
	e->ack = byte_cursor_u32(&h);
	size_t header = (byte_cursor_u8(&h) >> 4) * (size_t)4;
	e->tcp_flags = byte_cursor_u8(&h);
	e->window = byte_cursor_u16(&h);
	e->has |= EVENT_HAS_PORTS | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW;
	return header;
}

size_t tcp_decode(struct byte_cursor *c, size_t declared, struct event *e)
{
	struct byte_cursor behind = *c;
	const uint8_t *fixed = byte_cursor_take(&behind, TCP_HEADER_SIZE);
	size_t header = fixed ? read_whole_header(fixed, e) : read_cut_header(c, e);
	if (header < TCP_HEADER_SIZE)
		return TCP_HEADER_SIZE;
	e->payload_length = transport_decode_payload(declared, header);
	if (fixed && byte_cursor_left(&behind) >= header - TCP_HEADER_SIZE) {
		tcp_options_read(fixed, header / 4, e);
		e->has |= EVENT_HAS_TCP_OPTIONS;
	}
	return header;
}
