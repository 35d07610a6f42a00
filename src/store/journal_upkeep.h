/* SPDX-License-Identifier: ISC */
/*
 * journal_upkeep - what is done with the journal's files of days that are over: packed, and in the end deleted.
 *
 * A little at a time, beside the writer: it is asked each second and takes some milliseconds at most. A
 * file is deleted when its day is older than told, or, the oldest first, while all files together are
 * larger than told; never the one that is written, and never one that the index has not taken in: what
 * is counted by port and source outlives the journal. That it was deleted is part of the record before
 * it is.
 *
 * Tests: tests/unit/store/test_journal_upkeep.c
 */
#ifndef KW_STORE_JOURNAL_UPKEEP_H
#define KW_STORE_JOURNAL_UPKEEP_H

#include "store/journal_settings.h"
#include "store/journal_writer.h"

struct journal_upkeep;

/* `w` is borrowed. */
struct journal_upkeep *journal_upkeep_create(
	struct journal_writer *w, const struct journal_settings *settings);
/* What was begun is left as it was; accepts null. */
void journal_upkeep_destroy(struct journal_upkeep *u);
/* Other settings from now on. */
void journal_upkeep_set(struct journal_upkeep *u, const struct journal_settings *settings);

enum journal_upkeep_result {
	JOURNAL_UPKEEP_IDLE,
	JOURNAL_UPKEEP_WORKING, /* there is more to do: ask again soon, or not at all */
	JOURNAL_UPKEEP_FAILED,  /* say `error`; it is tried again in an hour */
	JOURNAL_UPKEEP_DELETED, /* say `error`, which tells what was deleted */
};

/* `indexed`: the newest record that the index has on disk. */
enum journal_upkeep_result journal_upkeep_step(struct journal_upkeep *u, struct wall_time now,
	uint64_t indexed, struct store_error *error);

#endif
