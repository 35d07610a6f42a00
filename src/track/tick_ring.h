/* SPDX-License-Identifier: ISC */
/*
 * tick_ring - how much came in each quarter of a second, for the last eight seconds.
 *
 * Embedded, without heap. What is older than the ring is forgotten, and what comes for a tick that is
 * forgotten does not count.
 */
#ifndef KW_TRACK_TICK_RING_H
#define KW_TRACK_TICK_RING_H

#include "base/clock.h"

#include <stdint.h>

#define TICK_RING_TICK_US INT64_C(250000)
enum { TICK_RING_TICKS = 32 };

struct tick_ring {
	int64_t newest;
	uint32_t counts[TICK_RING_TICKS]; /* saturate */
};

static inline int64_t tick_ring_tick(struct wall_time t)
{
	return t.us / TICK_RING_TICK_US;
}

static inline void tick_ring_add(struct tick_ring *r, int64_t tick, uint32_t count)
{
	int64_t ahead = tick - r->newest;
	if (ahead <= -TICK_RING_TICKS)
		return;
	for (int64_t i = 1; i <= ahead && i <= TICK_RING_TICKS; i++)
		r->counts[(r->newest + i) % TICK_RING_TICKS] = 0;
	if (ahead > 0)
		r->newest = tick;
	uint32_t *c = &r->counts[tick % TICK_RING_TICKS];
	*c = count > UINT32_MAX - *c ? UINT32_MAX : *c + count;
}

/* How much came from tick `first` to tick `last`, both included. */
static inline uint64_t tick_ring_sum(const struct tick_ring *r, int64_t first, int64_t last)
{
	uint64_t sum = 0;
	if (first <= r->newest - TICK_RING_TICKS)
		first = r->newest - TICK_RING_TICKS + 1;
	for (int64_t i = first < 0 ? 0 : first; i <= last && i <= r->newest; i++)
		sum += r->counts[i % TICK_RING_TICKS];
	return sum;
}

#endif
