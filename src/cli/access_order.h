/* SPDX-License-Identifier: ISC */
/*
 * access_order - a bounded number of decisions, of which the oldest is taken first; of equal ones the first that came.
 *
 * Whoever fills it before he takes one gets them in order of time as long as none comes later than that number of
 * rows after its time. Whoever takes one when it is full keeps the latest.
 *
 * Memory: some 1.3 kB a row, of as many rows as were there at once.
 *
 * Owner: access_stream, access_log.   Tests: tests/unit/cli/test_access_order.c
 */
#ifndef KW_CLI_ACCESS_ORDER_H
#define KW_CLI_ACCESS_ORDER_H

#include "event/access_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct access_order_row {
	struct access_event event;
	uint64_t line; /* where it was read; free for the owner */
	size_t file;
};

struct access_order_key;

struct access_order {
	struct access_order_row *rows; /* owned */
	struct access_order_key *heap; /* owned: the rows that are taken, then those that are free */
	unsigned count, size, most;
	uint64_t number; /* of the next row */
};

/* `most` rows, one at least. */
void access_order_init(struct access_order *o, unsigned most);
void access_order_clear(struct access_order *o);

static inline bool access_order_is_full(const struct access_order *o)
{
	return o->count == o->most;
}

/* A row to be filled, while it is not full; it counts from access_order_put on. */
struct access_order_row *access_order_next(struct access_order *o);
void access_order_put(struct access_order *o);

/* The time of the oldest one, of one at least. */
int64_t access_order_oldest_us(const struct access_order *o);
/* The oldest one; valid until the next call. Null where there is none. */
const struct access_order_row *access_order_take(struct access_order *o);

#endif
