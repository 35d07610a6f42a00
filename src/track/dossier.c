/* SPDX-License-Identifier: ISC */
#include "track/dossier.h"

#include "base/memory.h"
#include "track/cardinality.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	PLACE_BITS = 16, /* of a number; the rest is its generation */
	SEARCHED = 64,   /* dossiers looked at for a victim */
};

/* A scanner that was silent this long gives way to a new one. */
#define GIVE_WAY_US (3600 * CLOCK_US_PER_S)

struct dossier_pool {
	struct dossier *items; /* items[0] is never used */
	uint32_t count;        /* items, the unused one included */
	uint32_t *free_list;
	uint32_t free_count;
	uint32_t highest;    /* place ever used: nothing lies above */
	uint32_t clock_hand; /* where the search for a victim goes on */
	size_t set_bytes, set_bytes_max;
	uint64_t evictions, refusals;
	uint32_t patience; /* opens to refuse without a search, after a search in vain */
	dossier_leave_fn *on_leave;
	void *leave_context;
};

struct dossier_pool *dossier_pool_create(uint32_t count, size_t set_bytes)
{
	struct dossier_pool *p = memory_calloc(1, sizeof *p);
	assert(count <= DOSSIER_POOL_MAX);
	p->count = count + 1;
	p->items = memory_map_table(p->count * sizeof *p->items);
	p->free_list = memory_calloc(count, sizeof *p->free_list);
	for (uint32_t i = count; i >= 1; i--)
		p->free_list[p->free_count++] = i;
	p->set_bytes_max = set_bytes;
	p->clock_hand = 1;
	return p;
}

static void release(struct dossier *d)
{
	target_set_clear(&d->targets);
	free(d->members);
	free(d->sources_seen);
	d->members = NULL;
	d->sources_seen = NULL;
	d->form = DOSSIER_FREE;
}

void dossier_pool_destroy(struct dossier_pool *p)
{
	if (p == NULL)
		return;
	for (uint32_t i = 1; i < p->count; i++) {
		if (p->items[i].form != DOSSIER_FREE)
			release(&p->items[i]);
	}
	memory_unmap_table(p->items, p->count * sizeof *p->items);
	free(p->free_list);
	free(p);
}

void dossier_pool_on_leave(struct dossier_pool *p, dossier_leave_fn *fn, void *context)
{
	p->on_leave = fn;
	p->leave_context = context;
}

static uint32_t members_max(const struct dossier *d)
{
	return d->form == DOSSIER_FLOOD || d->form == DOSSIER_CALLERS ? DOSSIER_CALLERS_MAX
								      : DOSSIER_MEMBERS_MAX;
}

static bool is_harmless(const struct dossier *d)
{
	return d->form == DOSSIER_REPLIES || d->form == DOSSIER_CALLERS || d->form == DOSSIER_LAN ||
	       (d->form == DOSSIER_SOURCE && d->score < 4.6);
}

/* True where `a` is worth less than `b`. */
static bool is_less_valuable(const struct dossier *a, const struct dossier *b)
{
	if (is_harmless(a) != is_harmless(b))
		return is_harmless(a);
	uint32_t small_a = a->new_targets < 100, small_b = b->new_targets < 100;
	if (small_a != small_b)
		return small_a;
	return a->last.us < b->last.us;
}

/*
 * The worst of 64 from a moving hand: a full search for every newcomer would let a flood of them
 * cost the square of the pool; over time the hand passes everybody.
 */
static struct dossier *choose_victim(struct dossier_pool *p)
{
	struct dossier *victim = NULL;
	for (uint32_t i = 0, looked = 0; i < p->count && looked < SEARCHED; i++) {
		struct dossier *d = &p->items[p->clock_hand];
		p->clock_hand = p->clock_hand + 1 < p->count ? p->clock_hand + 1 : 1;
		if (d->form == DOSSIER_FREE)
			continue;
		looked++;
		if (victim == NULL || is_less_valuable(d, victim))
			victim = d;
	}
	return victim;
}

/* Makes room for one more; false if all others are worth more than a newcomer. */
static bool make_room(struct dossier_pool *p, struct wall_time now, bool for_group)
{
	if (p->patience > 0 && !for_group) {
		p->patience--;
		return false;
	}
	struct dossier *victim = choose_victim(p);
	if (!for_group && !is_harmless(victim) && now.us - victim->last.us < GIVE_WAY_US) {
		p->patience = SEARCHED;
		return false;
	}
	p->evictions++;
	dossier_pool_free(p, victim);
	return true;
}

struct dossier *dossier_pool_open(
	struct dossier_pool *p, enum dossier_form form, struct wall_time now)
{
	bool for_group =
		form == DOSSIER_DECOYS || form == DOSSIER_DISTRIBUTED || form == DOSSIER_FLOOD;
	if (p->free_count == 0 && !make_room(p, now, for_group)) {
		p->refusals++;
		return NULL;
	}
	uint32_t number = p->free_list[--p->free_count];
	if (number > p->highest)
		p->highest = number;
	struct dossier *d = &p->items[number];
	uint32_t generation = (d->number >> PLACE_BITS) + 1;
	memset(d, 0, sizeof *d);
	d->number = number | generation << PLACE_BITS;
	d->form = (uint8_t)form;
	d->first = d->last = d->last_new = now;
	d->block_bits = 128;
	d->spoofable = true;
	d->signature = -1;
	d->forced_level = -1;
	target_set_init(&d->targets);
	if (form == DOSSIER_DECOYS || form == DOSSIER_DISTRIBUTED || form == DOSSIER_FLOOD ||
		form == DOSSIER_CALLERS)
		d->members = memory_calloc(members_max(d), sizeof *d->members);
	if (d->members != NULL)
		d->sources_seen = memory_calloc(1u << DOSSIER_SOURCES_BITS, 1);
	return d;
}

