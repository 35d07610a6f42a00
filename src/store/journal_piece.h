/* SPDX-License-Identifier: ISC */
/*
 * journal_piece - one part of one day's file, checked by itself.
 *
 * A part of a plain file begins with the first line that starts in it and needs only the stored place at the end of
 * the line before; the first part of a file, and a packed file, begin with the head of the day,
 * which says what came before. So no part waits for another.
 */
#ifndef KW_STORE_JOURNAL_PIECE_H
#define KW_STORE_JOURNAL_PIECE_H

#include "store/journal_check.h"
#include "store/journal_head.h"

#include <stdatomic.h>

struct journal_piece {
	/* what to check */
	const struct journal_file *file;
	uint64_t from, until; /* of a plain file: lines that start there */
	uint64_t size;        /* of the file, when it was looked at */
	/* what was found */
	struct journal_head head;          /* of the file, where from is 0 */
	struct journal_place first, last;  /* seq 0 = no record */
	uint64_t lines, bytes, rest_bytes; /* before the fault */
	uint64_t kept_from;                /* the largest `first` that a chain event told */
	bool vanished;                     /* it was packed or deleted meanwhile */
	struct journal_fault fault;        /* its line counts from the beginning of the piece */
};

/* `done` grows by the bytes on disk as they are checked. */
void journal_piece_check(struct journal_piece *p, int directory, struct journal_hasher *hasher,
	atomic_uint_fast64_t *done);

#endif
