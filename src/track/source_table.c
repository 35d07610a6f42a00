/* SPDX-License-Identifier: ISC */
#include "track/source_table.h"

#include "base/memory.h"
#include "track/bucket_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 4,
	LEAST_BUCKETS = 256,
	TAGS_BYTES = WAYS * sizeof(uint32_t),
	RECORDS_BYTES = WAYS * sizeof(struct source_record),
};

struct source_table {
	struct bucket_table tags;    /* 4 a bucket; 0 = free way */
	struct bucket_table records; /* as many buckets */
	size_t ways;                 /* all of them */
	size_t count;
	uint64_t additions; /* and one */
	uint64_t evictions;
};

struct source_table *source_table_create(size_t bytes)
{
	struct source_table *t = memory_calloc(1, sizeof *t);
	size_t buckets = bytes / (TAGS_BYTES + RECORDS_BYTES);
	buckets = buckets < LEAST_BUCKETS ? LEAST_BUCKETS : buckets;
	t->ways = buckets * WAYS;
	t->additions = 1;
	bucket_table_init(&t->tags, 0, TAGS_BYTES, buckets);
	bucket_table_init(&t->records, 0, RECORDS_BYTES, buckets);
	return t;
}

void source_table_destroy(struct source_table *t)
{
	if (t == NULL)
		return;
	bucket_table_clear(&t->tags);
	bucket_table_clear(&t->records);
	free(t);
}

static size_t first_way(const struct source_table *t, uint64_t key)
{
	return bucket_table_index(&t->tags, key) * WAYS;
}

static uint32_t *tag_at(const struct source_table *t, size_t way)
{
	return (uint32_t *)t->tags.memory + way;
}

static struct source_record *record_at(const struct source_table *t, size_t way)
{
	return (struct source_record *)t->records.memory + way;
}

static uint32_t tag_of(uint64_t key)
{
	uint32_t tag = (uint32_t)key;
	return tag ? tag : 1;
}

void source_table_prefetch_tags(const struct source_table *t, uint64_t key)
{
	__builtin_prefetch(tag_at(t, first_way(t, key)));
}

struct source_record *source_table_prefetch_record(struct source_table *t, uint64_t key)
{
	size_t base = first_way(t, key);
	const uint32_t *tags = tag_at(t, base), tag = tag_of(key);
	for (size_t i = 0; i < WAYS; i++) {
		if (tags[i] == tag) {
			struct source_record *r = record_at(t, base + i);
			__builtin_prefetch(r, 1);
			return r;
		}
	}
	return NULL;
}

struct source_record *source_table_find(
	struct source_table *t, uint64_t key, const struct addr *addr)
{
	size_t base = first_way(t, key);
	const uint32_t *tags = tag_at(t, base), tag = tag_of(key);
	for (size_t i = 0; i < WAYS; i++) {
		struct source_record *r = record_at(t, base + i);
		if (tags[i] == tag && addr_equal(&r->addr, addr))
			return r;
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
		if (*tag_at(t, way) == 0)
			return way;
		if (way != worst && is_less_valuable(record_at(t, way), record_at(t, worst)))
			worst = way;
	}
	return worst;
}

struct source_record *source_table_add(struct source_table *t, uint64_t key,
	const struct addr *addr, struct source_record *evicted)
{
	size_t way = choose_way(t, key);
	struct source_record *r = record_at(t, way);
	if (*tag_at(t, way) != 0) {
		*evicted = *r;
		t->evictions++;
	} else {
		memset(evicted, 0, sizeof *evicted);
		t->count++;
	}
	t->additions++;
	*tag_at(t, way) = tag_of(key);
	memset(r, 0, sizeof *r);
	r->addr = *addr;
	return r;
}

uint64_t source_table_additions(const struct source_table *t)
{
	return t->additions;
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
		if (*tag_at(t, way) != 0)
			return record_at(t, way);
	}
	return NULL;
}

void source_table_wipe(struct source_table *t)
{
	bucket_table_wipe(&t->tags);
	bucket_table_wipe(&t->records);
	t->count = 0;
}

void *source_table_record_bytes(struct source_table *t, size_t *size)
{
	*size = bucket_table_bytes(&t->records);
	return t->records.memory;
}
