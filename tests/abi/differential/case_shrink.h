/* SPDX-License-Identifier: ISC */
/*
 * case_shrink - makes a case smaller as long as it stays interesting, so that a person sees at once what matters.
 */
#ifndef KW_ABI_CASE_SHRINK_H
#define KW_ABI_CASE_SHRINK_H

#include "access_case.h"

#include <stdbool.h>

/* Is this smaller case as interesting? */
typedef bool case_shrink_test(void *self, const struct access_case *c);

/* Takes out rounds, lines, words and letters, at most `budget` questions long. */
void case_shrink(struct access_case *c, case_shrink_test *interesting, void *self, unsigned budget);

#endif
