/* SPDX-License-Identifier: ISC */
/*
 * access_lint_brackets - what keeps a line from being taken apart at its colons: brackets without a partner, IPv6
 * addresses without brackets, comments behind a rule.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_BRACKETS_H
#define KW_ACCESS_ACCESS_LINT_BRACKETS_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

/*
 * Mends the line up to its options. A comment is cut off and given to `comment`. True if something was changed. `tail`: bytes
 * of the line's last physical line. `denies`: the table does. `*unsure` becomes true where nobody can know what the line
 * means: it is to be left as it is then, and nothing more to be said about it.
 */
bool access_lint_brackets_mend(struct access_draft *line, struct access_draft *comment, size_t tail, bool denies,
	const struct access_lint_hearer *h, bool *unsure);

#endif
