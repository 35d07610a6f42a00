/* SPDX-License-Identifier: ISC */
/*
 * port_bits - the distinct ports among a few hundred targets, in order.
 *
 * A bit for each port of each space that has ports. A second storey of bits tells which words were ever
 * set, so that only these are cleared and read: made for the stack, 24 KiB, of which little is touched.
 * Private to target_set.   Tests: tests/unit/track/test_port_bits.c
 */
#ifndef KW_TRACK_PORT_BITS_H
#define KW_TRACK_PORT_BITS_H

#include "track/target_set.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

enum { PORT_BITS_WORDS = (TARGET_SCTP + 1) * 65536 / 64 };

struct port_bits {
	uint64_t used[PORT_BITS_WORDS / 64];
	uint64_t words[PORT_BITS_WORDS]; /* unset where `used` has no bit */
};

/* The key of a port: the order of keys is that of (space, port). */
static inline uint32_t port_bits_key(uint8_t space, uint16_t port)
{
	return (uint32_t)space << 16 | port;
}

static inline void port_bits_clear(struct port_bits *b)
{
	memset(b->used, 0, sizeof b->used);
}

/* True if the port was not there. The space is TARGET_SCTP at most. */
static inline bool port_bits_add(struct port_bits *b, uint32_t key)
{
	uint32_t word = key / 64;
	uint64_t mark = UINT64_C(1) << word % 64, bit = UINT64_C(1) << key % 64;
	uint64_t before = b->used[word / 64] & mark ? b->words[word] : 0;
	b->used[word / 64] |= mark;
	b->words[word] = before | bit;
	return !(before & bit);
}

/* The first port at or above *key; false if there is none. */
static inline bool port_bits_next(const struct port_bits *b, uint32_t *key)
{
	uint32_t word = *key / 64;
	while (word < PORT_BITS_WORDS) {
		uint64_t marks = b->used[word / 64] >> word % 64;
		if (marks == 0) {
			word = (word / 64 + 1) * 64;
			*key = word * 64;
			continue;
		}
		uint32_t skip = (uint32_t)__builtin_ctzll(marks);
		if (skip > 0)
			*key = (word + skip) * 64;
		word += skip;
		uint64_t left = b->words[word] >> *key % 64;
		if (left != 0) {
			*key += (uint32_t)__builtin_ctzll(left);
			return true;
		}
		*key = ++word * 64;
	}
	return false;
}

#endif
