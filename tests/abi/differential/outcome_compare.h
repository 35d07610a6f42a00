/* SPDX-License-Identifier: ISC */
/*
 * outcome_compare - are two answers the same? Where not, in what?
 */
#ifndef KW_ABI_OUTCOME_COMPARE_H
#define KW_ABI_OUTCOME_COMPARE_H

#include "access_case.h"
#include "library_runner.h"

#include <stdbool.h>

struct outcome_view {
	bool with_user;  /* who the process is afterwards counts */
	bool with_lines; /* the number of the rule's line counts */
	bool with_effects; /* what was asked, and what commands wrote, counts */
};

/*
 * What comes first: "end", "verdict", "rule", "asked" (which names and users were looked up), and where there was one
 * decision "said", "ran", "environment", "umask", "nice", "severity", "user". Null: the same. Words of the log are not
 * compared.
 */
const char *outcome_compare(const struct access_case *c, const struct outcome *a, const struct outcome *b, struct outcome_view view);

/* Shows it to a person, a few lines. */
void outcome_print(const char *title, const struct access_case *c, const struct outcome *o, FILE *out);

#endif
