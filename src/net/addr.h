/* SPDX-License-Identifier: ISC */
/*
 * addr - one type for IPv4 and IPv6 addresses, passed by value.
 *
 * Sixteen bytes in network order; IPv4 stands as ::ffff:a.b.c.d (RFC 4291, 2.5.5.2), so one
 * comparison and one hash serve both families. All bytes zero (the unspecified IPv6 address) doubles
 * as "no address".
 */
#ifndef KW_NET_ADDR_H
#define KW_NET_ADDR_H

#include <endian.h>
#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct addr {
	uint8_t bytes[16];
};

struct addr_text {
	char text[48]; /* longest: 39 characters of IPv6 */
};

static inline struct addr addr_from_v4(uint32_t host_order)
{
	return (struct addr){{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, (uint8_t)(host_order >> 24),
		(uint8_t)(host_order >> 16), (uint8_t)(host_order >> 8), (uint8_t)host_order}};
}

static inline void addr_set_v4(struct addr *a, const uint8_t four[4])
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	memcpy(a->bytes, mapped, sizeof mapped);
	memcpy(a->bytes + sizeof mapped, four, 4);
}

static inline struct addr addr_from_v4_bytes(const uint8_t four[4])
{
	struct addr a;
	addr_set_v4(&a, four);
	return a;
}

/* The upper and lower eight bytes as they lie in memory: for hashing and comparing only. */
static inline uint64_t addr_high_word(const struct addr *a)
{
	uint64_t w;
	memcpy(&w, a->bytes, 8);
	return w;
}

static inline uint64_t addr_low_word(const struct addr *a)
{
	uint64_t w;
	memcpy(&w, a->bytes + 8, 8);
	return w;
}

static inline bool addr_is_v4(const struct addr *a)
{
	return addr_high_word(a) == 0 && be64toh(addr_low_word(a)) >> 32 == 0xffff;
}

static inline uint32_t addr_v4(const struct addr *a)
{
	return (uint32_t)a->bytes[12] << 24 | (uint32_t)a->bytes[13] << 16 |
	       (uint32_t)a->bytes[14] << 8 | a->bytes[15];
}

static inline bool addr_equal(const struct addr *a, const struct addr *b)
{
	return addr_high_word(a) == addr_high_word(b) && addr_low_word(a) == addr_low_word(b);
}

static inline bool addr_is_none(const struct addr *a)
{
	return (addr_high_word(a) | addr_low_word(a)) == 0;
}

/* Order for sorting: byte by byte, IPv4 (mapped) before most IPv6. */
static inline int addr_compare(const struct addr *a, const struct addr *b)
{
	uint64_t left = be64toh(addr_high_word(a)), right = be64toh(addr_high_word(b));
	if (left == right) {
		left = be64toh(addr_low_word(a));
		right = be64toh(addr_low_word(b));
	}
	return (left > right) - (left < right);
}

/* 224.0.0.0/4, ff00::/8. */
static inline bool addr_is_multicast(const struct addr *a)
{
	return addr_is_v4(a) ? a->bytes[12] >> 4 == 0xe : a->bytes[0] == 0xff;
}

/* 255.255.255.255 only; directed broadcast needs to know the prefix of the link. */
static inline bool addr_is_limited_broadcast(const struct addr *a)
{
	return addr_is_v4(a) && addr_v4(a) == UINT32_MAX;
}

/* 127.0.0.0/8, ::1. */
bool addr_is_loopback(const struct addr *a);
/* fe80::/10, 169.254.0.0/16. */
bool addr_is_link_local(const struct addr *a);

/* Dotted quad for IPv4, RFC 5952 for IPv6, "-" for no address. */
struct addr_text addr_to_text(const struct addr *a);

/*
 * Reads an address that fills text[0..length) exactly. Dotted quads need four decimal parts
 * without leading zeros; IPv6 as RFC 4291, 2.2, without a zone. False leaves `out` untouched.
 */
bool addr_parse(const char *text, size_t length, struct addr *out);

/* Reads a dotted quad, by the same rule, at the beginning of the text. Returns what stands behind it,
 * or null (and leaves `out` untouched) if there is none. */
const char *addr_read_v4(const char *text, const char *end, struct addr *out);

#endif
