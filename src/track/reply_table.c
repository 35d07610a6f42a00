/* SPDX-License-Identifier: ISC */
#include "track/reply_table.h"

#include "base/memory.h"

#include <stdlib.h>
#include <string.h>

enum { WAYS = 4 };

struct reply_table {
	struct reply_record *records;
	uint64_t mask; /* buckets - 1 */
	size_t bytes;
};

struct reply_table *reply_table_create(size_t bytes)
{
	struct reply_table *t = memory_calloc(1, sizeof *t);
	size_t count = 1024;
	while (count * 2 * sizeof(struct reply_record) <= bytes)
		count *= 2;
	t->mask = count / WAYS - 1;
	t->bytes = count * sizeof(struct reply_record);
	t->records = memory_map_table(t->bytes);
	return t;
}

void reply_table_destroy(struct reply_table *t)
{
	if (t == NULL)
		return;
	memory_unmap_table(t->records, t->bytes);
	free(t);
}

void reply_table_prefetch(const struct reply_table *t, uint64_t key)
{
	__builtin_prefetch(&t->records[(key & t->mask) * WAYS], 1);
}

struct reply_record *reply_table_touch(struct reply_table *t, uint64_t key, const struct addr *addr,
	uint16_t src_port, struct wall_time now)
{
	struct reply_record *bucket = &t->records[(key & t->mask) * WAYS], *victim = bucket;
	for (int i = 0; i < WAYS; i++) {
		struct reply_record *r = &bucket[i];
		if (r->used && r->src_port == src_port && addr_equal(&r->addr, addr))
			return r;
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
