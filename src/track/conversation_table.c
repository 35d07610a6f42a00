/* SPDX-License-Identifier: ISC */
/* A cell: fingerprint 24 bits | time 8 bits in units of 64 s (wraps after 4.5 hours, used only to
 * choose the oldest of a bucket). A zero cell is free. */
#include "track/conversation_table.h"

#include "base/memory.h"
#include "track/bucket_table.h"

#include <stdlib.h>

enum {
	WAYS = 16,
	LEAST_BUCKETS = 1024,
};

struct bucket {
	_Alignas(64) uint32_t cells[WAYS];
};

struct conversation_table {
	struct bucket_table table;
};

struct conversation_table *conversation_table_create(size_t bytes)
{
	struct conversation_table *t = memory_calloc(1, sizeof *t);
	bucket_table_init(&t->table, bytes, sizeof(struct bucket), LEAST_BUCKETS);
	return t;
}

void conversation_table_destroy(struct conversation_table *t)
{
	if (t == NULL)
		return;
	bucket_table_clear(&t->table);
	free(t);
}

static struct bucket *bucket_of(const struct conversation_table *t, uint64_t key)
{
	return (struct bucket *)t->table.memory + bucket_table_index(&t->table, key);
}

void conversation_table_prefetch(const struct conversation_table *t, uint64_t key)
{
	__builtin_prefetch(bucket_of(t, key), 1);
}

static uint32_t print_of(uint64_t key)
{
	uint32_t print = (uint32_t)key & 0xffffff;
	return print ? print : 1;
}

static int find_way(const struct bucket *b, uint32_t print)
{
	for (int i = 0; i < WAYS; i++) {
		if (b->cells[i] >> 8 == print)
			return i;
	}
	return -1;
}

void conversation_table_note(struct conversation_table *t, uint64_t key, struct wall_time now)
{
	struct bucket *b = bucket_of(t, key);
	uint32_t print = print_of(key), tick = (uint32_t)(now.us / (64 * CLOCK_US_PER_S)) & 0xff;
	int way = find_way(b, print);
	if (way < 0) {
		uint32_t oldest = 0;
		way = 0;
		for (int i = 0; i < WAYS; i++) {
			if (b->cells[i] == 0) {
				way = i;
				break;
			}
			uint32_t age = (tick - b->cells[i]) & 0xff;
			if (age > oldest) {
				oldest = age;
				way = i;
			}
		}
	}
	b->cells[way] = print << 8 | tick;
}

bool conversation_table_knows(const struct conversation_table *t, uint64_t key)
{
	return find_way(bucket_of(t, key), print_of(key)) >= 0;
}
