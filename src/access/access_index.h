/* SPDX-License-Identifier: ISC */
/*
 * access_index - finds the first rule of a table that can match, without reading the others.
 *
 * A file beside the table ("hosts.deny.idx"), mapped read-only. It names a line; the line itself is then read from the plain
 * table and compared anew, so the plain table always wins. It is used only while it speaks of this very table (device,
 * inode, size, mtime, ctime), belongs to root or to the caller, and nobody else may write it; else the plain table is
 * read from the top, at the original's cost.
 *
 * What it can answer in constant time: addresses and networks of both families, names and their endings, for
 * daemons named or ALL. Rules of other forms (EXCEPT, globs, user@, /file, netgroups, KNOWN, LOCAL, D@H, ports) are
 * kept in their order beside it and looked at one by one, as far as they stand before the best answer so far.
 * Names are asked for only when a rule before that answer needs one: as often as the original asks.
 *
 * Tests: tests/unit/access/test_access_index.c   Fuzzed: fuzz/access/ (hostile and half-written files)
 */
#ifndef KW_ACCESS_ACCESS_INDEX_H
#define KW_ACCESS_ACCESS_INDEX_H

#include "access/access_pattern.h"
#include "access/access_request.h"

#include <stdbool.h>
#include <stdint.h>

struct access_index; /* one mapped index with the table it speaks of, open */

enum access_index_answer {
	ACCESS_INDEX_MATCH, /* the line at `offset` matches: compared with the plain table */
	ACCESS_INDEX_NONE,  /* no rule matches */
	ACCESS_INDEX_STALE, /* the index does not fit the table any more (or lied): read the plain table */
};

struct access_index_place {
	uint64_t offset;       /* of the logical line in the table */
	unsigned lines_before; /* physical lines before it */
};

/* Maps PATH.idx if it may be used for PATH now. Null otherwise, with the reason in `why` ("written by uid 1000"). */
struct access_index *access_index_open(const char *path, char *why, size_t why_size);
void access_index_close(struct access_index *x);

/*
 * The first match. Asks the kernel whether table and index are still the same: always while less than 64 questions came
 * within one tick of the coarse clock (4 ms), then once a tick, so that a busy daemon does not pay two system
 * calls a decision. An edit is therefore seen at once, or within a tick under load.
 */
enum access_index_answer access_index_find(
	struct access_index *x, const struct access_request *q, const struct access_place *at, struct access_index_place *out);

struct access_index_counts {
	unsigned rules;   /* rules in the table */
	unsigned entries; /* addresses, networks and names that can be looked up */
	unsigned others;  /* rules that are looked at one by one */
	uint64_t bytes;   /* of the file */
};

/*
 * Writes PATH.idx (mode 0644, beside it and renamed, to disk). A table changed within the last tick is waited for. -1 with errno
 * when table or directory cannot be read or written.
 */
int access_index_build(const char *path, struct access_index_counts *out);

#endif
