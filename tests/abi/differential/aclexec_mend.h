/* SPDX-License-Identifier: ISC */
/*
 * aclexec_mend - takes out of a case what an aclexec does with the original only: to the rules behind it, and by its place.
 */
#ifndef KW_ABI_ACLEXEC_MEND_H
#define KW_ABI_ACLEXEC_MEND_H

#include "access_case.h"
#include "library_runner.h"

#include <stdbool.h>

/* The table ends before the rule that matched first, if that has an aclexec: when it fails the search is over, in both. */
bool aclexec_mend_failed(struct access_case *c, const struct outcome *theirs);

/* As ours, an aclexec comes before the other options of its rule. */
bool aclexec_mend_order(struct access_case *c);

#endif
