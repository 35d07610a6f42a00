/* SPDX-License-Identifier: ISC */
/*
 * access_place_hash - what texts and addresses are found by (access_place_table): 64 bits of text or address, group and seed.
 *
 * The seed is new for each table, so that who chooses names and addresses to be banned cannot choose where they fall.
 * Letters in any case are the same.
 *
 * Tests: tests/unit/access/test_access_place_table.c
 */
#ifndef KW_ACCESS_ACCESS_PLACE_HASH_H
#define KW_ACCESS_ACCESS_PLACE_HASH_H

#include "access/access_text.h"
#include "base/keyed_hash.h"
#include "net/addr.h"

/*
 * A running hash, one letter after the other. What ends in a dot ("prefix.") is hashed from its front, all other texts from
 * their end, so that one walk over a name gives the hashes of all its heads, another those of all its tails.
 */
static inline uint64_t access_place_hash_letter(uint64_t running, char c)
{
	return (running ^ (unsigned char)access_text_lower(c)) * UINT64_C(0x9e3779b97f4a7c15);
}

/* In one group, from all letters; the running hash begins with the seed. */
static inline uint64_t access_place_hash_end(uint64_t running, uint32_t group)
{
	return keyed_hash_fold(running ^ UINT64_C(0xd6e8feb86659fd93), UINT64_C(2) * group + UINT64_C(0xa0761d6478bd642f));
}

static inline uint64_t access_place_hash_of_text(uint64_t seed, struct text_slice s, uint32_t group)
{
	uint64_t running = seed;
	const bool from_front = s.length > 0 && s.start[0] != '.' && s.start[s.length - 1] == '.';
	for (size_t i = 0; i < s.length; i++)
		running = access_place_hash_letter(running, s.start[from_front ? i : s.length - 1 - i]);
	return access_place_hash_end(running, group);
}

static inline uint64_t access_place_hash_of_address(uint64_t seed, const struct addr *a, uint32_t group)
{
	const uint64_t high = addr_high_word(a) ^ seed, low = addr_low_word(a) ^ UINT64_C(0x8ebc6af09c88c6e3);
	return access_place_hash_end(keyed_hash_fold(high, low) ^ low, group);
}

#endif
