/* SPDX-License-Identifier: ISC */
/*
 * access_diff - a table and the corrected one as a unified diff, as patch(1) reads it.
 */
#ifndef KW_CLI_ACCESS_DIFF_H
#define KW_CLI_ACCESS_DIFF_H

#include "access/access_lint.h"

#include <stdio.h>

/* Nothing where nothing changes. On a terminal control characters are shown as '?', elsewhere bytes are as they are. */
void access_diff_print(const struct access_lint_file *f, FILE *out);

#endif
