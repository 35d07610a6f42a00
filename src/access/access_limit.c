/* SPDX-License-Identifier: ISC */
/*
 * Both tables are rows of buckets; a key belongs to one bucket and is looked for in all of its places.
 *
 *     paces:   bucket = 8 x { key, time }     time: when the key's allowance is whole again
 *     crowds:  bucket = 64 x { key, visitor }
 *
 * A place changes hands by one compare-and-swap: of the key of a pace, of the visitor of a crowd (0: free). In between
 * its other word is the former holder's: an allowance, for a moment, or a visitor who counts for another
 * key until he is looked for and not found.
 */
#include "access/access_limit.h"

#include "base/keyed_hash.h"
#include "net/prefix.h"

#include <ctype.h>
#include <stdatomic.h>
#include <string.h>

enum {
	PACE_WAYS = 8,
	PACE_BUCKETS = 8192,
	CROWD_WAYS = 64,
	CROWD_BUCKETS = 512,
};

struct place {
	_Atomic uint64_t key;
	_Atomic uint64_t value; /* time, or visitor */
};

struct tables {
	struct place paces[PACE_BUCKETS][PACE_WAYS];
	struct place crowds[CROWD_BUCKETS][CROWD_WAYS];
};
_Static_assert(sizeof(struct tables) == ACCESS_LIMIT_BYTES, "the promise of the header");

/* Not random: processes that do not know each other must find the same place. A client that picks its addresses to
 * collide shares one allowance with itself; one that fills a bucket can at the worst be let in. */
static const struct keyed_hash shared_hash = {
	{0x9e3779b97f4a7c15, 0xbf58476d1ce4e5b9, 0x94d049bb133111eb}};

struct access_limit_key access_limit_key_of(
	const char *service, const struct addr *client, unsigned v4_bits, unsigned v6_bits)
{
	unsigned bits = addr_is_v4(client) ? v4_bits : v6_bits;
	struct prefix block = prefix_of(client, bits);
	uint64_t mixed = 0; /* everybody, of both families */
	if (bits > 0)
		mixed = keyed_hash_pair(
			&shared_hash, addr_high_word(&block.base), addr_low_word(&block.base));
	mixed = keyed_hash_pair(&shared_hash, mixed, bits);
	for (const char *p = service; *p; p++)
		mixed = keyed_hash_pair(&shared_hash, mixed, (uint64_t)tolower((unsigned char)*p));
	return (struct access_limit_key){mixed ? mixed : 1};
}

/* The key's place, or one that may be had; null when another process took it meanwhile. */
static struct place *pace_place(struct place bucket[PACE_WAYS], uint64_t key, bool *fresh)
{
	struct place *best = NULL;
	uint64_t best_time = UINT64_MAX, best_key = 0;
	for (unsigned i = 0; i < PACE_WAYS; i++) {
		uint64_t holder = atomic_load(&bucket[i].key);
		if (holder == key) {
			*fresh = false;
			return &bucket[i];
		}
		uint64_t time = holder == 0 ? 0 : atomic_load(&bucket[i].value);
		if (!best || time < best_time) {
			best = &bucket[i];
			best_time = time;
			best_key = holder;
		}
	}
	*fresh = true;
	return atomic_compare_exchange_strong(&best->key, &best_key, key) ? best : NULL;
}

bool access_limit_pace(void *memory, struct access_limit_key key, unsigned count, uint64_t span_ns,
	uint64_t now_ns)
{
	enum { TRIES = 16 }; /* each lost to a process that got on */
	struct tables *t = memory;
	struct place *bucket = t->paces[key.value % PACE_BUCKETS];
	uint64_t step = span_ns / count;
	for (unsigned i = 0; i < TRIES; i++) {
		bool fresh;
		struct place *p = pace_place(bucket, key.value, &fresh);
		if (!p)
			continue;
		uint64_t whole = atomic_load(&p->value);
		/* From a clock that began anew, or from nobody's hand: as if all had just been used up, and kept so. */
		if (!fresh && whole > now_ns + span_ns) {
			atomic_compare_exchange_strong(&p->value, &whole, now_ns + span_ns);
			return false;
		}
		uint64_t next = (!fresh && whole > now_ns ? whole : now_ns) + step;
		if (next > now_ns + span_ns)
			return false;
		if (atomic_compare_exchange_strong(&p->value, &whole, next))
			return true;
	}
	return false;
}

static uint64_t visitor_word(struct access_limit_visitor v)
{
	return (uint64_t)v.pid << 32 | v.started;
}

static struct access_limit_visitor word_visitor(uint64_t word)
{
	return (struct access_limit_visitor){(uint32_t)(word >> 32), (uint32_t)word};
}

/* Gives places of those who are gone back; counts who is inside with this key. */
static unsigned count_inside(struct place bucket[CROWD_WAYS], uint64_t key, uint64_t self_word,
	bool *inside, access_limit_is_there *is_there, void *self)
{
	unsigned count = 0;
	*inside = false;
	for (unsigned i = 0; i < CROWD_WAYS; i++) {
		uint64_t word = atomic_load(&bucket[i].value);
		if (word == 0)
			continue;
		if (word != self_word && !is_there(self, word_visitor(word))) {
			/* Only if it is still the one that was asked about. */
			atomic_compare_exchange_strong(&bucket[i].value, &word, 0);
		} else if (atomic_load(&bucket[i].key) == key) {
			count++;
			*inside = *inside || word == self_word;
		}
	}
	return count;
}

bool access_limit_enter(void *memory, struct access_limit_key key, unsigned most,
	struct access_limit_visitor v, access_limit_is_there *is_there, void *self)
{
	struct tables *t = memory;
	struct place *bucket = t->crowds[key.value % CROWD_BUCKETS];
	uint64_t word = visitor_word(v);
	bool inside;
	if (count_inside(bucket, key.value, word, &inside, is_there, self) >= most && !inside)
		return false;
	for (unsigned i = 0; !inside && i < CROWD_WAYS; i++) {
		uint64_t none = 0;
		if (!atomic_compare_exchange_strong(&bucket[i].value, &none, word))
			continue;
		atomic_store(&bucket[i].key, key.value);
		/* Two may have seen the last place free: who counts too many now gives it back, at the worst both. */
		if (count_inside(bucket, key.value, word, &inside, is_there, self) <= most)
			return true;
		atomic_store(&bucket[i].value, 0);
		return false;
	}
	return inside;
}
