/* SPDX-License-Identifier: ISC */
/*
 *     head:    of access_limit
 *     sources: 2048 buckets of 8 x { key, window }
 *     rules:     64 buckets of 8 x { key, window }
 *     window:  begin in ms (40 bits, 34 years) | how many ran (10) | how many did not (14)
 *
 * A key belongs to one bucket and is looked for in all of its places. A place changes hands by a compare-and-swap of
 * its key; until its window is written, too, that is for a moment the former holder's, and another process that comes just
 * then may be counted in it: at the worst one is not admitted that could have been.
 */
#include "access/access_window.h"

#include <stdatomic.h>
#include <stddef.h>

enum {
	WAYS = 8,
	SOURCE_BUCKETS = 2048,
	RULE_BUCKETS = 64,
	RAN_BITS = 10,
	BEYOND_BITS = 14,
	TRIES = 16, /* each lost to a process that got on */
};

struct place {
	_Atomic uint64_t key; /* 0: free */
	_Atomic uint64_t window;
};

struct tables {
	uint8_t head[ACCESS_LIMIT_HEAD_BYTES];
	struct place sources[SOURCE_BUCKETS][WAYS];
	struct place rules[RULE_BUCKETS][WAYS];
};
_Static_assert(sizeof(struct tables) == ACCESS_WINDOW_BYTES, "the promise of the header");
_Static_assert(ACCESS_WINDOW_COUNT_MAX < 1 << RAN_BITS, "fits");
_Static_assert(ACCESS_WINDOW_BEYOND_MAX == (1 << BEYOND_BITS) - 1, "fits");

struct window {
	uint64_t begin_ms;
	unsigned ran, beyond;
};

static struct window unpack(uint64_t word)
{
	return (struct window){
		.begin_ms = word >> (RAN_BITS + BEYOND_BITS),
		.ran = (unsigned)(word >> BEYOND_BITS) & ((1u << RAN_BITS) - 1),
		.beyond = (unsigned)word & ACCESS_WINDOW_BEYOND_MAX,
	};
}

static uint64_t pack(struct window w)
{
	return w.begin_ms << (RAN_BITS + BEYOND_BITS) | (uint64_t)w.ran << BEYOND_BITS | w.beyond;
}

static struct place *bucket_of(void *memory, const struct access_window *w)
{
	struct tables *t = memory;
	switch (w->table) {
	case ACCESS_WINDOW_SOURCES:
		break;
	case ACCESS_WINDOW_RULES:
		return t->rules[w->key.value % RULE_BUCKETS];
	}
	return t->sources[w->key.value % SOURCE_BUCKETS];
}

static struct place *find(struct place bucket[WAYS], uint64_t key)
{
	for (unsigned i = 0; i < WAYS; i++) {
		if (atomic_load(&bucket[i].key) == key)
			return &bucket[i];
	}
	return NULL;
}

/* The key's place, or the one of the oldest window, which becomes its; null when another process took that meanwhile. */
static struct place *find_or_make(struct place bucket[WAYS], uint64_t key, bool *fresh)
{
	struct place *oldest = find(bucket, key);
	uint64_t oldest_ms = UINT64_MAX, oldest_key = 0;
	*fresh = !oldest;
	if (oldest)
		return oldest;
	for (unsigned i = 0; i < WAYS; i++) {
		uint64_t holder = atomic_load(&bucket[i].key);
		uint64_t begin_ms = holder == 0 ? 0 : unpack(atomic_load(&bucket[i].window)).begin_ms;
		if (!oldest || begin_ms < oldest_ms) {
			oldest = &bucket[i];
			oldest_ms = begin_ms;
			oldest_key = holder;
		}
	}
	return atomic_compare_exchange_strong(&oldest->key, &oldest_key, key) ? oldest : NULL;
}

/* One more; true if it is admitted. */
static bool count_one(struct window *w, const struct access_window *terms, uint64_t now_ms, unsigned *beyond)
{
	const bool first = w->begin_ms == 0 || now_ms < w->begin_ms || now_ms - w->begin_ms >= terms->span_ms;
	const unsigned before = w->begin_ms == 0 ? 0 : w->beyond;
	if (first)
		*w = (struct window){.begin_ms = now_ms ? now_ms : 1};
	if (w->ran < terms->count) {
		w->ran++;
		*beyond = first ? before : 0;
		return true;
	}
	w->beyond += w->beyond < ACCESS_WINDOW_BEYOND_MAX;
	*beyond = w->beyond;
	return false;
}

bool access_window_take(void *memory, const struct access_window *w, uint64_t now_ms, unsigned *beyond)
{
	struct place *bucket = bucket_of(memory, w);
	*beyond = 0;
	for (unsigned i = 0; i < TRIES; i++) {
		bool fresh;
		struct place *p = find_or_make(bucket, w->key.value, &fresh);
		if (!p)
			continue;
		uint64_t word = atomic_load(&p->window);
		struct window next = {0};
		if (!fresh)
			next = unpack(word);
		const bool admitted = count_one(&next, w, now_ms, beyond);
		if (atomic_compare_exchange_strong(&p->window, &word, pack(next)))
			return admitted;
	}
	return false;
}

void access_window_give_back(void *memory, const struct access_window *w)
{
	struct place *p = find(bucket_of(memory, w), w->key.value);
	for (unsigned i = 0; p && i < TRIES; i++) {
		uint64_t word = atomic_load(&p->window);
		struct window next = unpack(word);
		if (next.ran == 0)
			return;
		next.ran--;
		if (atomic_compare_exchange_strong(&p->window, &word, pack(next)))
			return;
	}
}
