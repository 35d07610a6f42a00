/* SPDX-License-Identifier: ISC */
/*
 * journal_check - walks the journal and finds the first record that is not as it was written.
 *
 * Every record is checked against the stored hash of the one before it, the head of each day against the
 * file before. Files, and parts of large ones, are checked at once by several threads; what is told is
 * the first in the order of the journal. What a record says is not looked at.
 *
 * What this cannot see: a journal whose end was cut off together with all that came behind, and one that
 * somebody wrote anew from some place on, with new hashes. Both show when the newest hash is compared with what
 * another machine has kept.
 *
 * Tests: tests/unit/store/test_journal_check.c
 */
#ifndef KW_STORE_JOURNAL_CHECK_H
#define KW_STORE_JOURNAL_CHECK_H

#include "store/journal_chain.h"
#include "store/journal_files.h"

#include <stdbool.h>
#include <stdint.h>

#define JOURNAL_CHECK_THREADS_MAX 16

enum journal_fault_kind {
	JOURNAL_FAULT_NONE,
	JOURNAL_FAULT_CHANGED,  /* the text, or the hash, is not what was written */
	JOURNAL_FAULT_MISSING,  /* records before this one are gone */
	JOURNAL_FAULT_INSERTED, /* it was not there */
	JOURNAL_FAULT_TORN,     /* the file ends in the middle of a line */
	JOURNAL_FAULT_HEAD,     /* the head of the day and the file before differ */
	JOURNAL_FAULT_UNREADABLE,
	JOURNAL_FAULTS
};

struct journal_fault {
	enum journal_fault_kind kind;
	struct journal_file_name file;
	uint64_t line;  /* from 1; 0 = the file as a whole */
	uint64_t seq;   /* that the record has, or should have; 0 = not known */
	char text[200]; /* what is wrong with it, for people */
};

struct journal_report {
	struct journal_fault fault;     /* the first */
	uint64_t files, records, bytes; /* up to it; bytes are those of lines, unpacked */
	struct journal_place oldest, newest;
	struct journal_file_name newest_file;
	uint64_t rest_bytes; /* of a line that is still being written */
	bool whole_range;    /* neither `since` nor `until` left a file out */
};

struct journal_check_options {
	/* Days, both included; 0 and UINT32_MAX = all. Files that are left out are not checked, but asked: whether
	 * days that are gone were deleted, and how the last day that was asked for ended. */
	uint32_t since, until;
	unsigned threads; /* 0 = as many as there are processors */
	bool growing;     /* a writer is at work: the newest line may not be whole yet */
	/* Called by the asking thread several times a second; null = not at all. */
	void (*progress)(void *context, uint64_t bytes_done, uint64_t bytes_all);
	void *context;
};

/* "changed", "missing", ... */
const char *journal_fault_name(enum journal_fault_kind kind);

/* False with the reason where the journal cannot be walked at all: MISSING where there is none. */
bool journal_check_run(const char *state, const struct journal_check_options *options,
	struct journal_report *out, struct store_error *error);

#endif
