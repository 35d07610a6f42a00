/* SPDX-License-Identifier: ISC */
#include "packet/tcp_decode.h"

#include "packet/transport_decode.h"

#include <stdint.h>

#define TCP_HEADER_SIZE 20

enum tcp_option {
	TCP_OPTION_END = 0,
	TCP_OPTION_NOP = 1,
	TCP_OPTION_MSS = 2,
	TCP_OPTION_WSCALE = 3,
	TCP_OPTION_LAYOUT_OTHER = 14, /* this kind and all above share one digit of the layout */
};

#define LAYOUT_BITS 64

static void read_option_value(uint8_t kind, const uint8_t *value, size_t size, struct event *e)
{
	struct byte_cursor v = byte_cursor_over(value, size);
	if (kind == TCP_OPTION_MSS && size == 2)
		e->tcp_mss = byte_cursor_u16(&v);
	else if (kind == TCP_OPTION_WSCALE && size == 1)
		e->tcp_wscale = byte_cursor_u8(&v);
}

/* Ends at the first option that lies about its size; what stood before it counts. By index, for this loop
 * is a fifth of what a SYN costs to read: kind and size are checked against the end once an option. */
static void read_options(const uint8_t *list, size_t size, struct event *e)
{
	uint64_t layout = 0;
	unsigned shift = 0;
	for (size_t at = 0, step = 1; at < size; at += step) {
		uint8_t kind = list[at];
		if (shift < LAYOUT_BITS) {
			uint64_t digit = kind < TCP_OPTION_LAYOUT_OTHER ? kind + 1u : 15u;
			layout |= digit << shift;
			shift += 4;
		}
		step = 1;
		if (kind == TCP_OPTION_END)
			break;
		if (kind == TCP_OPTION_NOP)
			continue;
		if (size - at < 2 || list[at + 1] < 2 || list[at + 1] > size - at)
			break;
		step = list[at + 1];
		read_option_value(kind, list + at + 2, step - 2, e);
	}
	e->tcp_option_layout = layout;
	e->has |= EVENT_HAS_TCP_OPTIONS;
}

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
	const uint8_t *list = fixed ? byte_cursor_take(&behind, header - TCP_HEADER_SIZE) : NULL;
	if (list)
		read_options(list, header - TCP_HEADER_SIZE, e);
	return header;
}
