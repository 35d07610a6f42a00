/* SPDX-License-Identifier: ISC */
/*
 * cardinality - how many different things came, in a few hundred bytes (HyperLogLog).
 *
 * 2^bits registers of one byte remember the longest run of leading zeros among the hashes of their
 * class; the standard error is 1.04 / sqrt(2^bits) (Flajolet, Fusy, Gandouet, Meunier 2007), with
 * linear counting for small numbers. The registers are the caller's, all zero at first; hashes must be
 * well mixed.
 */
#ifndef KW_TRACK_CARDINALITY_H
#define KW_TRACK_CARDINALITY_H

#include <stdbool.h>
#include <stdint.h>

/* Notes one thing; true if the estimate may have moved. */
static inline bool cardinality_note(uint8_t *registers, unsigned bits, uint64_t hash)
{
	uint8_t rank = (uint8_t)(__builtin_clzll((hash << bits) | 1) + 1);
	uint8_t *reg = &registers[hash >> (64 - bits)];
	if (rank <= *reg)
		return false;
	*reg = rank;
	return true;
}

/* How many different things were noted. */
uint32_t cardinality_estimate(const uint8_t *registers, unsigned bits);

/* A finalizer that mixes any word well enough for the above (splitmix64). */
static inline uint64_t cardinality_mix(uint64_t word)
{
	word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
	return word ^ (word >> 31);
}

#endif
