/* SPDX-License-Identifier: ISC */
/*
 * access_lint_walk - the walk through the lines of a file, which access_lint_table takes and access_lint_reach goes along.
 *
 * Private to access_lint*.c.
 */
#ifndef KW_ACCESS_ACCESS_LINT_WALK_H
#define KW_ACCESS_ACCESS_LINT_WALK_H

#include "access/access_lint_line.h"
#include "access/access_lint_record.h"
#include "access/access_lint_strict.h"

struct access_lint_walk {
	struct access_lint *lint;
	unsigned file;
	unsigned line;                 /* where the walk is */
	struct access_lint_record *at; /* the record of the second walk; null in the first */
	unsigned bytes_findings;       /* of the first walk: next to get a place */
	bool ok[ACCESS_LINT_CODES];    /* what the comment above says */
	bool vetoed;                   /* something that would be corrected is meant */
	bool any_ok;
	struct access_lint_strict strict;
};

static inline struct access_lint_file *access_lint_walk_file(const struct access_lint_walk *w)
{
	return w->lint->files[w->file];
}

/* As access_lint_hearer's tell, of the line where the walk is; `self` is the walk. */
void access_lint_walk_tell(void *self, enum access_lint_code code, enum access_lint_level level, struct text_slice word);

/* A rule: is it reached, after those before it? If not it is told, and moved or made a comment. */
void access_lint_walk_reach(struct access_lint_walk *w, struct access_lint_line *line);

#endif
