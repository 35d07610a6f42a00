/* SPDX-License-Identifier: ISC */
/*
 * journal_ends - the first and the last record of a day's file, and where its whole lines end.
 *
 * Of a plain file only the two ends are read, of a packed one all. Nothing is checked against a sum: what
 * has the form of a record counts, so that a changed record keeps its place until somebody checks it.
 *
 * Tests: tests/unit/store/test_journal_ends.c
 */
#ifndef KW_STORE_JOURNAL_ENDS_H
#define KW_STORE_JOURNAL_ENDS_H

#include "store/journal_chain.h"
#include "store/journal_files.h"

#include <stdbool.h>
#include <stdint.h>

struct journal_ends {
	struct journal_place first, last; /* seq 0 = there is no record at all */
	uint64_t whole_bytes;             /* of a plain file: where the last whole line ends */
	uint64_t bytes;                   /* ... and the file; what is behind is torn */
	int version;                      /* `v` of the last whole line; 0 = it has none */
};

/* False with errno; EBADMSG where the bytes cannot be unpacked, or where there are whole lines and the last
 * of them (2 MiB) hold no record. The descriptor stays the caller's. */
bool journal_ends_find(int fd, bool packed, struct journal_ends *out);

/* The number of the first record of a file of the journal; 0 = it has none, or cannot be read. */
uint64_t journal_ends_first_seq(int directory, const struct journal_file *file);

#endif
