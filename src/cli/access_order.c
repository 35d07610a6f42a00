/* SPDX-License-Identifier: ISC */
/* A heap of keys; the rows, which are large, stay where they are. */
#include "cli/access_order.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

struct access_order_key {
	int64_t time_us;
	uint64_t number;
	unsigned row;
};

void access_order_init(struct access_order *o, unsigned most)
{
	*o = (struct access_order){.most = most};
}

void access_order_clear(struct access_order *o)
{
	free(o->rows);
	free(o->heap);
	access_order_init(o, o->most);
}

static bool is_before(const struct access_order_key *a, const struct access_order_key *b)
{
	return a->time_us != b->time_us ? a->time_us < b->time_us : a->number < b->number;
}

static void swap_keys(struct access_order_key *a, struct access_order_key *b)
{
	struct access_order_key kept = *a;
	*a = *b;
	*b = kept;
}

static void grow(struct access_order *o)
{
	unsigned before = o->size;
	o->size = before == 0 ? 64 : 2 * before;
	if (o->size > o->most)
		o->size = o->most;
	o->rows = memory_realloc(o->rows, o->size * sizeof *o->rows);
	o->heap = memory_realloc(o->heap, o->size * sizeof *o->heap);
	for (unsigned i = before; i < o->size; i++)
		o->heap[i].row = i;
}

struct access_order_row *access_order_next(struct access_order *o)
{
	assert(!access_order_is_full(o));
	if (o->count == o->size)
		grow(o);
	return &o->rows[o->heap[o->count].row];
}

void access_order_put(struct access_order *o)
{
	struct access_order_key *heap = o->heap;
	unsigned at = o->count++;
	heap[at].time_us = o->rows[heap[at].row].event.time.us;
	heap[at].number = o->number++;
	while (at > 0 && is_before(&heap[at], &heap[(at - 1) / 2])) {
		swap_keys(&heap[at], &heap[(at - 1) / 2]);
		at = (at - 1) / 2;
	}
}

int64_t access_order_oldest_us(const struct access_order *o)
{
	assert(o->count > 0);
	return o->heap[0].time_us;
}

const struct access_order_row *access_order_take(struct access_order *o)
{
	struct access_order_key *heap = o->heap;
	if (o->count == 0)
		return NULL;
	swap_keys(&heap[0], &heap[--o->count]);
	for (unsigned at = 0, child; (child = 2 * at + 1) < o->count; at = child) {
		if (child + 1 < o->count && is_before(&heap[child + 1], &heap[child]))
			child++;
		if (!is_before(&heap[child], &heap[at]))
			break;
		swap_keys(&heap[child], &heap[at]);
	}
	return &o->rows[heap[o->count].row];
}
