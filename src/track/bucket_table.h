/* SPDX-License-Identifier: ISC */
/*
 * bucket_table - the memory of a hash table of equal buckets, as many of them as fit.
 *
 * Any number of buckets, not only powers of two, so that no memory that was granted lies idle. A
 * bucket is chosen by the high half of the key (multiply-shift, Lemire 2016: a fair share of it
 * without a division); what tells the keys of one bucket apart must come from the low half.
 *
 * Zeroed at the start, never grows, takes no page before it is touched.
 *
 * Owner: embedded in the tables of track/.   Tests: tests/unit/track/test_bucket_table.c
 */
#ifndef KW_TRACK_BUCKET_TABLE_H
#define KW_TRACK_BUCKET_TABLE_H

#include <stddef.h>
#include <stdint.h>

struct bucket_table {
	void *memory;        /* the buckets, one behind the other, on a page boundary */
	uint64_t count;      /* buckets; below 2^32 */
	size_t bucket_bytes; /* of one */
};

/* As many buckets as fit into `bytes` and at least `least` of them. */
void bucket_table_init(struct bucket_table *t, size_t bytes, size_t bucket_bytes, uint64_t least);
/* Gives the memory back; the table must not be used until it is initialised again. */
void bucket_table_clear(struct bucket_table *t);

/* Makes all buckets zero again and gives their pages back. */
void bucket_table_wipe(struct bucket_table *t);

static inline size_t bucket_table_bytes(const struct bucket_table *t)
{
	return t->count * t->bucket_bytes;
}

/* The number of a key's bucket, below count. */
static inline size_t bucket_table_index(const struct bucket_table *t, uint64_t key)
{
	return (size_t)((key >> 32) * t->count >> 32);
}

#endif
