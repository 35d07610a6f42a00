/* SPDX-License-Identifier: ISC */
/*
 * access_queue - decisions of TCP wrappers between those who hear them and those who pass them on.
 *
 * A source of events hears packets and decisions mixed. Events it hands out at once; the longer decisions wait here
 * for who keeps them. Bounded: a source that finds no place stops reading, so that nothing is lost here.
 *
 * Tests: tests/unit/event/test_access_event.c
 */
#ifndef KW_EVENT_ACCESS_QUEUE_H
#define KW_EVENT_ACCESS_QUEUE_H

#include "event/access_event.h"

#define ACCESS_QUEUE_MOST 128 /* some 150 KiB */

struct access_queue {
	unsigned first, count; /* the oldest one, and how many wait */
	struct access_event list[ACCESS_QUEUE_MOST];
};

static inline bool access_queue_is_full(const struct access_queue *q)
{
	return q->count == ACCESS_QUEUE_MOST;
}

static inline unsigned access_queue_room(const struct access_queue *q)
{
	return ACCESS_QUEUE_MOST - q->count;
}

/* The place of the next one, cleared; null where there is none. */
static inline struct access_event *access_queue_add(struct access_queue *q)
{
	if (access_queue_is_full(q))
		return NULL;
	struct access_event *a = &q->list[(q->first + q->count++) % ACCESS_QUEUE_MOST];
	access_event_clear(a);
	return a;
}

/* The oldest one, which stays valid until the next is added; null if none waits. */
static inline const struct access_event *access_queue_take(struct access_queue *q)
{
	if (q->count == 0)
		return NULL;
	const struct access_event *a = &q->list[q->first];
	q->first = (q->first + 1) % ACCESS_QUEUE_MOST;
	q->count--;
	return a;
}

#endif
