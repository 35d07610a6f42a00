/* SPDX-License-Identifier: ISC */
/*
 * journal_walk - the records of the journal by number, from one on and as they come, over all files.
 *
 * For whoever follows the writer: the index, and what sends the journal elsewhere. A follower keeps the place of
 * the last record that it dealt with, and asks from there on at its next start. Nothing is checked
 * against a sum here; lines without the form of a record are passed over and counted.
 * Memory as journal_lines.
 *
 * Tests: tests/unit/store/test_journal_walk.c
 */
#ifndef KW_STORE_JOURNAL_WALK_H
#define KW_STORE_JOURNAL_WALK_H

#include "store/journal_chain.h"
#include "store/store_error.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_walk;

/* Null with the reason: MISSING where there is no journal. */
struct journal_walk *journal_walk_open(const char *state, struct store_error *error);
/* Accepts null. */
void journal_walk_close(struct journal_walk *w);

/* The next record is `seq`; where that is not kept any more, the oldest there is. Where it is still to come, it will be
 * that. False with the reason. */
bool journal_walk_seek(struct journal_walk *w, uint64_t seq, struct store_error *error);

/* The record `seq` by itself: false if it is not there. The walk goes on behind it. */
bool journal_walk_find(struct journal_walk *w, uint64_t seq, struct journal_place *out);

/* The next record, borrowed until the next call. False: there is none, yet. */
bool journal_walk_next(struct journal_walk *w, struct journal_record *out);

/* The day of the file that the last record stood in, days since 1970. */
uint32_t journal_walk_day(const struct journal_walk *w);
/* Lines that are no records, and files that could not be read to their end. */
uint64_t journal_walk_skipped(const struct journal_walk *w);

#endif
