/* SPDX-License-Identifier: ISC */
/*
 * access_lint_line - one logical line of a table: what is wrong in it, and the line that was meant.
 *
 * Corrects from the outside in: comments and brackets, then the three fields, then their words.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_LINE_H
#define KW_ACCESS_ACCESS_LINT_LINE_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

enum { ACCESS_LINT_LINE_LONGEST = 2046 }; /* what the original reads; measured */

struct access_lint_line {
	struct access_draft
		text; /* the line as it should be, without its last newline; several, where it was too long */
	struct access_draft
		comment; /* what belongs on a line of its own above; empty if nothing does */
	bool changed;    /* the two are not what the line was */
	bool is_rule;    /* as corrected */
	bool unsure;     /* nobody can know what was meant: it is to be left as it is */
};

/* Judges `line`, without its newline; `tail` bytes of it are its last physical line. `l` was zeroed, or used for a line before. */
void access_lint_line_judge(struct access_lint_line *l, struct text_slice line, size_t tail, bool denies,
	const struct access_lint_hearer *h);
void access_lint_line_free(struct access_lint_line *l);

#endif
