/* SPDX-License-Identifier: ISC */
#include "track/dossier.h"

#include "base/memory.h"
#include "track/block_pool.h"
#include "track/cardinality.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

enum {
	PLACE_BITS = 16,  /* of a number; the rest is its generation */
	SEARCHED = 64,    /* dossiers looked at for a victim */
	GROUPS_PART = 8,  /* of the room beyond the cells: kept for groups */
	BOOKS_PART = 512, /* of the same, for the books about it: less than 2 bytes a KiB */
	SOURCES_BYTES = 1 << DOSSIER_SOURCES_BITS,
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
	uint8_t *cells;      /* TARGET_SET_CELL bytes for the set of each item */
	struct target_room room;
	uint16_t *groups; /* places of the open groups */
	uint32_t groups_count, groups_max;
	uint32_t group_hand; /* as clock_hand, in `groups` */
	uint64_t evictions, refusals;
	uint32_t patience; /* opens to refuse without a search, after a search in vain */
	dossier_leave_fn *on_leave;
	void *leave_context;
};

/* Each group is sure of the smallest block, as long as the others leave one for it. */
static void keep_room_for_groups(struct dossier_pool *p)
{
	p->room.spare = (p->groups_max - p->groups_count) * (size_t)BLOCK_POOL_LEAST;
}

struct dossier_pool *dossier_pool_create(uint32_t count, size_t more_bytes)
{
	struct dossier_pool *p = memory_calloc(1, sizeof *p);
	assert(count > 0 && count <= DOSSIER_POOL_MAX);
	p->count = count + 1;
	p->items = memory_map_table(p->count * sizeof *p->items);
	p->cells = memory_map_table((size_t)p->count * TARGET_SET_CELL);
	p->free_list = memory_calloc(count, sizeof *p->free_list);
	for (uint32_t i = count; i >= 1; i--)
		p->free_list[p->free_count++] = i;
	p->room.blocks = block_pool_create(more_bytes - more_bytes / BOOKS_PART);
	size_t groups = block_pool_bytes(p->room.blocks) / GROUPS_PART / BLOCK_POOL_LEAST;
	p->groups_max = (uint32_t)(groups < count ? groups : count);
	p->groups = memory_calloc(p->groups_max, sizeof *p->groups);
	keep_room_for_groups(p);
	p->clock_hand = 1;
	return p;
}

void dossier_pool_destroy(struct dossier_pool *p)
{
	if (p == NULL)
		return;
	memory_unmap_table(p->items, p->count * sizeof *p->items);
	memory_unmap_table(p->cells, (size_t)p->count * TARGET_SET_CELL);
	block_pool_destroy(p->room.blocks);
	free(p->free_list);
	free(p->groups);
	free(p);
}

