/* SPDX-License-Identifier: ISC */
/* A cell: fingerprint 32 bits | second of the last answer 32 bits. 8 a cache line, 512 KiB in all:
 * a large network's services, resident in the second-level cache. */
#include "track/service_table.h"

#include "base/memory.h"

#include <stdlib.h>

enum {
	WAYS = 8,
	BUCKETS = 8192,
};

struct service_table {
	_Alignas(64) uint64_t cells[BUCKETS][WAYS];
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
}

void service_table_close(struct service_table *t, uint64_t key)
{
	uint64_t *cells = t->cells[key % BUCKETS];
	int way = find_way(cells, print_of(key));
	if (way >= 0)
		cells[way] = 0;
}

void service_table_prefetch(const struct service_table *t, uint64_t key)
{
	__builtin_prefetch(t->cells[key % BUCKETS]);
}

bool service_table_is_open(const struct service_table *t, uint64_t key)
{
	return find_way(t->cells[key % BUCKETS], print_of(key)) >= 0;
}
