/* SPDX-License-Identifier: ISC */
/*
 * A cell: fingerprint 32 bits | second of the last answer 32 bits. 8 a cache line, 512 KiB in all:
 * a large network's services.
 *
 * Nearly every question is about a door that nobody offers. So a bit for each of 2^18 classes of keys
 * (32 KiB, in the first cache) answers first; a bit once set stays, for a closed door costs only the
 * look it saved.
 */
#include "track/service_table.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
	WAYS = 8,
	BUCKETS = 8192,
	CLASS_BITS = 18,
};

struct service_table {
	_Alignas(64) uint64_t cells[BUCKETS][WAYS];
	uint64_t classes[(1 << CLASS_BITS) / 64]; /* one bit for each class of keys ever opened */
};

struct service_table *service_table_create(void)
{
	return memory_map_table(sizeof(struct service_table));
}

void service_table_destroy(struct service_table *t)
{
	memory_unmap_table(t, sizeof *t);
}

static uint64_t print_of(uint64_t key)
{
	uint64_t print = key >> 32;
	return print ? print : 1;
}

/* Bits of the key that choose neither the bucket nor all of the fingerprint. */
static uint32_t class_of(uint64_t key)
{
	return (uint32_t)(key >> 13) & ((1u << CLASS_BITS) - 1);
}

static int find_way(const uint64_t *cells, uint64_t print)
{
	for (int i = 0; i < WAYS; i++) {
		if (cells[i] >> 32 == print)
			return i;
	}
	return -1;
}

void service_table_open(struct service_table *t, uint64_t key, struct wall_time now)
{
	uint64_t *cells = t->cells[key % BUCKETS], print = print_of(key);
	int way = find_way(cells, print);
	if (way < 0) {
		way = 0;
		for (int i = 1; i < WAYS; i++) {
			if ((uint32_t)cells[i] < (uint32_t)cells[way])
				way = i;
		}
	}
	cells[way] = print << 32 | (uint32_t)wall_time_seconds(now);
	t->classes[class_of(key) / 64] |= UINT64_C(1) << class_of(key) % 64;
}

bool service_table_close(struct service_table *t, uint64_t key)
{
	uint64_t *cells = t->cells[key % BUCKETS];
	int way = find_way(cells, print_of(key));
	if (way < 0)
		return false;
	cells[way] = 0;
	return true;
}

void service_table_prefetch(const struct service_table *t, uint64_t key)
{
	__builtin_prefetch(&t->classes[class_of(key) / 64]);
}

bool service_table_is_open(const struct service_table *t, uint64_t key)
{
	if (!(t->classes[class_of(key) / 64] >> class_of(key) % 64 & 1))
		return false;
	return find_way(t->cells[key % BUCKETS], print_of(key)) >= 0;
}
