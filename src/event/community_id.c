/* SPDX-License-Identifier: ISC */
/*
 * The bytes that are hashed, at most 40, so that SHA-1 (FIPS 180-4) needs one block of 64 only:
 *
 *     seed 2 | address 4 or 16 | address 4 or 16 | protocol 1 | zero 1 | port 2 | port 2
 *
 * The smaller (address, port) goes first. Protocols without ports end behind the zero.
 */
#include "event/community_id.h"

#include "net/ip_proto.h"

#include <string.h>

enum {
	BLOCK_BYTES = 64,
	MESSAGE_MAX = 40,
};

static uint32_t rotate(uint32_t x, int n)
{
	return x << n | x >> (32 - n);
}

/* Pads `length` (at most 55) bytes to one block as FIPS 180-4, 5.1.1, and spreads it to 80 words.
 */
static void fill_schedule(uint32_t w[80], const uint8_t *message, size_t length)
{
	uint8_t block[BLOCK_BYTES] = {0};
	memcpy(block, message, length);
	block[length] = 0x80;
	block[62] = (uint8_t)(length * 8 >> 8);
	block[63] = (uint8_t)(length * 8);
	for (int i = 0; i < 16; i++)
		w[i] = (uint32_t)block[4 * i] << 24 | (uint32_t)block[4 * i + 1] << 16 |
		       (uint32_t)block[4 * i + 2] << 8 | block[4 * i + 3];
	for (int i = 16; i < 80; i++)
		w[i] = rotate(w[i - 3] ^ w[i - 8] ^ w[i - 14] ^ w[i - 16], 1);
}

static uint32_t mix_round(int i, uint32_t b, uint32_t c, uint32_t d)
{
	if (i < 20)
		return ((b & c) | (~b & d)) + 0x5a827999;
	if (i < 40)
		return (b ^ c ^ d) + 0x6ed9eba1;
	if (i < 60)
		return ((b & c) | (b & d) | (c & d)) + 0x8f1bbcdc;
	return (b ^ c ^ d) + 0xca62c1d6;
}

static void sha1_one_block(const uint8_t *message, size_t length, uint8_t digest[20])
{
	static const uint32_t start[5] = {
		0x67452301, 0xefcdab89, 0x98badcfe, 0x10325476, 0xc3d2e1f0};
	uint32_t w[80], h[5];
	fill_schedule(w, message, length);
	memcpy(h, start, sizeof h);
	for (int i = 0; i < 80; i++) {
		uint32_t next = rotate(h[0], 5) + mix_round(i, h[1], h[2], h[3]) + h[4] + w[i];
		h[4] = h[3];
		h[3] = h[2];
		h[2] = rotate(h[1], 30);
		h[1] = h[0];
		h[0] = next;
	}
	for (int i = 0; i < 20; i++)
		digest[i] = (uint8_t)((h[i / 4] + start[i / 4]) >> (24 - i % 4 * 8));
}

/* Base 64 (RFC 4648) of the 20 bytes: 27 characters and one '='. */
static void write_base64(const uint8_t digest[20], char *out)
{
	static const char letters[] =
		"ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789+/";
	for (int i = 0; i < 21; i += 3) {
		uint32_t last = i + 2 < 20 ? digest[i + 2] : 0;
		uint32_t v = (uint32_t)digest[i] << 16 | (uint32_t)digest[i + 1] << 8 | last;
		*out++ = letters[v >> 18];
		*out++ = letters[v >> 12 & 63];
		*out++ = letters[v >> 6 & 63];
		*out++ = letters[v & 63];
	}
	out[-1] = '=';
	*out = '\0';
}

/* Types of ICMP (RFC 792, 950, 1256) and ICMPv6 (RFC 4443, 2710, 4861, 4620, 6275) that answer each
 * other: their flow has two ends. All others go one way. */
