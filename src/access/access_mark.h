/* SPDX-License-Identifier: ISC */
/*
 * access_mark - what a table says of itself in comments, which the original passes over: "# knockwatch: strict".
 *
 * A mark is a comment line: '#' in the first column, "knockwatch:", and what it says, blanks around each, letters in any
 * case, and nothing else. "strict" holds for the whole table, and counts only at its head: before the first line that is neither
 * blank nor a comment, so that nobody has to read a table to its end to know how it is meant.
 *
 * Tests: tests/unit/access/test_access_mark.c
 */
#ifndef KW_ACCESS_ACCESS_MARK_H
#define KW_ACCESS_ACCESS_MARK_H

#include "base/text_slice.h"

#include <stdbool.h>

enum access_mark_kind {
	ACCESS_MARK_NONE,   /* no mark */
	ACCESS_MARK_STRICT,
	ACCESS_MARK_OK,     /* "ok NAME ...", for access_lint */
	ACCESS_MARK_OTHER,  /* one that says something else: nothing */
};

/* What a line is. */
enum access_mark_kind access_mark_of(struct text_slice line);

/* The head of a table that is being read. Zeroed: at its first line. */
struct access_mark_head {
	bool over;   /* a line that is no comment came */
	bool strict; /* the table says so */
};
/* Looks at a line of the head. */
void access_mark_read(struct access_mark_head *h, struct text_slice line);
/* Takes the next line of the table; after the head nothing changes any more. */
static inline void access_mark_take(struct access_mark_head *h, struct text_slice line)
{
	if (!h->over)
		access_mark_read(h, line);
}

/* Does the table at the path say that it is strict? False where it cannot be read. */
bool access_mark_table_is_strict(const char *path);

#endif
