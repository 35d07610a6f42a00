/* SPDX-License-Identifier: ISC */
/*
 * journal_index - makes the index from the records of the journal, one after another.
 *
 * The same for a watch, which follows its own journal, and for reindex, which begins at the first record: so
 * both make the same of it. Incidents, single knocks and hourly counts go into the index, all other
 * events only move its place on. A record that cannot be understood is counted and passed over.
 *
 * Tests: tests/unit/store/test_journal_index.c   Fuzz: fuzz/store/fuzz_journal_index.c
 */
#ifndef KW_STORE_JOURNAL_INDEX_H
#define KW_STORE_JOURNAL_INDEX_H

#include "store/journal_walk.h"
#include "store/store.h"

struct journal_index;

/* Begins behind the newest record that `s` has. Both are borrowed. Null with the reason, also where the
 * index has a record that is not this journal's (FOREIGN). */
struct journal_index *journal_index_open(
	const char *state, struct store *s, struct store_error *error);
/* Accepts null. */
void journal_index_close(struct journal_index *i);

/* Takes at most `most` records that are there; stops earlier while the index cannot be written. Returns how
 * many it took; fewer than `most` where there are no more. */
size_t journal_index_follow(struct journal_index *i, size_t most);

/* Adds what one record tells to the index. False if it cannot be understood. */
bool journal_index_add(struct store *s, const struct journal_record *r, uint32_t day);

/* Records, and lines that are none, that could not be understood. */
uint64_t journal_index_skipped(const struct journal_index *i);

#endif
