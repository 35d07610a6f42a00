/* SPDX-License-Identifier: ISC */
/*
 * linear_counter - about how many different hashes were noted, in 1024 bits (Whang et al. 1990).
 *
 * Right within 5 % up to 2000, then "many" (4000).
 */
#ifndef KW_TRACK_LINEAR_COUNTER_H
#define KW_TRACK_LINEAR_COUNTER_H

#include <math.h>
#include <stdint.h>

enum { LINEAR_COUNTER_WORDS = 16 };

static inline void linear_counter_note(uint64_t bits[LINEAR_COUNTER_WORDS], uint64_t hash)
{
	bits[hash >> 60] |= UINT64_C(1) << (hash >> 54 & 63);
}

static inline unsigned linear_counter_estimate(const uint64_t bits[LINEAR_COUNTER_WORDS])
{
	int set = 0;
	for (int i = 0; i < LINEAR_COUNTER_WORDS; i++)
		set += __builtin_popcountll(bits[i]);
	if (set >= 1000)
		return 4000;
	return (unsigned)(-1024.0 * log(1.0 - set / 1024.0) + 0.5);
}

#endif
