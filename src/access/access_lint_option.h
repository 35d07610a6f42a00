/* SPDX-License-Identifier: ISC */
/*
 * access_lint_option - the options of a rule: is each of them one, and will it do what it says?
 *
 * Pure: whether a user or a directory exists is not asked.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_OPTION_H
#define KW_ACCESS_ACCESS_LINT_OPTION_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

/* What options make of a rule. */
struct access_lint_effect {
	bool grants, denies; /* by allow and deny; neither: as the table does */
	bool may_not_match;  /* aclexec, expires: the rule does not cover what it fits */
};

/*
 * Judges what stands behind the second ':'. Where something is to be corrected `out` has all options as they should be
 * (nothing where none is left), and true is returned. A comment at the end goes to `comment`. `table_denies`: so does the
 * rule, if none of them decides. `tail`: bytes of the last physical line of the rule. `*unsure` becomes true where nobody can know
 * what was meant: the line is to be left as it is then.
 */
bool access_lint_option_judge(struct text_slice options, bool table_denies, size_t tail,
	const struct access_lint_hearer *h, struct access_draft *out, struct access_draft *comment, bool *unsure);

/* Does an option that there is stand behind a colon in this text? */
bool access_lint_option_is_in(struct text_slice text);

struct access_lint_effect access_lint_option_effect(struct text_slice options);

#endif
