/* SPDX-License-Identifier: ISC */
/*
 * access_lint_list - a list of daemons or of clients: each of its words, and what EXCEPT makes of them.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_LIST_H
#define KW_ACCESS_ACCESS_LINT_LIST_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

enum access_lint_list_kind {
	ACCESS_LINT_LIST_OF_DAEMONS,
	ACCESS_LINT_LIST_OF_CLIENTS,
	ACCESS_LINT_LIST_IN_FILE, /* a line of a /file: blanks between, no EXCEPT, no user@ */
};

/* What the rule of the list does. */
struct access_lint_list_use {
	bool table_denies; /* what depends on an answer lets in */
	bool lets_in;      /* the rule surely does: a client less lets in fewer */
	bool keeps_out;    /* the rule surely does */
	bool *unsure;      /* becomes true where the list fits nobody, and nobody can know what was meant; null: nobody asks */
};

/*
 * Judges a list and writes it to `out` as it should be, its blanks kept. True if something was corrected. What fits more than it
 * seems is corrected where that lets in fewer, and else only told.
 */
bool access_lint_list_judge(struct text_slice list, enum access_lint_list_kind kind, const struct access_lint_list_use *use,
	const struct access_lint_hearer *h, struct access_draft *out);

#endif
