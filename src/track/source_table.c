/* SPDX-License-Identifier: ISC */
#include "track/source_table.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4 };

struct source_table {
	uint32_t *tags; /* 4 a bucket; 0 = free way */
	struct source_record *records;
	uint64_t mask; /* buckets - 1 */
	size_t ways;   /* all of them */
	size_t count;
	uint64_t evictions;
};

struct source_table *source_table_create(size_t bytes)
{
	struct source_table *t = memory_calloc(1, sizeof *t);
	size_t ways = 1024;
	while (ways * 2 * (sizeof(struct source_record) + sizeof(uint32_t)) <= bytes)
		ways *= 2;
	t->ways = ways;
	t->mask = ways / WAYS - 1;
	t->tags = memory_map_table(ways * sizeof *t->tags);
	t->records = memory_map_table(ways * sizeof *t->records);
	return t;
}

void source_table_destroy(struct source_table *t)
{
	if (t == NULL)
		return;
	memory_unmap_table(t->tags, t->ways * sizeof *t->tags);
	memory_unmap_table(t->records, t->ways * sizeof *t->records);
	free(t);
}

static size_t first_way(const struct source_table *t, uint64_t key)
{
	return (size_t)(key & t->mask) * WAYS;
}

/* The low bits choose the bucket, the high ones tell sources in it apart. */
static uint32_t tag_of(uint64_t key)
{
	uint32_t tag = (uint32_t)(key >> 32);
	return tag ? tag : 1;
}

void source_table_prefetch_tags(const struct source_table *t, uint64_t key)
{
	__builtin_prefetch(&t->tags[first_way(t, key)]);
}

bool source_table_prefetch_record(const struct source_table *t, uint64_t key)
{
	size_t base = first_way(t, key);
	uint32_t tag = tag_of(key);
	bool any = false;
	for (size_t way = base; way < base + WAYS; way++) {
		if (t->tags[way] == tag) {
			__builtin_prefetch(&t->records[way], 1);
			any = true;
		}
	}
	return any;
}

struct source_record *source_table_find(
	struct source_table *t, uint64_t key, const struct addr *addr)
{
	size_t base = first_way(t, key);
	uint32_t tag = tag_of(key);
	for (size_t way = base; way < base + WAYS; way++) {
		if (t->tags[way] == tag && addr_equal(&t->records[way].addr, addr))
			return &t->records[way];
	}
	return NULL;
}

/* True where `a` is worth less than `b`. */
static bool is_less_valuable(const struct source_record *a, const struct source_record *b)
{
	if ((a->dossier == 0) != (b->dossier == 0))
		return a->dossier == 0;
	unsigned targets_a = a->targets_count > 4 ? 4 : a->targets_count;
	unsigned targets_b = b->targets_count > 4 ? 4 : b->targets_count;
	if (targets_a != targets_b)
		return targets_a < targets_b;
	return a->last_s < b->last_s;
}

static size_t choose_way(struct source_table *t, uint64_t key)
{
	size_t base = first_way(t, key), worst = base;
	for (size_t way = base; way < base + WAYS; way++) {
		if (t->tags[way] == 0)
			return way;
		if (way != worst && is_less_valuable(&t->records[way], &t->records[worst]))
			worst = way;
	}
	return worst;
}

struct source_record *source_table_add(struct source_table *t, uint64_t key,
	const struct addr *addr, struct source_record *evicted)
{
	size_t way = choose_way(t, key);
	struct source_record *r = &t->records[way];
	if (t->tags[way] != 0) {
		*evicted = *r;
		t->evictions++;
	} else {
		memset(evicted, 0, sizeof *evicted);
		t->count++;
	}
	t->tags[way] = tag_of(key);
	memset(r, 0, sizeof *r);
	r->addr = *addr;
	return r;
}

uint64_t source_table_evictions(const struct source_table *t)
{
	return t->evictions;
}

size_t source_table_count(const struct source_table *t)
{
	return t->count;
}

struct source_record *source_table_next(struct source_table *t, size_t *cursor)
{
	while (*cursor < t->ways) {
		size_t way = (*cursor)++;
		if (t->tags[way] != 0)
			return &t->records[way];
	}
	return NULL;
}

void source_table_recount(struct source_table *t)
{
	t->count = 0;
	for (size_t way = 0; way < t->ways; way++)
		t->count += t->tags[way] != 0;
}

void *source_table_tag_bytes(struct source_table *t, size_t *size)
{
	*size = t->ways * sizeof *t->tags;
	return t->tags;
}

void *source_table_record_bytes(struct source_table *t, size_t *size)
{
	*size = t->ways * sizeof *t->records;
	return t->records;
}
