/* SPDX-License-Identifier: ISC */
#include "access/access_place_table.h"

#include "access/access_sort.h"

#include <endian.h>

_Static_assert(sizeof(struct access_place_bucket) == 64, "a cache line");
_Static_assert(sizeof(struct access_place_overflow) == 16, "access_sort");

static const struct access_place_overflow *overflow_at(const struct access_place_table *t, uint64_t i)
{
	return access_bytes_at(t->bytes, t->overflow + i * sizeof(struct access_place_overflow),
		sizeof(struct access_place_overflow));
}

static uint64_t first_overflow(const struct access_place_table *t, uint64_t hash)
{
	uint64_t low = 0, high = t->overflow_count;
	while (low < high) {
		uint64_t middle = low + (high - low) / 2;
		const struct access_place_overflow *o = overflow_at(t, middle);
		if (o == NULL)
			return t->overflow_count;
		if (o->hash < hash)
			low = middle + 1;
		else
			high = middle;
	}
	return low;
}

/* Which slots from `first` on have the tag, a bit each; without a branch for each, which nobody could foresee. */
static unsigned slots_with(const struct access_place_bucket *b, uint32_t tag, unsigned first)
{
	unsigned found = 0;
	for (unsigned i = 0; i < ACCESS_PLACE_TABLE_BUCKET; i++)
		found |= (unsigned)(b->tag[i] == tag) << i;
	return found >> first << first;
}

uint32_t access_place_table_next(const struct access_place_table *t, struct access_place_walk *w)
{
	if (t->bucket_count == 0)
		return ACCESS_PLACE_TABLE_END;
	if (!w->overflowed) {
		const struct access_place_bucket *b = access_bytes_at(
			t->bytes, t->buckets + access_place_table_bucket(t, w->hash) * sizeof *b, sizeof *b);
		const unsigned found = b != NULL ? slots_with(b, (uint32_t)w->hash, (unsigned)w->at) : 0;
		if (found != 0) {
			const unsigned slot = (unsigned)__builtin_ctz(found);
			w->at = slot + 1;
			return b->place[slot];
		}
		if (b != NULL && b->place[ACCESS_PLACE_TABLE_BUCKET - 1] == ACCESS_PLACE_TABLE_END)
			return ACCESS_PLACE_TABLE_END;
		w->overflowed = true;
		w->at = first_overflow(t, w->hash);
	}
	const struct access_place_overflow *o = w->at < t->overflow_count ? overflow_at(t, w->at) : NULL;
	if (o == NULL || o->hash != w->hash)
		return ACCESS_PLACE_TABLE_END;
	w->at++;
	return o->place;
}

/* What is sorted. */
struct entry {
	unsigned char hash[8]; /* big-endian */
	uint32_t place;
	uint32_t unused;
};
_Static_assert(sizeof(struct entry) == 16, "access_sort");

void access_place_table_add(struct access_pile *entries, uint64_t hash, uint32_t place)
{
	struct entry e = {.place = place};
	uint64_t big = htobe64(hash);
	memcpy(e.hash, &big, sizeof big);
	access_pile_add_bytes(entries, &e, sizeof e);
}

static uint64_t hash_of(const struct entry *e)
{
	uint64_t big;
	memcpy(&big, e->hash, sizeof big);
	return be64toh(big);
}

static void put_in(struct access_place_bucket *b, struct access_pile *late, const struct entry *e)
{
	for (unsigned i = 0; i < ACCESS_PLACE_TABLE_BUCKET; i++) {
		if (b->place[i] == ACCESS_PLACE_TABLE_END) {
			b->tag[i] = (uint32_t)hash_of(e);
			b->place[i] = e->place;
			return;
		}
	}
	access_pile_add_bytes(late, e, sizeof *e);
}

static bool sort_late(struct access_pile *late, struct access_pile *overflow)
{
	if (!access_sort_records(late, sizeof(struct entry), sizeof(uint64_t)))
		return false;
	const struct entry *e = (const void *)late->bytes;
	for (size_t n = late->used / sizeof *e; n > 0; n--, e++) {
		const struct access_place_overflow o = {.hash = hash_of(e), .place = e->place};
		access_pile_add_bytes(overflow, &o, sizeof o);
	}
	return !overflow->failed;
}

bool access_place_table_build(struct access_pile *entries, struct access_pile *buckets, struct access_pile *overflow)
{
	enum {
		USUAL_LOAD = 4,    /* of 8: two buckets of a hundred overflow */
		NEIGHBOURHOOD = 3, /* bytes of the hash that are sorted by, so that buckets are filled side by side */
	};
	if (!access_sort_records(entries, sizeof(struct entry), NEIGHBOURHOOD))
		return false;
	const struct entry *e = (const void *)entries->bytes;
	const size_t count = entries->used / sizeof *e;
	if (count == 0)
		return true;
	const struct access_place_table shape = {.bucket_count = (count + USUAL_LOAD - 1) / USUAL_LOAD};
	struct access_place_bucket *b = access_pile_add(buckets, shape.bucket_count * sizeof *b);
	if (b == NULL)
		return false;
	memset(b, 0xff, shape.bucket_count * sizeof *b);
	struct access_pile late = {0};
	for (size_t i = 0; i < count; i++)
		put_in(&b[access_place_table_bucket(&shape, hash_of(&e[i]))], &late, &e[i]);
	const bool good = sort_late(&late, overflow);
	access_pile_clear(&late);
	return good;
}
