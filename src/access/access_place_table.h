/* SPDX-License-Identifier: ISC */
/*
 * access_place_table - where a text or an address stands first in the rules of a group.
 *
 * A hash table of buckets of 64 bytes, the size of a cache line: a look-up that finds nothing, as most do, touches one line and
 * compares nothing. A bucket that is full is continued in a sorted list. What the table gives is a candidate: whoever asks
 * compares the word that stands there. What is read may be anything: a look-up stays inside the two lists, and ends; what
 * cannot be read is told by the bytes.
 *
 * Tests: tests/unit/access/test_access_place_table.c
 */
#ifndef KW_ACCESS_ACCESS_PLACE_TABLE_H
#define KW_ACCESS_ACCESS_PLACE_TABLE_H

#include "access/access_bytes.h"
#include "access/access_pile.h"

enum { ACCESS_PLACE_TABLE_BUCKET = 8 };
#define ACCESS_PLACE_TABLE_END UINT32_MAX

/* As they stand in the file. */
struct access_place_bucket {
	uint32_t tag[ACCESS_PLACE_TABLE_BUCKET];   /* lower half of the hash */
	uint32_t place[ACCESS_PLACE_TABLE_BUCKET]; /* ACCESS_PLACE_TABLE_END: unused, and all behind it */
};
struct access_place_overflow {
	uint64_t hash; /* sorted by it */
	uint32_t place;
	uint32_t unused;
};

struct access_place_table {
	struct access_bytes *bytes; /* borrowed */
	uint64_t buckets;           /* where in them; a multiple of 64, as the other */
	uint64_t bucket_count;      /* at most 2^32 */
	uint64_t overflow;
	uint64_t overflow_count;
};

/* The bucket of a hash; there must be one. */
static inline uint64_t access_place_table_bucket(const struct access_place_table *t, uint64_t hash)
{
	return (hash >> 32) * t->bucket_count >> 32;
}
/* Asks memory for what a look-up will need. */
static inline void access_place_table_prefetch(const struct access_place_table *t, uint64_t hash)
{
	if (t->bucket_count > 0 && t->bytes->memory != NULL)
		__builtin_prefetch(t->bytes->memory + t->buckets +
				   access_place_table_bucket(t, hash) * sizeof(struct access_place_bucket));
}

/* A walk over the candidates of one hash, in rising order. Begin with {.hash = ...}. */
struct access_place_walk {
	uint64_t hash;
	uint64_t at;     /* next slot of the bucket, then next of the overflow */
	bool overflowed;
};
/* The next candidate's place; ACCESS_PLACE_TABLE_END when there is none any more. */
uint32_t access_place_table_next(const struct access_place_table *t, struct access_place_walk *walk);

/* Building: places go on a pile with their hashes; those of the same hash in rising order. */
void access_place_table_add(struct access_pile *entries, uint64_t hash, uint32_t place);
/* Makes the lists of the pile, which is put in another order by it. False without memory. */
bool access_place_table_build(struct access_pile *entries, struct access_pile *buckets, struct access_pile *overflow);

#endif
