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

/* How many different things were noted; a walk over all registers. */
uint32_t cardinality_estimate(const uint8_t *registers, unsigned bits);

/* What the estimate needs of its registers, kept while they change: for those who ask often. */
struct cardinality {
	uint64_t sum : 53;   /* of 2^-register, in units of CARDINALITY_ONE */
	uint64_t zeros : 11; /* registers that are 0; there are 1024 at most */
};

/* Longer runs of zeros than 42 weigh nothing, and hardly come in four billion things. */
#define CARDINALITY_ONE (UINT64_C(1) << 42)
#define CARDINALITY_SUM_MASK ((UINT64_C(1) << 53) - 1)
#define CARDINALITY_ZEROS_MASK 0x7ffu

/* Of registers that are all zero; `bits` is 10 at most. */
static inline struct cardinality cardinality_start(unsigned bits)
{
	return (struct cardinality){.sum = (CARDINALITY_ONE << bits) & CARDINALITY_SUM_MASK,
		.zeros = (1u << bits) & CARDINALITY_ZEROS_MASK};
}

/* What a register adds to the sum. */
static inline uint64_t cardinality_part(uint8_t rank)
{
	return rank < 64 ? CARDINALITY_ONE >> rank : 0;
}

/* As cardinality_note, and keeps `c` in step. */
static inline bool cardinality_count(
	struct cardinality *c, uint8_t *registers, unsigned bits, uint64_t hash)
{
	const uint8_t *reg = &registers[hash >> (64 - bits)];
	uint8_t before = *reg;
	if (!cardinality_note(registers, bits, hash))
		return false;
	uint64_t less = cardinality_part(before) - cardinality_part(*reg);
	c->sum = (c->sum - less) & CARDINALITY_SUM_MASK;
	if (before == 0)
		c->zeros = (c->zeros - 1u) & CARDINALITY_ZEROS_MASK;
	return true;
}

/* Of registers that were filled in another way. */
struct cardinality cardinality_sum_up(const uint8_t *registers, unsigned bits);
/* The same as cardinality_estimate of the registers that belong to `c`. */
uint32_t cardinality_read(struct cardinality c, unsigned bits);

/* A finalizer that mixes any word well enough for the above (splitmix64). */
static inline uint64_t cardinality_mix(uint64_t word)
{
	word = (word ^ (word >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	word = (word ^ (word >> 27)) * UINT64_C(0x94d049bb133111eb);
	return word ^ (word >> 31);
}

#endif
