/* SPDX-License-Identifier: ISC */
/*
 * journal_head - the `chain` events of the journal: the head of a day, and days that were deleted.
 *
 * Each file begins with one. It names the file before, how many records that has, the hash of its first
 * record (`prev`: the head of that day, so that the heads are a chain of their own) and of its last
 * (`head`), and with which record the journal begins today (`first`). So each file can be checked
 * by itself, and the files against each other. The very first has nothing before it.
 *
 * Where old days are deleted an event of the same type says so first: `deleted`, the names of the files,
 * and `first`, where the journal begins from now on. A journal that begins later than
 * its newest `first` says is not whole.
 *
 * Tests: tests/unit/store/test_journal_head.c
 */
#ifndef KW_STORE_JOURNAL_HEAD_H
#define KW_STORE_JOURNAL_HEAD_H

#include "event/json_line.h"
#include "store/journal_chain.h"
#include "store/journal_files.h"

struct journal_head {
	char file[40];            /* the day before; "" where there is none */
	uint64_t events;          /* records in it */
	struct journal_hash prev; /* its first record */
	struct journal_hash head; /* its last record */
	uint64_t first;           /* seq of the oldest record that is kept; 0 = not said */
};

/* The event, unsealed: it has no seq and hash yet. `host` is ours; null where unknown. */
void journal_head_write(struct json_line *line, const struct journal_head *head,
	struct wall_time now, const char *host);
/* The same of days that were deleted; `names` has `count` of them, one at least. */
void journal_head_write_deletion(struct json_line *line, const struct journal_file_name *names,
	size_t count, uint64_t first, struct wall_time now, const char *host);

/* False if the record is no `chain` event that makes sense. */
bool journal_head_read(const struct journal_record *r, struct journal_head *out);
/* The head of a day's file; false if it does not begin with one. */
bool journal_head_read_file(
	int directory, const struct journal_file *file, struct journal_head *out);

#endif
