/* SPDX-License-Identifier: ISC */
/*
 * access_fit - does a rule, or the line it stands in, fit a request?
 *
 * By its daemons and clients, and by the one option that is asked before it counts: "expires". What follows from a rule
 * that fits is access_decision's.
 *
 * Tests: tests/unit/access/test_access_decision.c
 */
#ifndef KW_ACCESS_ACCESS_FIT_H
#define KW_ACCESS_ACCESS_FIT_H

#include "access/access_pattern.h"
#include "access/access_rule.h"

#include <stdbool.h>
#include <stdint.h>

/*
 * Does the rule deny? Its last option, where it is one that decides, or its table. A twist denies as well: the client does
 * not get what it asked for.
 */
bool access_fit_denies(const struct access_rule *rule, bool table_denies);

/* `at` is the table's: what the rule's own options make of it is found out here. */
bool access_fit_rule(const struct access_rule *rule, struct access_asker *asker, const struct access_place *at);

/* Has this line's rule come to its end? Not if `now_s` is 0. */
bool access_fit_line_is_over(struct text_slice line, int64_t now_s);
/* Does it fit? For many lines. */
bool access_fit_line(struct text_slice line, struct access_asker *asker, const struct access_place *at);
/* The same for one alone. */
bool access_fit_line_matches(struct text_slice line, const struct access_request *q, const struct access_place *at);

#endif
