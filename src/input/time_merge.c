/* SPDX-License-Identifier: ISC */
/*
 * A binary heap of the sources that still have something, ordered by the time of their heads and
 * then by the order of adding. The top source hands out events as long as it stays before its two
 * children, so that long runs from one source (rotated logs) cost one comparison an event.
 */
#include "input/time_merge.h"

#include "base/memory.h"

#include <assert.h>
#include <stdlib.h>

#define HEADS 64 /* events kept of each source: 8 KiB, and one refill for many events */

struct feed {
	struct event_source *source; /* owned */
	unsigned index;              /* order of adding, breaks ties */
	size_t at, count;            /* what of `heads` is unused */
	struct event heads[HEADS];
};

struct time_merge {
	struct feed **feeds; /* in order of adding; owned */
	struct feed **heap;  /* those that are not at their end; heap[0] is the earliest */
	unsigned count;      /* of feeds */
	unsigned left;       /* in heap */
	bool started;        /* the heap stands; nothing may be added any more */
};

struct time_merge *time_merge_create(void)
{
	return memory_calloc(1, sizeof(struct time_merge));
}

void time_merge_destroy(struct time_merge *m)
{
	if (m == NULL)
		return;
	for (unsigned i = 0; i < m->count; i++) {
		event_source_close(m->feeds[i]->source);
		free(m->feeds[i]);
	}
	free(m->feeds);
	free(m->heap);
	free(m);
}

void time_merge_add(struct time_merge *m, struct event_source *s)
{
	assert(!m->started);
	m->feeds = memory_realloc(m->feeds, (m->count + 1) * sizeof(struct feed *));
	struct feed *f = memory_calloc(1, sizeof *f);
	f->source = s;
	f->index = m->count;
	m->feeds[m->count++] = f;
}

/* True when the feed has a head. */
static bool have_head(struct feed *f)
{
	if (f->at < f->count)
		return true;
	f->at = 0;
	f->count = event_source_read(f->source, f->heads, HEADS);
	return f->count > 0;
}

static bool goes_before(const struct feed *a, const struct feed *b)
{
	int64_t x = a->heads[a->at].time.us, y = b->heads[b->at].time.us;
	return x < y || (x == y && a->index < b->index);
}

static void sift_down(struct time_merge *m, unsigned at)
{
	struct feed *moving = m->heap[at];
	for (;;) {
		unsigned child = 2 * at + 1;
		if (child >= m->left)
			break;
		if (child + 1 < m->left && goes_before(m->heap[child + 1], m->heap[child]))
			child++;
		if (!goes_before(m->heap[child], moving))
			break;
		m->heap[at] = m->heap[child];
		at = child;
	}
	m->heap[at] = moving;
}

static void start(struct time_merge *m)
{
	m->started = true;
	m->heap = memory_calloc(m->count, sizeof(struct feed *));
	for (unsigned i = 0; i < m->count; i++) {
		if (have_head(m->feeds[i]))
			m->heap[m->left++] = m->feeds[i];
	}
	for (unsigned i = m->left / 2; i-- > 0;)
		sift_down(m, i);
}

/* The feed that would be on top if the top one were not there; null if it is the only one. */
static const struct feed *runner_up(const struct time_merge *m)
{
	if (m->left < 2)
		return NULL;
	if (m->left > 2 && goes_before(m->heap[2], m->heap[1]))
		return m->heap[2];
	return m->heap[1];
}

/* Hands out the top feed's events as long as it is the earliest and has some at hand. */
static size_t take_run(struct time_merge *m, struct event *out, size_t max)
{
	struct feed *top = m->heap[0];
	const struct feed *next = runner_up(m);
	size_t n = 0;
	do {
		out[n++] = top->heads[top->at++];
	} while (n < max && top->at < top->count && (next == NULL || goes_before(top, next)));
	if (!have_head(top))
		m->heap[0] = m->heap[--m->left];
	if (m->left > 0)
		sift_down(m, 0);
	return n;
}

size_t time_merge_read(struct time_merge *m, struct event *out, size_t max)
{
	if (m->count == 1) {
		m->started = true;
		return event_source_read(m->feeds[0]->source, out, max);
	}
	if (!m->started)
		start(m);
	size_t n = 0;
	while (n < max && m->left > 0)
		n += take_run(m, out + n, max - n);
	return n;
}

unsigned time_merge_count(const struct time_merge *m)
{
	return m->count;
}

const struct event_source *time_merge_source(const struct time_merge *m, unsigned index)
{
	return index < m->count ? m->feeds[index]->source : NULL;
}
