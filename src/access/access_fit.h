/* SPDX-License-Identifier: ISC */
/*
 * access_fit - does a rule, or the line it stands in, fit a request?
 *
 * By its daemons and clients, and by the one option that is asked before it counts: "expires". What follows from a rule
 * that fits is access_decision's.
 *
 * In a strict table a rule may be broken (access_strict). It is then for everybody whom its daemons concern, whoever its clients
 * are; where they are what is broken, or the line is none, for everybody. A rule that has ended is broken for nobody.
 *
 * Tests: tests/unit/access/test_access_decision.c
 */
#ifndef KW_ACCESS_ACCESS_FIT_H
#define KW_ACCESS_ACCESS_FIT_H

#include "access/access_pattern.h"
#include "access/access_rule.h"

#include <stdbool.h>
#include <stdint.h>

enum access_fit {
	ACCESS_FIT_NOT,     /* comments and blank lines, too */
	ACCESS_FIT_NO_RULE, /* there is no ':', and the table is not strict */
	ACCESS_FIT_YES,
	ACCESS_FIT_BROKEN,  /* of a strict table: nobody knows, so nobody may enter by it */
};

/*
 * A line; `rule` is written for YES. `at` is the table's, without a rule. For many lines.
 */
enum access_fit access_fit_line(
	struct text_slice line, struct access_asker *asker, const struct access_place *at, struct access_rule *rule);
/* A rule that was taken apart before, and is not broken. `at` has it, and its line. */
bool access_fit_lists(
	struct access_list daemons, struct access_list clients, struct access_asker *asker, const struct access_place *at);
/* Does a line by itself decide about this request, as it is or because it is broken? */
bool access_fit_line_matches(struct text_slice line, const struct access_request *q, const struct access_place *at);
/* Has its rule come to its end? Not where the time is not known. Without memory the asker knows it, and false. */
bool access_fit_line_is_over(struct text_slice line, bool strict, struct access_asker *asker);

#endif
