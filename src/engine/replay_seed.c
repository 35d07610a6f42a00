/* SPDX-License-Identifier: ISC */
#include "engine/replay_seed.h"

#include "base/keyed_hash.h"

static uint64_t add_event(const struct keyed_hash *h, uint64_t seed, const struct event *e)
{
	uint64_t ports = (uint64_t)e->src_port << 32 | (uint64_t)e->dst_port << 16 | e->proto;
	seed = keyed_hash_pair(h, seed, (uint64_t)e->time.us);
	seed = keyed_hash_pair(h, seed ^ addr_high_word(&e->src), addr_low_word(&e->src));
	seed = keyed_hash_pair(h, seed ^ addr_high_word(&e->dst), addr_low_word(&e->dst));
	return keyed_hash_pair(h, seed, ports ^ (uint64_t)e->seq << 24);
}

uint64_t replay_seed_make(const struct event *events, size_t count)
{
	struct keyed_hash h;
	uint64_t seed = count;
	keyed_hash_init_seeded(&h, 1);
	for (size_t i = 0; i < count; i++)
		seed = add_event(&h, seed, &events[i]);
	return seed ? seed : 1;
}
