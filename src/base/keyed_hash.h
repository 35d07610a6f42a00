/* SPDX-License-Identifier: ISC */
/*
 * keyed_hash - spreads attacker-chosen keys over tables in a way the attacker cannot predict.
 *
 * The key is drawn once at start from the kernel's random numbers. Two folded 64x64 -> 128 bit
 * multiplications (the construction of wyhash's final mix) cost about 2 ns, where SipHash-1-3 costs
 * about 15: this runs twice for every packet. Collisions are not impossible to find with the key
 * known, but the key never leaves the process, and every table here has a fixed number of ways, so
 * the worst a collision does is to evict. Not for anything that must be secret or stable.
 */
#ifndef KW_BASE_KEYED_HASH_H
#define KW_BASE_KEYED_HASH_H

#include <stdint.h>

struct keyed_hash {
	uint64_t key[3]; /* odd, random */
};

/* Draws a random key; ends the program if the kernel has no random numbers. */
void keyed_hash_init(struct keyed_hash *h);

/* A key that follows from `seed`, for tests and benchmarks that must repeat themselves. */
void keyed_hash_init_seeded(struct keyed_hash *h, uint64_t seed);

static inline uint64_t keyed_hash_fold(uint64_t a, uint64_t b)
{
	__extension__ typedef unsigned __int128 wide;
	wide product = (wide)a * b;
	return (uint64_t)product ^ (uint64_t)(product >> 64);
}

static inline uint64_t keyed_hash_pair(const struct keyed_hash *h, uint64_t a, uint64_t b)
{
	uint64_t mixed = keyed_hash_fold(a ^ h->key[0], b ^ h->key[1]);
	return keyed_hash_fold(mixed ^ a, h->key[2]);
}

#endif
