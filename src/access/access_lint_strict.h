/* SPDX-License-Identifier: ISC */
/*
 * access_lint_strict - what a strict table refuses, and the marks that say so.
 *
 * Reads the table as it is, not as it is mended, line by line as it is decided by, beside the walk of access_lint_table.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_STRICT_H
#define KW_ACCESS_ACCESS_LINT_STRICT_H

#include "access/access_lint_hearer.h"
#include "access/access_mark.h"
#include "access/access_reader.h"

#include <stdbool.h>

struct access_lint_strict {
	struct access_reader reader; /* owned */
	struct access_line line;
	bool has_line;               /* `line` is yet to be judged */
	struct access_mark_head head;
	unsigned refused;            /* lines that are, or would be in a strict table */
};

/* `bytes` is borrowed to the end. */
void access_lint_strict_start(struct access_lint_strict *s, struct text_slice bytes);
/* The lines that begin up to this one. What is refused is told only where the table is strict. */
void access_lint_strict_judge(struct access_lint_strict *s, unsigned last, const struct access_lint_hearer *h);
void access_lint_strict_end(struct access_lint_strict *s);

/* A line of a file of clients that a strict table names; returns how many words are refused. */
unsigned access_lint_strict_judge_words(struct text_slice line, const struct access_lint_hearer *h);

#endif
