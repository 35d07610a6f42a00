/* SPDX-License-Identifier: ISC */
/*
 * access_window - how many ran in a span of time, and how many did not: counted in memory that several processes share.
 *
 * A window begins with the first that comes after the one before is over; the first `count` within it are admitted, the
 * others are counted. That number is what a log needs to say once what happened a thousand times (access_limit_pace
 * does not have it).
 *
 * The memory is as that of access_limit: a shared mapping, zero bytes are an empty table, one compare-and-swap a change, and
 * any bytes in it are safe. Keys that clients can make are kept apart from those that only tables can make: a flood of sources
 * pushes out other sources, never the bound of all of them together. Full: of a bucket's windows the oldest gives way,
 * so that at the worst one more is admitted.
 *
 * Tests: tests/unit/access/test_access_window.c
 */
#ifndef KW_ACCESS_ACCESS_WINDOW_H
#define KW_ACCESS_ACCESS_WINDOW_H

#include "access/access_limit.h"

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_WINDOW_BYTES (ACCESS_LIMIT_HEAD_BYTES + (264u << 10)) /* 16384 sources, 512 rules */

enum {
	ACCESS_WINDOW_COUNT_MAX = 1000,
	ACCESS_WINDOW_BEYOND_MAX = 16383, /* counted no further */
};

enum access_window_table {
	ACCESS_WINDOW_SOURCES, /* a key that follows from a client's address */
	ACCESS_WINDOW_RULES,   /* one that does not */
};

struct access_window {
	enum access_window_table table;
	struct access_limit_key key;
	unsigned count;   /* admitted in a window; at most ACCESS_WINDOW_COUNT_MAX; 0: none, they are only counted */
	uint64_t span_ms; /* of a window */
};

/* One comes at `now_ms` (a clock that does not jump): true if it is admitted. `*beyond`: if not, how many were not in this
 * window, this one included; if it began a window, how many were not in the last one; else 0. */
bool access_window_take(void *memory, const struct access_window *w, uint64_t now_ms, unsigned *beyond);

/* The last one that was admitted did not run after all: another may, in the same window. */
void access_window_give_back(void *memory, const struct access_window *w);

#endif
