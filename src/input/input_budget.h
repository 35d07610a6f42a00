/* SPDX-License-Identifier: ISC */
/*
 * input_budget - the memory that files which are open at once may take together.
 *
 * A file takes a fixed part when it is opened, and what its packing asks for as long as it is being
 * unpacked. What would go beyond is refused, so a hostile file cannot make the process grow.
 *
 * Owner: whoever opens the files.   Tests: tests/unit/input/test_event_source.c, test_byte_stream.c
 */
#ifndef KW_INPUT_INPUT_BUDGET_H
#define KW_INPUT_INPUT_BUDGET_H

#include <stdbool.h>
#include <stdint.h>

struct input_budget {
	uint64_t most; /* bytes */
	uint64_t used;
	bool unpacks; /* somebody unpacked what takes a window of its own choice */
};

static inline uint64_t input_budget_left(const struct input_budget *b)
{
	return b->used < b->most ? b->most - b->used : 0;
}

/* False, and nothing is taken, where less is left. */
static inline bool input_budget_take(struct input_budget *b, uint64_t bytes)
{
	if (bytes > input_budget_left(b))
		return false;
	b->used += bytes;
	return true;
}

static inline void input_budget_give(struct input_budget *b, uint64_t bytes)
{
	b->used -= bytes;
}

#endif