size_t dossier_pool_bytes(const struct dossier_pool *p)
{
	return p->count * (sizeof *p->items + TARGET_SET_CELL + sizeof *p->free_list) +
	       block_pool_bytes(p->room.blocks) + p->groups_max * sizeof *p->groups;
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

static bool is_group(enum dossier_form form)
{
	return form == DOSSIER_DECOYS || form == DOSSIER_DISTRIBUTED || form == DOSSIER_FLOOD ||
	       form == DOSSIER_CALLERS;
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

/* The dossier at the hand, which moves on; may be free. */
static struct dossier *take_at_hand(struct dossier_pool *p, bool groups)
{
	uint32_t place;
	if (groups) {
		p->group_hand %= p->groups_count;
		place = p->groups[p->group_hand++];
	} else {
		place = p->clock_hand;
		p->clock_hand = place + 1 < p->count ? place + 1 : 1;
	}
	return &p->items[place];
}

/*
 * The worst of 64 from a moving hand: a full search for every newcomer would let a flood of them
 * cost the square of the pool; over time the hand passes everybody.
 */
static struct dossier *choose_victim(struct dossier_pool *p, bool groups)
{
	struct dossier *victim = NULL;
	uint32_t all = groups ? p->groups_count : p->count;
	for (uint32_t i = 0, looked = 0; i < all && looked < SEARCHED; i++) {
		struct dossier *d = take_at_hand(p, groups);
		if (d->form == DOSSIER_FREE)
			continue;
		looked++;
		if (victim == NULL || is_less_valuable(d, victim))
			victim = d;
	}
	return victim;
}

/* Frees the place of one, among the groups or among all; false if all others are worth more than a
 * newcomer that may be refused. */
static bool make_room(struct dossier_pool *p, struct wall_time now, bool groups, bool refusable)
{
	if (p->patience > 0 && refusable && !groups) {
		p->patience--;
		return false;
	}
	struct dossier *victim = choose_victim(p, groups);
	if (refusable && !is_harmless(victim) && now.us - victim->last.us < GIVE_WAY_US) {
		p->patience = groups ? p->patience : SEARCHED;
		return false;
	}
	p->evictions++;
	dossier_pool_free(p, victim);
	return true;
}

static void start_group(struct dossier_pool *p, struct dossier *d)
{
	p->groups[p->groups_count++] = (uint16_t)dossier_place(d->number);
	d->group = (uint16_t)p->groups_count;
	keep_room_for_groups(p);
	d->sources_seen = block_pool_take(p->room.blocks, BLOCK_POOL_LEAST, 0);
	assert(d->sources_seen != NULL); /* it was kept */
	d->members = (struct dossier_member *)(d->sources_seen + SOURCES_BYTES);
	d->members_room = (BLOCK_POOL_LEAST - SOURCES_BYTES) / sizeof *d->members;
}

static size_t group_bytes(const struct dossier *d)
{
	return SOURCES_BYTES + d->members_room * sizeof *d->members;
}

static void end_group(struct dossier_pool *p, struct dossier *d)
{
	block_pool_give(p->room.blocks, d->sources_seen, group_bytes(d));
	uint16_t last = p->groups[--p->groups_count];
	p->groups[d->group - 1] = last;
	p->items[last].group = d->group;
	d->members = NULL;
	d->sources_seen = NULL;
	keep_room_for_groups(p);
}

struct dossier *dossier_pool_open(
	struct dossier_pool *p, enum dossier_form form, struct wall_time now)
{
	bool group = is_group(form), refusable = !group || form == DOSSIER_CALLERS;
	if ((group && p->groups_count == p->groups_max && !make_room(p, now, true, refusable)) ||
		(p->free_count == 0 && !make_room(p, now, false, refusable))) {
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
	d->signature = d->signature_level = -1;
	d->forced_level = -1;
	target_set_init(&d->targets, p->cells + (size_t)number * TARGET_SET_CELL, &p->room);
	if (group)
		start_group(p, d);
	return d;
}

void dossier_pool_free(struct dossier_pool *p, struct dossier *d)
{
	assert(d->form != DOSSIER_FREE);
	if (p->on_leave != NULL)
		p->on_leave(p->leave_context, d);
	target_set_clear(&d->targets);
	if (is_group((enum dossier_form)d->form))
		end_group(p, d);
	d->form = DOSSIER_FREE;
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

/* Room for twice as many, if there is any. */
static void lengthen_list(struct dossier *d)
{
	const struct target_room *room = d->targets.room;
	size_t bytes = block_pool_round(group_bytes(d)) * 2;
	uint8_t *longer = block_pool_take(room->blocks, bytes, room->spare);
	if (longer == NULL)
		return;
	memcpy(longer, d->sources_seen, group_bytes(d));
	block_pool_give(room->blocks, d->sources_seen, group_bytes(d));
	d->sources_seen = longer;
	d->members = (struct dossier_member *)(longer + SOURCES_BYTES);
	d->members_room = (uint32_t)((bytes - SOURCES_BYTES) / sizeof *d->members);
}

void dossier_note_source(uint8_t *registers, const struct addr *source)
{
	uint64_t words =
		addr_high_word(source) * UINT64_C(0x9e3779b97f4a7c15) ^ addr_low_word(source);
	cardinality_note(registers, DOSSIER_SOURCES_BITS, cardinality_mix(words));
}

void dossier_take_sources(struct dossier *d, const uint8_t *registers)
{
	if (d->sources_seen == NULL)
		return;
	for (unsigned i = 0; i < 1u << DOSSIER_SOURCES_BITS; i++) {
		if (registers[i] > d->sources_seen[i])
			d->sources_seen[i] = registers[i];
	}
	d->members_cut = true;
}

static struct dossier_member *find_member(const struct dossier *d, const struct addr *addr)
{
	for (uint32_t i = 0; d->members != NULL && i < d->members_kept; i++) {
		if (addr_equal(&d->members[i].addr, addr))
			return &d->members[i];
	}
	return NULL;
}

bool dossier_has_member(const struct dossier *d, const struct addr *addr)
{
	return find_member(d, addr) != NULL;
}

void dossier_add_member(
	struct dossier *d, const struct addr *addr, const struct addr *seen, bool real)
{
	uint32_t max = members_max(d);
	if (d->members == NULL)
		return;
	dossier_note_source(d->sources_seen, addr);
	d->members_cut |= d->members_kept >= max;
	if (d->members_cut && !real)
		return;
	struct dossier_member *known = find_member(d, addr);
	if (known != NULL) {
		note_member(known, seen, real);
		return;
	}
	if (d->members_kept == d->members_room && d->members_kept < max)
		lengthen_list(d);
	if (d->members_kept < d->members_room && d->members_kept < max)
		d->members[d->members_kept++] =
			(struct dossier_member){*addr, seen ? *seen : *addr, real};
	else
		d->members_cut = true;
}

uint32_t dossier_sources(const struct dossier *d)
{
	if (d->members == NULL)
		return 1;
	if (d->forged_sources > 0)
		return d->forged_sources;
	if (!d->members_cut)
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
	struct dossier *d, struct target open_door, uint16_t src_port, struct wall_time now)
{
	if (dossier_find_answer(d, open_door.space, open_door.port) != NULL)
		return false;
	d->answered_count++;
	if (d->answered_kept == DOSSIER_ANSWERED_MAX)
		return false;
	d->answered[d->answered_kept++] = (struct dossier_answer){.space = open_door.space,
		.port = open_door.port,
		.src_port = src_port,
		.host = open_door.host,
		.found_s = (uint32_t)wall_time_seconds(now)};
	return true;
}

bool dossier_drop_answer(struct dossier *d, struct target door, uint16_t src_port)
{
	struct dossier_answer *a = dossier_find_answer(d, door.space, door.port);
	if (a == NULL || a->host != door.host || a->src_port != src_port || a->visited)
		return false;
	*a = d->answered[--d->answered_kept];
	d->answered_count--;
	return true;
}
