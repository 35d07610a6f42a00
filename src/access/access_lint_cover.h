/* SPDX-License-Identifier: ISC */
/*
 * access_lint_cover - which rules are never reached, because those before them decide about everybody whom they fit.
 *
 * Knows addresses and nets inside nets, names inside endings, everything inside ALL, and the same word again. Rules with EXCEPT
 * or aclexec cover nothing; a rule that is covered by several together is found where each of its words is covered by
 * one. What is not found out is not said.
 *
 * A rule costs as many look-ups as its daemons times its clients; what is kept is eight bytes and a number for each pair. A
 * rule of more than a million pairs, and what goes beyond four million for all such rules, is neither looked for nor kept.
 *
 * Tests: tests/unit/access/test_access_lint_cover.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_COVER_H
#define KW_ACCESS_ACCESS_LINT_COVER_H

#include "access/access_rule.h"

#include <stdbool.h>
#include <stdint.h>

struct access_lint_cover; /* the rules so far */

/* Null without memory. */
struct access_lint_cover *access_lint_cover_create(void);
void access_lint_cover_destroy(struct access_lint_cover *c);

struct access_lint_covered {
	uint32_t by;  /* number of the first rule that decides otherwise; of any, if none does */
	bool against; /* it decides otherwise */
};

/*
 * Adds the next rule under its number. `denies`: what happens to whom it fits. `may_not_match`: it has aclexec. True, and `out`
 * written, if it is never reached. Without memory false, from then on.
 */
bool access_lint_cover_add(struct access_lint_cover *c, const struct access_rule *rule, bool denies,
	bool may_not_match, uint32_t number, struct access_lint_covered *out);

#endif
