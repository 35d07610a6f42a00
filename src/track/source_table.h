/* SPDX-License-Identifier: ISC */
/*
 * source_table - one cache line for every source that came to a second door.
 *
 * The second stage of source memory: fixed size, 4-way buckets, tags apart from records so that a
 * miss costs one line. When a bucket is full the least valuable record goes: no dossier before one
 * with, few targets before many, old before new; drops are counted. Records point to their dossier
 * (details) by number.
 */
#ifndef KW_TRACK_SOURCE_TABLE_H
#define KW_TRACK_SOURCE_TABLE_H

#include "track/source_record.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct source_table;

/* As many whole buckets as fit into `bytes`, at least 1024 records. */
struct source_table *source_table_create(size_t bytes);
void source_table_destroy(struct source_table *t);

void source_table_prefetch_tags(const struct source_table *t, uint64_t key);
/* Fetches what is most likely the record of a key, and returns it unread; null if there surely is none. */
struct source_record *source_table_prefetch_record(struct source_table *t, uint64_t key);

/* The record of a source, or null. Stays valid until the next source_table_add. */
struct source_record *source_table_find(
	struct source_table *t, uint64_t key, const struct addr *addr);

/*
 * A fresh record for a source that has none. `evicted` (not null) receives the record that had to
 * go, or has packets == 0 if none had to: its dossier number must be freed by the caller.
 */
struct source_record *source_table_add(struct source_table *t, uint64_t key,
	const struct addr *addr, struct source_record *evicted);

/* How many records were ever added; 0 is never one of a table in use, for it begins at 1. */
uint64_t source_table_additions(const struct source_table *t);
uint64_t source_table_evictions(const struct source_table *t);
size_t source_table_count(const struct source_table *t);

/* Walks all records: start with *cursor = 0; null at the end. */
struct source_record *source_table_next(struct source_table *t, size_t *cursor);

/* Forgets all records; those pushed out stay counted. */
void source_table_wipe(struct source_table *t);

/* The memory of the records; its size in bytes. */
void *source_table_record_bytes(struct source_table *t, size_t *size);

#endif
