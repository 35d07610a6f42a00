/* SPDX-License-Identifier: ISC */
#include "track/reply_table.h"

#include "base/memory.h"
#include "track/bucket_table.h"

#include <stdlib.h>
#include <string.h>

enum {
	WAYS = 4,
	LEAST_BUCKETS = 256,
};

struct reply_table {
	struct bucket_table table;
};

struct reply_table *reply_table_create(size_t bytes)
{
	struct reply_table *t = memory_calloc(1, sizeof *t);
	bucket_table_init(&t->table, bytes, WAYS * sizeof(struct reply_record), LEAST_BUCKETS);
	return t;
}

void reply_table_destroy(struct reply_table *t)
{
	if (t == NULL)
		return;
	bucket_table_clear(&t->table);
	free(t);
}

static struct reply_record *bucket_of(const struct reply_table *t, uint64_t key)
{
	return (struct reply_record *)t->table.memory + bucket_table_index(&t->table, key) * WAYS;
}

void reply_table_prefetch(const struct reply_table *t, uint64_t key)
{
	const struct reply_record *bucket = bucket_of(t, key);
	__builtin_prefetch(bucket, 1);
}

struct reply_record *reply_table_find(
	struct reply_table *t, uint64_t key, const struct addr *addr, uint16_t src_port)
{
	struct reply_record *bucket = bucket_of(t, key);
	for (int i = 0; i < WAYS; i++) {
		struct reply_record *r = &bucket[i];
		if (r->used && r->src_port == src_port && addr_equal(&r->addr, addr))
			return r;
	}
	return NULL;
}

struct reply_record *reply_table_touch(struct reply_table *t, uint64_t key, const struct addr *addr,
	uint16_t src_port, struct wall_time now)
{
	struct reply_record *bucket = bucket_of(t, key), *victim = bucket;
	struct reply_record *known = reply_table_find(t, key, addr, src_port);
	if (known != NULL)
		return known;
	for (int i = 0; i < WAYS; i++) {
		struct reply_record *r = &bucket[i];
		if (victim->used && (!r->used || r->last_s < victim->last_s))
			victim = r;
	}
	memset(victim, 0, sizeof *victim);
	victim->addr = *addr;
	victim->src_port = src_port;
	victim->used = 1;
	victim->first_s = victim->last_s = (uint32_t)wall_time_seconds(now);
	return victim;
}
