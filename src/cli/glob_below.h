/* SPDX-License-Identifier: ISC */
/*
 * glob_below - files of a pattern below a root, whatever letters the root has.
 */
#ifndef KW_CLI_GLOB_BELOW_H
#define KW_CLI_GLOB_BELOW_H

#include <glob.h>
#include <stdbool.h>

/* False where there is none; globfree in any case. The paths begin with the root. */
bool glob_below(const char *root, const char *pattern, glob_t *files);

#endif
