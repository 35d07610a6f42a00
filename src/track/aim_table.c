/* SPDX-License-Identifier: ISC */
#include "track/aim_table.h"

#include "base/memory.h"

#include <math.h>

enum {
	WAYS = 2,        /* two lines side by side: the processor fetches them as one */
	BUCKETS = 16384, /* 2 MiB: a network of hosts with all their busy ports */
};

struct aim_table {
	_Alignas(128) struct aim_record records[BUCKETS][WAYS];
};

struct aim_table *aim_table_create(void)
{
	return memory_map_table(sizeof(struct aim_table));
}

void aim_table_destroy(struct aim_table *t)
{
	memory_unmap_table(t, sizeof *t);
}

void aim_table_prefetch(const struct aim_table *t, uint64_t key)
{
	__builtin_prefetch(&t->records[key % BUCKETS][0], 1);
	__builtin_prefetch(&t->records[key % BUCKETS][1], 1);
}

static bool is_at(const struct aim_record *r, const struct addr *addr, uint8_t space, uint16_t port)
{
	return r->used && r->port == port && r->space == space && addr_equal(&r->addr, addr);
}

/* A free record, else the longest quiet one. */
static struct aim_record *choose_victim(struct aim_record *bucket)
{
	struct aim_record *victim = bucket;
	for (int i = 1; i < WAYS; i++) {
		struct aim_record *r = &bucket[i];
		if (victim->used && (!r->used || r->last_s < victim->last_s))
			victim = r;
	}
	return victim;
}

static struct aim_record *find_record(struct aim_record *bucket, const struct addr *addr,
	uint8_t space, uint16_t port, uint32_t second)
{
	for (int i = 0; i < WAYS; i++) {
		if (is_at(&bucket[i], addr, space, port))
			return &bucket[i];
	}
	struct aim_record *r = choose_victim(bucket);
	*r = (struct aim_record){.addr = *addr,
		.space = space,
		.port = port,
		.used = 1,
		.first_s = second,
		.window_s = second};
	return r;
}

/* The first packet of a second: what is over then? */
static void begin_second(struct aim_record *r, uint32_t second)
{
	/* Once a minute of the packets that come, the callers of by then become the old ones. */
	if (second / 60 != r->last_s / 60)
		r->callers_before = r->callers;
	if (second - r->window_s >= AIM_WINDOW_S) {
		r->window_s = second;
		r->window_packets = 0;
	}
	r->last_s = second;
}

struct aim_record *aim_table_touch(struct aim_table *t, uint64_t key, const struct addr *addr,
	uint8_t space, uint16_t port, uint64_t source_hash, struct wall_time now)
{
	uint32_t second = (uint32_t)wall_time_seconds(now);
	struct aim_record *r = find_record(t->records[key % BUCKETS], addr, space, port, second);
	if (second != r->last_s)
		begin_second(r, second);
	r->packets += r->packets < UINT32_MAX;
	r->window_packets++;
	uint64_t bit = UINT64_C(1) << (source_hash >> 58);
	r->returns += (r->callers_before & bit) != 0;
	r->callers |= bit;
	return r;
}

unsigned aim_record_callers(const struct aim_record *r)
{
	int set = __builtin_popcountll(r->callers);
	return (unsigned)(-64.0 * log(1.0 - (set < 63 ? set : 63) / 64.0) + 0.5);
}

bool aim_table_has_touched(const struct aim_table *t, uint64_t key, const struct addr *addr,
	uint8_t space, uint16_t port)
{
	const struct aim_record *bucket = t->records[key % BUCKETS];
	for (int i = 0; i < WAYS; i++) {
		if (is_at(&bucket[i], addr, space, port))
			return true;
	}
	return false;
}