static const struct {
	uint8_t proto, type, counterpart;
} icmp_pairs[] = {
	{IP_PROTO_ICMP, 8, 0},
	{IP_PROTO_ICMP, 0, 8},
	{IP_PROTO_ICMP, 13, 14},
	{IP_PROTO_ICMP, 14, 13},
	{IP_PROTO_ICMP, 15, 16},
	{IP_PROTO_ICMP, 16, 15},
	{IP_PROTO_ICMP, 10, 9},
	{IP_PROTO_ICMP, 9, 10},
	{IP_PROTO_ICMP, 17, 18},
	{IP_PROTO_ICMP, 18, 17},
	{IP_PROTO_ICMPV6, 128, 129},
	{IP_PROTO_ICMPV6, 129, 128},
	{IP_PROTO_ICMPV6, 133, 134},
	{IP_PROTO_ICMPV6, 134, 133},
	{IP_PROTO_ICMPV6, 135, 136},
	{IP_PROTO_ICMPV6, 136, 135},
	{IP_PROTO_ICMPV6, 130, 131},
	{IP_PROTO_ICMPV6, 131, 130},
	{IP_PROTO_ICMPV6, 144, 145},
	{IP_PROTO_ICMPV6, 145, 144},
	{IP_PROTO_ICMPV6, 139, 140},
	{IP_PROTO_ICMPV6, 140, 139},
};

struct flow_ends {
	bool has_ports; /* src and dst are hashed */
	bool one_way;   /* the sender goes first, whatever its address */
	uint16_t src, dst;
};

static struct flow_ends ends_of_icmp(const struct event *e)
{
	for (size_t i = 0; i < sizeof icmp_pairs / sizeof icmp_pairs[0]; i++) {
		if (icmp_pairs[i].proto == e->proto && icmp_pairs[i].type == e->icmp_type)
			return (struct flow_ends){
				true, false, e->icmp_type, icmp_pairs[i].counterpart};
	}
	return (struct flow_ends){true, true, e->icmp_type, e->icmp_code};
}

/* False where the protocol has ends that the event does not tell. */
static bool find_ends(const struct event *e, struct flow_ends *out)
{
	switch (e->proto) {
	case IP_PROTO_TCP:
	case IP_PROTO_UDP:
	case IP_PROTO_SCTP:
		*out = (struct flow_ends){true, false, e->src_port, e->dst_port};
		return e->has & EVENT_HAS_PORTS;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		*out = ends_of_icmp(e);
		return e->has & EVENT_HAS_ICMP;
	default:
		*out = (struct flow_ends){false, false, 0, 0};
		return true;
	}
}

static size_t put_bytes(uint8_t *message, size_t at, const void *bytes, size_t length)
{
	memcpy(message + at, bytes, length);
	return at + length;
}

bool community_id_of_event(const struct event *e, struct community_id *out)
{
	struct flow_ends ends;
	bool v4 = addr_is_v4(&e->src);
	if (addr_is_none(&e->src) || addr_is_none(&e->dst) || v4 != addr_is_v4(&e->dst) ||
		!find_ends(e, &ends))
		return false;
	int order = addr_compare(&e->src, &e->dst);
	bool swap = !ends.one_way && (order > 0 || (order == 0 && ends.src > ends.dst));
	const struct addr *low = swap ? &e->dst : &e->src, *high = swap ? &e->src : &e->dst;
	uint16_t first = swap ? ends.dst : ends.src, second = swap ? ends.src : ends.dst;
	size_t skip = v4 ? 12 : 0;
	uint8_t message[MESSAGE_MAX] = {0}, digest[20];
	size_t at = put_bytes(message, 2, low->bytes + skip, 16 - skip);
	at = put_bytes(message, at, high->bytes + skip, 16 - skip);
	at = put_bytes(message, at, (const uint8_t[]){e->proto, 0}, 2);
	if (ends.has_ports)
		at = put_bytes(message, at,
			(const uint8_t[]){(uint8_t)(first >> 8), (uint8_t)first,
				(uint8_t)(second >> 8), (uint8_t)second},
			4);
	sha1_one_block(message, at, digest);
	memcpy(out->text, "1:", 2);
	write_base64(digest, out->text + 2);
	return true;
}
