/* SPDX-License-Identifier: ISC */
/*
 * A cell, from its lowest bit:
 *
 *   | port 16 | host 8 | proto 2 | packets-1 2 | fingerprint 14 | time 22 |
 *
 * The time is in 1/4 s and wraps after 12 days; ages are differences modulo 2^22. A zero cell is
 * free (a fingerprint is never zero). Sixteen cells are a bucket: with 4 M cells and 167,000 forged
 * sources a second, a bucket takes 6.4 newcomers in ten seconds, so a scanner that knocks every ten
 * seconds is pushed out with a probability below one percent, and gets four chances. A smaller bucket
 * of the same total size would lose one in five (the Poisson tail is wider).
 */
#include "track/doorkeeper.h"

#include "base/memory.h"
#include "track/bucket_table.h"

#include <stdlib.h>

enum {
	WAYS = 16,
	KEPT = 2, /* the last cells of a bucket belong to the patient */
	LEAST_BUCKETS = 512,
	TIME_SHIFT = 42,
	PRINT_SHIFT = 28,
	COUNT_SHIFT = 26,
	PROTO_SHIFT = 24,
	HOST_SHIFT = 16,
	TICK_US = 250000,
};
#define TIME_MASK UINT64_C(0x3fffff)
#define PRINT_MASK UINT64_C(0x3fff)
#define PRINT_BITS (PRINT_MASK << PRINT_SHIFT)
#define DOOR_MASK UINT64_C(0x3ffffff)
/* A cell touched again after this long is patient: 5 minutes, the window of the usual detectors. */
#define PATIENT_TICKS (UINT64_C(300) * 4)

struct bucket {
	_Alignas(128) uint64_t cells[WAYS];
};

struct doorkeeper {
	struct bucket_table table;
};

struct doorkeeper *doorkeeper_create(size_t bytes)
{
	struct doorkeeper *k = memory_calloc(1, sizeof *k);
	bucket_table_init(&k->table, bytes, sizeof(struct bucket), LEAST_BUCKETS);
	return k;
}

void doorkeeper_destroy(struct doorkeeper *k)
{
	if (k == NULL)
		return;
	bucket_table_clear(&k->table);
	free(k);
}

static struct bucket *bucket_of(const struct doorkeeper *k, uint64_t key)
{
	return (struct bucket *)k->table.memory + bucket_table_index(&k->table, key);
}

void doorkeeper_prefetch(const struct doorkeeper *k, uint64_t key)
{
	const struct bucket *b = bucket_of(k, key);
	__builtin_prefetch(&b->cells[0], 1);
	__builtin_prefetch(&b->cells[8], 1);
}

static uint64_t print_of(uint64_t key)
{
	uint64_t print = key & PRINT_MASK;
	return print ? print : 1;
}

static uint64_t ticks_of(struct wall_time t)
{
	return ((uint64_t)t.us / TICK_US) & TIME_MASK;
}

/* What lies below the time never borrows from it: all of it is set in what it is taken from. */
static uint64_t age_of(uint64_t cell, uint64_t now_ticks)
{
	const uint64_t below = (UINT64_C(1) << TIME_SHIFT) - 1;
	return ((now_ticks << TIME_SHIFT | below) - cell) >> TIME_SHIFT;
}

static uint64_t door_bits(struct doorkeeper_door d)
{
	return (uint64_t)d.port | (uint64_t)d.host8 << HOST_SHIFT |
	       (uint64_t)(d.proto & 3) << PROTO_SHIFT;
}

static uint64_t *find_cell(struct bucket *b, uint64_t print)
{
	const uint64_t wanted = print << PRINT_SHIFT;
	for (int i = 0; i < WAYS; i++) {
		if (((b->cells[i] ^ wanted) & PRINT_BITS) == 0)
			return &b->cells[i];
	}
	return NULL;
}

/* A free cell, else the oldest, of the ways `from` to `to`. */
static uint64_t *choose_victim(struct bucket *b, int from, int to, uint64_t now_ticks)
{
	uint64_t *victim = &b->cells[from];
	uint64_t oldest = 0;
	for (int i = from; i < to; i++) {
		if (b->cells[i] == 0)
			return &b->cells[i];
		uint64_t age = age_of(b->cells[i], now_ticks);
		if (age >= oldest) {
			oldest = age;
			victim = &b->cells[i];
		}
	}
	return victim;
}

static struct doorkeeper_sight describe(uint64_t cell, struct wall_time now, uint64_t now_ticks)
{
	struct doorkeeper_sight s = {0};
	s.door.port = (uint16_t)cell;
	s.door.host8 = (uint8_t)(cell >> HOST_SHIFT);
	s.door.proto = (uint8_t)(cell >> PROTO_SHIFT & 3);
	s.repeats = (unsigned)(cell >> COUNT_SHIFT & 3) + 1;
	int64_t first = (now.us / TICK_US - (int64_t)age_of(cell, now_ticks)) * TICK_US;
	s.first.us = first < 0 ? 0 : first;
	return s;
}

struct doorkeeper_sight doorkeeper_touch(
	struct doorkeeper *k, uint64_t key, struct doorkeeper_door door, struct wall_time now)
{
	struct bucket *b = bucket_of(k, key);
	uint64_t print = print_of(key), ticks = ticks_of(now), bits = door_bits(door);
	uint64_t *cell = find_cell(b, print);
	if (cell == NULL) {
		cell = choose_victim(b, 0, WAYS - KEPT, ticks);
		*cell = bits | print << PRINT_SHIFT | ticks << TIME_SHIFT;
		return (struct doorkeeper_sight){.answer = DOORKEEPER_NEW};
	}
	struct doorkeeper_sight s = describe(*cell, now, ticks);
	if ((*cell & DOOR_MASK) != bits) {
		s.answer = DOORKEEPER_SECOND;
		*cell = 0;
		return s;
	}
	s.answer = DOORKEEPER_REPEAT;
	if (s.repeats < 4) {
		*cell += UINT64_C(1) << COUNT_SHIFT;
		s.repeats++;
	}
	if (age_of(*cell, ticks) > PATIENT_TICKS && cell < &b->cells[WAYS - KEPT]) {
		uint64_t *kept = choose_victim(b, WAYS - KEPT, WAYS, ticks);
		*kept = *cell;
		*cell = 0;
	}
	return s;
}

void doorkeeper_forget(struct doorkeeper *k, uint64_t key)
{
	uint64_t *cell = find_cell(bucket_of(k, key), print_of(key));
	if (cell != NULL)
		*cell = 0;
}

void doorkeeper_wipe(struct doorkeeper *k)
{
	bucket_table_wipe(&k->table);
}

void *doorkeeper_bytes(struct doorkeeper *k, size_t *size)
{
	*size = bucket_table_bytes(&k->table);
	return k->table.memory;
}
