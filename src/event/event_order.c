/* SPDX-License-Identifier: ISC */
#include "event/event_order.h"

#include <stdbool.h>

static bool is_ordered(const struct event *events, size_t count)
{
	for (size_t i = 1; i < count; i++) {
		if (events[i].time.us < events[i - 1].time.us)
			return false;
	}
	return true;
}

/* Merges the runs from `start` to `middle` and from there to `end`. */
static void merge(const struct event_order_key *from, struct event_order_key *to, size_t start,
	size_t middle, size_t end)
{
	size_t left = start, right = middle;
	for (size_t i = start; i < end; i++) {
		bool take_left = right == end || (left < middle && from[left].us <= from[right].us);
		to[i] = take_left ? from[left++] : from[right++];
	}
}

/* Each event to its place, along the cycles of the order; the keys are used up. */
static void move_events(struct event *events, struct event_order_key *order, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		struct event first = events[i];
		size_t at = i;
		while (order[at].place != i) {
			size_t next = order[at].place;
			events[at] = events[next];
			order[at].place = at;
			at = next;
		}
		events[at] = first;
		order[at].place = at;
	}
}

static size_t at_most(size_t n, size_t most)
{
	return n < most ? n : most;
}

void event_order_by_time(struct event *events, size_t count, struct event_order_key *scratch)
{
	struct event_order_key *from = scratch, *to = scratch + count;
	if (is_ordered(events, count))
		return;
	for (size_t i = 0; i < count; i++)
		from[i] = (struct event_order_key){events[i].time.us, i};
	for (size_t width = 1; width < count; width *= 2) {
		for (size_t start = 0; start < count; start += 2 * width)
			merge(from, to, start, at_most(start + width, count),
				at_most(start + 2 * width, count));
		struct event_order_key *merged = to;
		to = from;
		from = merged;
	}
	move_events(events, from, count);
}