void dossier_pool_free(struct dossier_pool *p, struct dossier *d)
{
	assert(d->form != DOSSIER_FREE);
	if (p->on_leave != NULL)
		p->on_leave(p->leave_context, d);
	p->set_bytes -= d->targets.heap_bytes;
	release(d);
	p->free_list[p->free_count++] = dossier_place(d->number);
}

struct dossier *dossier_pool_get(struct dossier_pool *p, uint32_t number)
{
	uint32_t place = dossier_place(number);
	if (place == 0 || place >= p->count)
		return NULL;
	struct dossier *d = &p->items[place];
	return d->form != DOSSIER_FREE && d->number == number ? d : NULL;
}

uint32_t dossier_pool_size(const struct dossier_pool *p)
{
	return p->count - 1;
}

void dossier_pool_prefetch(const struct dossier_pool *p, uint32_t number)
{
	const char *d = (const char *)&p->items[dossier_place(number)];
	__builtin_prefetch(d, 1);
	__builtin_prefetch(d + 64, 1);
	__builtin_prefetch(d + 128, 1);
	__builtin_prefetch(d + 192, 1);
}

struct dossier *dossier_pool_next(struct dossier_pool *p, uint32_t *cursor)
{
	while (++*cursor <= p->highest) {
		if (p->items[*cursor].form != DOSSIER_FREE)
			return &p->items[*cursor];
	}
	return NULL;
}

void dossier_pool_prefetch_target(const struct dossier_pool *p, uint32_t number, struct target t)
{
	target_set_prefetch(&p->items[dossier_place(number)].targets, t);
}

bool dossier_pool_add_target(struct dossier_pool *p, struct dossier *d, struct target t)
{
	size_t before = d->targets.heap_bytes;
	bool fresh = target_set_add(&d->targets, t);
	if (d->targets.heap_bytes != before) {
		p->set_bytes = p->set_bytes - before + d->targets.heap_bytes;
		if (p->set_bytes > p->set_bytes_max &&
			d->targets.heap_bytes > target_set_sketch_bytes()) {
			p->set_bytes -= d->targets.heap_bytes;
			target_set_shrink(&d->targets);
			p->set_bytes += d->targets.heap_bytes;
		}
	}
	return fresh;
}

uint64_t dossier_pool_evictions(const struct dossier_pool *p)
{
	return p->evictions;
}

uint64_t dossier_pool_refusals(const struct dossier_pool *p)
{
	return p->refusals;
}

static void note_member(struct dossier_member *m, const struct addr *seen, bool real)
{
	m->real |= real;
	if (seen != NULL)
		m->seen = *seen;
}

void dossier_add_member(
	struct dossier *d, const struct addr *addr, const struct addr *seen, bool real)
{
	uint32_t max = members_max(d);
	if (d->members == NULL)
		return;
	uint64_t words = addr_high_word(addr) * UINT64_C(0x9e3779b97f4a7c15) ^ addr_low_word(addr);
	cardinality_note(d->sources_seen, DOSSIER_SOURCES_BITS, cardinality_mix(words));
	if (d->members_kept == max && !real)
		return;
	for (uint32_t i = 0; i < d->members_kept; i++) {
		if (addr_equal(&d->members[i].addr, addr)) {
			note_member(&d->members[i], seen, real);
			return;
		}
	}
	if (d->members_kept < max)
		d->members[d->members_kept++] =
			(struct dossier_member){*addr, seen ? *seen : *addr, real};
}

uint32_t dossier_sources(const struct dossier *d)
{
	if (d->members == NULL)
		return 1;
	if (d->forged_sources > 0)
		return d->forged_sources;
	if (d->members_kept < members_max(d))
		return d->members_kept;
	uint32_t estimate = cardinality_estimate(d->sources_seen, DOSSIER_SOURCES_BITS);
	return estimate > d->members_kept ? estimate : d->members_kept;
}

struct dossier_answer *dossier_find_answer(struct dossier *d, uint8_t space, uint16_t port)
{
	for (unsigned i = 0; i < d->answered_kept; i++) {
		if (d->answered[i].space == space && d->answered[i].port == port)
			return &d->answered[i];
	}
	return NULL;
}

bool dossier_add_answer(
	struct dossier *d, uint8_t space, uint16_t port, uint16_t src_port, struct wall_time now)
{
	if (dossier_find_answer(d, space, port) != NULL)
		return false;
	if (d->answered_kept == DOSSIER_ANSWERED_MAX) {
		d->answered_count++;
		return false;
	}
	d->answered[d->answered_kept++] = (struct dossier_answer){.space = space,
		.port = port,
		.src_port = src_port,
		.found_s = (uint32_t)wall_time_seconds(now)};
	d->answered_count++;
	return true;
}
