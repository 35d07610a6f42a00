/* SPDX-License-Identifier: ISC */
/*
 * access_sum - a number of 64 bits over a piece of an index, which accidents do not leave the same.
 *
 * One flipped bit, and any change inside one aligned word of 8 bytes, always changes it: every step is one to one. Other changes
 * go unseen once in 2^64. No signature: who may write the file may write the sums. `seed` and `index` are those of
 * the image and of the piece in it, so that a piece of another image, or of another place, does not fit.
 *
 * Four chains side by side: 512 bytes take some 50 ns.
 *
 * Tests: tests/unit/access/test_access_sum.c
 */
#ifndef KW_ACCESS_ACCESS_SUM_H
#define KW_ACCESS_ACCESS_SUM_H

#include <stddef.h>
#include <stdint.h>
#include <string.h>

enum { ACCESS_SUM_BLOCK = 32 }; /* bytes taken at a time */

static inline uint64_t access_sum_step(uint64_t sum, uint64_t word)
{
	sum = (sum ^ word) * UINT64_C(0x9e3779b97f4a7c15);
	return sum ^ sum >> 32;
}

/* `length` is a multiple of 32. */
static inline uint64_t access_sum_of(const void *bytes, size_t length, uint64_t seed, uint64_t index)
{
	uint64_t chain[4] = {seed, index, seed ^ 1, index ^ 1};
	for (const char *at = bytes, *end = at + length; at < end; at += ACCESS_SUM_BLOCK) {
		uint64_t word[4];
		memcpy(word, at, sizeof word);
		for (unsigned i = 0; i < 4; i++)
			chain[i] = access_sum_step(chain[i], word[i]);
	}
	for (unsigned i = 1; i < 4; i++)
		chain[0] = access_sum_step(chain[0], chain[i]);
	return chain[0];
}

#endif
