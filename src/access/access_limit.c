/* SPDX-License-Identifier: ISC */
/*
 * Behind the head both tables are rows of buckets. A pace belongs to one bucket and is looked for in all of its places; a
 * crowd belongs to 16 of them, which it fills one after the other.
 *
 *     head:    { secret, nothing }
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
#include <sys/auxv.h>
#include <sys/random.h>

enum {
	PACE_WAYS = 8,
	PACE_BUCKETS = 8192,
	CROWD_WAYS = 64,
	CROWD_BUCKETS = 512, /* a power of two, so that an odd stride comes to all of them */
	CROWD_PROBES = 16,
};
_Static_assert(CROWD_WAYS * CROWD_PROBES >= ACCESS_LIMIT_CROWD_MAX, "fits");

struct place {
	_Atomic uint64_t key;
	_Atomic uint64_t value; /* time, or visitor */
};

struct tables {
	_Atomic uint64_t secret; /* 0: not drawn yet */
	uint8_t nothing[ACCESS_LIMIT_HEAD_BYTES - sizeof(uint64_t)];
	struct place paces[PACE_BUCKETS][PACE_WAYS];
	struct place crowds[CROWD_BUCKETS][CROWD_WAYS];
};
_Static_assert(sizeof(struct tables) == ACCESS_LIMIT_BYTES, "the promise of the header");

/* A daemon's seccomp filter may forbid getrandom(); the kernel gave every program 16 random bytes when it began. */
static uint64_t draw(void)
{
	uint64_t word = 0;
	const char *at_start = (const char *)getauxval(AT_RANDOM); // NOLINT(performance-no-int-to-ptr): so it is given
	if (getrandom(&word, sizeof word, GRND_NONBLOCK) != (ssize_t)sizeof word && at_start)
		memcpy(&word, at_start + 8, sizeof word);
	return word ? word : 1;
}

/* Once for all who share the memory: they must find the same places. */
static struct keyed_hash hash_of(void *memory)
{
	struct tables *t = memory;
	struct keyed_hash h;
	uint64_t secret = atomic_load(&t->secret);
	if (secret == 0) {
		const uint64_t drawn = draw();
		secret = atomic_compare_exchange_strong(&t->secret, &secret, drawn) ? drawn : secret;
	}
	keyed_hash_init_seeded(&h, secret);
	return h;
}

struct access_limit_key access_limit_key_of(
	void *memory, const char *service, const struct addr *client, unsigned v4_bits, unsigned v6_bits)
{
	const struct keyed_hash hash = hash_of(memory);
	unsigned bits = addr_is_v4(client) ? v4_bits : v6_bits;
	struct prefix block = prefix_of(client, bits);
	uint64_t mixed = 0; /* everybody, of both families */
	if (bits > 0)
		mixed = keyed_hash_pair(
			&hash, addr_high_word(&block.base), addr_low_word(&block.base));
	mixed = keyed_hash_pair(&hash, mixed, bits);
	for (const char *p = service; *p; p++)
		mixed = keyed_hash_pair(&hash, mixed, (uint64_t)tolower((unsigned char)*p));
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

static struct place *crowd_bucket(struct tables *t, uint64_t key, unsigned probe)
{
	const uint64_t stride = key >> 32 | 1;
	return t->crowds[(key + probe * stride) % CROWD_BUCKETS];
}

/* A place is given back only if it is still of the one that was asked about. */
static bool has_left(struct place *p, uint64_t word, access_limit_is_there *is_there, void *self)
{
	if (is_there(self, word_visitor(word)))
		return false;
	atomic_compare_exchange_strong(&p->value, &word, 0);
	return true;
}

/* Counts who is inside with this key; asks for nobody else, for each question costs a look into /proc. */
static unsigned count_inside(
	struct tables *t, uint64_t key, uint64_t self_word, bool *inside, access_limit_is_there *is_there, void *self)
{
	unsigned count = 0;
	*inside = false;
	for (unsigned i = 0; i < CROWD_PROBES * CROWD_WAYS; i++) {
		struct place *p = &crowd_bucket(t, key, i / CROWD_WAYS)[i % CROWD_WAYS];
		const uint64_t word = atomic_load(&p->value);
		if (word == 0 || atomic_load(&p->key) != key)
			continue;
		if (word == self_word)
			*inside = true;
		else if (has_left(p, word, is_there, self))
			continue;
		count++;
	}
	return count;
}

/* The first free place; where there is none, of one who is gone. Null: all are taken. */
static struct place *take_place(struct tables *t, uint64_t key, uint64_t word, access_limit_is_there *is_there, void *self)
{
	for (unsigned i = 0; i < 2 * CROWD_PROBES * CROWD_WAYS; i++) {
		const bool again = i >= CROWD_PROBES * CROWD_WAYS;
		struct place *p = &crowd_bucket(t, key, i / CROWD_WAYS % CROWD_PROBES)[i % CROWD_WAYS];
		uint64_t holder = atomic_load(&p->value);
		if (holder != 0 && (!again || !has_left(p, holder, is_there, self)))
			continue;
		holder = 0;
		if (atomic_compare_exchange_strong(&p->value, &holder, word))
			return p;
	}
	return NULL;
}

enum access_limit_entry access_limit_enter(void *memory, struct access_limit_key key, unsigned most,
	struct access_limit_visitor v, access_limit_is_there *is_there, void *self)
{
	struct tables *t = memory;
	const uint64_t word = visitor_word(v);
	bool inside;
	const unsigned before = count_inside(t, key.value, word, &inside, is_there, self);
	if (inside)
		return ACCESS_LIMIT_INSIDE;
	if (before >= most)
		return ACCESS_LIMIT_REACHED;
	struct place *p = take_place(t, key.value, word, is_there, self);
	if (!p)
		return ACCESS_LIMIT_FULL;
	atomic_store(&p->key, key.value);
	/* Two may have seen the last place free: who counts too many now gives it back, at the worst both. */
	if (count_inside(t, key.value, word, &inside, is_there, self) <= most)
		return ACCESS_LIMIT_INSIDE;
	atomic_store(&p->value, 0);
	return ACCESS_LIMIT_REACHED;
}
