/* SPDX-License-Identifier: ISC */
#include "track/offer_table.h"

#include <string.h>

/* The door's place, or that of the longest quiet one. */
static struct offer_door *find_door(struct offer_table *t, uint64_t key)
{
	struct offer_door *bucket = t->doors[key % OFFER_BUCKETS], *victim = bucket;
	for (unsigned i = 0; i < OFFER_WAYS; i++) {
		if (bucket[i].key == key)
			return &bucket[i];
		if (bucket[i].last.us < victim->last.us)
			victim = &bucket[i];
	}
	return victim;
}

struct offer_door *offer_table_note(struct offer_table *t, uint64_t key, const struct event *e,
	const struct addr *source, struct wall_time now)
{
	struct offer_door *door = find_door(t, key);
	int64_t tick = tick_ring_tick(now);
	if (door->key != key) {
		memset(door, 0, sizeof *door);
		door->key = key;
	}
	/* What was quiet for as long as the ring reaches begins anew. */
	if (tick - door->syns.newest >= TICK_RING_TICKS)
		memset(door->sources, 0, sizeof door->sources);
	if (tick != door->syns.newest)
		door->event = *e;
	tick_ring_add(&door->syns, tick, 1);
	dossier_note_source(door->sources, source);
	door->last = now;
	return door;
}

struct offer_door *offer_table_next(struct offer_table *t, unsigned *cursor)
{
	while (*cursor < OFFER_BUCKETS * OFFER_WAYS) {
		struct offer_door *door = &t->doors[0][0] + (*cursor)++;
		if (door->key != 0)
			return door;
	}
	return NULL;
}
