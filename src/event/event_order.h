/* SPDX-License-Identifier: ISC */
/*
 * event_order - events of several inputs, put in order of time.
 *
 * By merging, so that the cost grows with count * log(count) however the inputs overlap: what comes in
 * is somebody else's choice. Events are moved once. Stable: what one input said stays in its order.
 */
#ifndef KW_EVENT_EVENT_ORDER_H
#define KW_EVENT_EVENT_ORDER_H

#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

struct event_order_key {
	int64_t us;
	size_t place; /* where the event was */
};

/* `scratch` has room for 2 * count keys; never allocates. */
void event_order_by_time(struct event *events, size_t count, struct event_order_key *scratch);

#endif
