/* SPDX-License-Identifier: ISC */
/*
 * visit_table - the doors that unknown sources came to lately and that are offered.
 *
 * Who comes to an offered door is a client, and nothing is kept of it. But a scanner's first probes may meet
 * offered doors, too; if it turns out to be one, these belong to its story. So the latest few such doors of
 * the latest few sources wait here. Fixed size, 40 KiB; who is pushed out has its story begin later.
 */
#ifndef KW_TRACK_VISIT_TABLE_H
#define KW_TRACK_VISIT_TABLE_H

#include "base/clock.h"
#include "track/target_set.h"

#include <stdint.h>

enum { VISIT_SLOTS = 1024, VISIT_DOORS = 3 };

#define VISIT_SPAN_S 600 /* a scan's first probes are not longer before the others */

struct visit {
	uint64_t source; /* keyed hash; 0 = free */
	uint32_t last_s;
	uint32_t count; /* doors, at most VISIT_DOORS */
	struct target doors[VISIT_DOORS];
};

struct visit_table {
	struct visit slots[VISIT_SLOTS];
};

static inline void visit_table_note(
	struct visit_table *t, uint64_t source, struct target door, uint32_t second)
{
	struct visit *v = &t->slots[source % VISIT_SLOTS];
	if (v->source != source || second - v->last_s > VISIT_SPAN_S)
		v->count = 0;
	v->source = source;
	v->last_s = second;
	for (uint32_t i = 0; i < v->count; i++) {
		if (v->doors[i].host == door.host && v->doors[i].port == door.port &&
			v->doors[i].space == door.space)
			return;
	}
	if (v->count < VISIT_DOORS)
		v->doors[v->count++] = door;
}

/* What is kept of the source, which is forgotten by it; `count` 0 if nothing. */
static inline struct visit visit_table_take(struct visit_table *t, uint64_t source, uint32_t second)
{
	struct visit *v = &t->slots[source % VISIT_SLOTS], found = *v;
	if (v->source != source || second - v->last_s > VISIT_SPAN_S)
		found.count = 0;
	else
		v->count = 0;
	return found;
}

#endif
