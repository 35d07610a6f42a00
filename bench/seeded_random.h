/* SPDX-License-Identifier: ISC */
/*
 * seeded_random - numbers that look random and are the same on every run with the same seed.
 *
 * The mixing function is that of splitmix64 (Steele, Lea, Flood, 2014). Not for secrets.
 */
#ifndef KW_BENCH_SEEDED_RANDOM_H
#define KW_BENCH_SEEDED_RANDOM_H

#include <stdint.h>

struct seeded_random {
	uint64_t state; /* start it with the seed */
};

static inline uint64_t seeded_random_mix(uint64_t x)
{
	x += UINT64_C(0x9e3779b97f4a7c15);
	x = (x ^ (x >> 30)) * UINT64_C(0xbf58476d1ce4e5b9);
	x = (x ^ (x >> 27)) * UINT64_C(0x94d049bb133111eb);
	return x ^ (x >> 31);
}

static inline uint64_t seeded_random_next(struct seeded_random *r)
{
	return seeded_random_mix(r->state++ * UINT64_C(0x9e3779b97f4a7c15));
}

/* 0 to limit - 1; limit is above 0. The bias is far below what a benchmark can see. */
static inline uint64_t seeded_random_below(struct seeded_random *r, uint64_t limit)
{
	return seeded_random_next(r) % limit;
}

#endif
