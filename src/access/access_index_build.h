/* SPDX-License-Identifier: ISC */
/*
 * access_index_build - reads a table once and makes the image that access_index looks things up in.
 *
 * Each daemon that is named by itself is a group, ALL is the first. A rule of which all words are certain (access_word) goes
 * into the look-ups of each of its groups; any other stays whole, in the list of others. Where a list of daemons
 * is not certain that is the list of ALL, so that it is tried for every daemon. So is, in a strict table, a line that is no rule;
 * and a rule that is broken stays whole.
 *
 * Tests: tests/unit/access/test_access_index.c (the same answers as the plain table, thousands of random ones)
 */
#ifndef KW_ACCESS_ACCESS_INDEX_BUILD_H
#define KW_ACCESS_ACCESS_INDEX_BUILD_H

#include "access/access_image.h"

/*
 * Writes PATH.idx (mode 0644, beside it and renamed, to disk). A table changed within the last tick of the file
 * system's clock is waited for. -1 with errno: when the table or the directory cannot be read or written; EFBIG beyond 4 GiB.
 * `out` (may be null): what it holds.
 */
struct access_index_counts {
	unsigned rules;   /* rules in the table */
	unsigned entries; /* addresses, networks and names that can be looked up */
	unsigned others;  /* rules that are tried one by one */
	uint64_t bytes;   /* of the file */
	bool strict;      /* the table is (access_mark) */
};
int access_index_build(const char *path, struct access_index_counts *out);

/*
 * The image of a table, in memory. -1 with errno; EAGAIN where it was changed so lately that another change could not be told
 * from it; EFBIG where it has more than `most` bytes; EILSEQ where a strict table has a line that is not what it seems
 * (access_strict_line_is_odd), which only the plain table tells. A table that does not exist has no rules, as long as it does not.
 */
int access_index_build_image(const char *path, uint64_t most, struct access_pile *image);

/* The image of what an open table holds from where the descriptor stands, taken for its state `s`; without `s`, of a table
 * that does not exist. -1 with errno. */
int access_index_build_from(int fd, const struct stat *s, struct access_pile *image);

#endif
