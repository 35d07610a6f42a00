/* SPDX-License-Identifier: ISC */
/*
 * clock_now - what the system's clocks say. Only cli/, daemon/ and sensor/ ask; every other room is told.
 */
#ifndef KW_BASE_CLOCK_NOW_H
#define KW_BASE_CLOCK_NOW_H

#include "base/clock.h"

#include <time.h>

/* May jump. */
static inline struct wall_time clock_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return wall_time_from_parts(t.tv_sec, t.tv_nsec / 1000);
}

/* Microseconds of any other clock: CLOCK_MONOTONIC, CLOCK_BOOTTIME, ... */
static inline int64_t clock_now_us(clockid_t clock)
{
	struct timespec t;
	clock_gettime(clock, &t);
	return (int64_t)t.tv_sec * CLOCK_US_PER_S + t.tv_nsec / 1000;
}

/* Milliseconds of a clock that only goes forward, and not while the machine sleeps. */
static inline int64_t clock_now_monotonic_ms(void)
{
	return clock_now_us(CLOCK_MONOTONIC) / 1000;
}

#endif
