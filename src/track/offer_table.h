/* SPDX-License-Identifier: ISC */
/*
 * offer_table - SYNs at doors that are offered, for the few doors where many come.
 *
 * Whether many are good business or a flood is known only when they had time to become connections;
 * so the last of them is kept, to tell of it when it is over. About 70 KiB, fixed; the longest quiet
 * door of a bucket of four goes.
 */
#ifndef KW_TRACK_OFFER_TABLE_H
#define KW_TRACK_OFFER_TABLE_H

#include "event/event.h"
#include "track/dossier.h"
#include "track/tick_ring.h"

#include <stdint.h>

enum { OFFER_WAYS = 4, OFFER_BUCKETS = 32 };

struct offer_door {
	uint64_t key;     /* service_key; 0 = free */
	uint32_t dossier; /* its flood's number; 0 = none */
	struct wall_time last;
	struct tick_ring syns;
	struct event event;                         /* a recent SYN */
	uint8_t sources[1 << DOSSIER_SOURCES_BITS]; /* registers, as a group's dossier has them */
};

struct offer_table {
	struct offer_door doors[OFFER_BUCKETS][OFFER_WAYS];
};

/* Counts a SYN of `source` (as it is scored) at the door of `key` and returns the door. */
struct offer_door *offer_table_note(struct offer_table *t, uint64_t key, const struct event *e,
	const struct addr *source, struct wall_time now);

/* Walks the doors that are kept: start with *cursor = 0; null at the end. */
struct offer_door *offer_table_next(struct offer_table *t, unsigned *cursor);

#endif
