/* SPDX-License-Identifier: ISC */
#include "capture_bytes.h"

#include <assert.h>
#include <string.h>

void capture_bytes_add(struct capture_bytes *c, const void *bytes, size_t size)
{
	assert(size <= CAPTURE_BYTES_MAX - c->size);
	memcpy(c->bytes + c->size, bytes, size);
	c->size += size;
}

void capture_bytes_add_u16(struct capture_bytes *c, uint16_t v)
{
	uint8_t low = (uint8_t)v, high = (uint8_t)(v >> 8);
	capture_bytes_add(c, c->big ? (uint8_t[]){high, low} : (uint8_t[]){low, high}, 2);
}

void capture_bytes_add_u32(struct capture_bytes *c, uint32_t v)
{
	capture_bytes_add_u16(c, (uint16_t)(c->big ? v >> 16 : v));
	capture_bytes_add_u16(c, (uint16_t)(c->big ? v : v >> 16));
}

void capture_bytes_frame(uint8_t out[CAPTURE_BYTES_FRAME], uint16_t number)
{
	static const uint8_t frame[CAPTURE_BYTES_FRAME] = {2, 0, 0, 0, 0, 2, 2, 0, 0, 0, 0, 1, 8, 0,
		0x45, 0, 0, 40, 0, 1, 0x40, 0, 64, 6, 0, 0, 192, 0, 2, 1, 203, 0, 113, 5, 0, 0, 0,
		0, 0, 0, 0, 9, 0, 0, 0, 0, 0x50, 0x02, 4, 0, 0, 0, 0, 0};
	uint16_t from = (uint16_t)(40000 + number);
	memcpy(out, frame, sizeof frame);
	out[34] = (uint8_t)(from >> 8);
	out[35] = (uint8_t)from;
	out[36] = (uint8_t)(number >> 8);
	out[37] = (uint8_t)number;
}

void capture_bytes_pcap_head(struct capture_bytes *c, uint32_t magic, uint32_t linktype)
{
	capture_bytes_add_u32(c, magic);
	capture_bytes_add_u16(c, 2);
	capture_bytes_add_u16(c, 4);
	capture_bytes_add_u32(c, 0);
	capture_bytes_add_u32(c, 0);
	capture_bytes_add_u32(c, 65535);
	capture_bytes_add_u32(c, linktype);
}

void capture_bytes_pcap_record(
	struct capture_bytes *c, uint32_t seconds, uint32_t fraction, uint16_t number)
{
	uint8_t frame[CAPTURE_BYTES_FRAME];
	capture_bytes_frame(frame, number);
	capture_bytes_add_u32(c, seconds);
	capture_bytes_add_u32(c, fraction);
	capture_bytes_add_u32(c, sizeof frame);
	capture_bytes_add_u32(c, sizeof frame);
	capture_bytes_add(c, frame, sizeof frame);
}

void capture_bytes_ng_head(struct capture_bytes *c)
{
	capture_bytes_add_u32(c, 0x0a0d0d0a);
	capture_bytes_add_u32(c, 28);
	capture_bytes_add_u32(c, 0x1a2b3c4d);
	capture_bytes_add_u16(c, 1);
	capture_bytes_add_u16(c, 0);
	capture_bytes_add_u32(c, UINT32_MAX); /* length of the section: unknown */
	capture_bytes_add_u32(c, UINT32_MAX);
	capture_bytes_add_u32(c, 28);
}

void capture_bytes_ng_interface(struct capture_bytes *c, uint16_t linktype, uint8_t digits)
{
	capture_bytes_add_u32(c, 1);
	capture_bytes_add_u32(c, 32);
	capture_bytes_add_u16(c, linktype);
	capture_bytes_add_u16(c, 0);
	capture_bytes_add_u32(c, 65535);
	capture_bytes_add_u16(c, 9); /* if_tsresol */
	capture_bytes_add_u16(c, 1);
	capture_bytes_add(c, (uint8_t[]){digits, 0, 0, 0}, 4);
	capture_bytes_add_u32(c, 0); /* end of options */
	capture_bytes_add_u32(c, 32);
}

void capture_bytes_ng_packet(
	struct capture_bytes *c, uint32_t interface, uint64_t stamp, uint16_t number)
{
	uint8_t frame[CAPTURE_BYTES_FRAME + 2] = {0}; /* padded to a multiple of four */
	capture_bytes_frame(frame, number);
	const uint32_t length = 32 + sizeof frame;
	capture_bytes_add_u32(c, 6);
	capture_bytes_add_u32(c, length);
	capture_bytes_add_u32(c, interface);
	capture_bytes_add_u32(c, (uint32_t)(stamp >> 32));
	capture_bytes_add_u32(c, (uint32_t)stamp);
	capture_bytes_add_u32(c, CAPTURE_BYTES_FRAME);
	capture_bytes_add_u32(c, CAPTURE_BYTES_FRAME);
	capture_bytes_add(c, frame, sizeof frame);
	capture_bytes_add_u32(c, length);
}
