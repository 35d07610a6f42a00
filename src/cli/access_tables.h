/* SPDX-License-Identifier: ISC */
/*
 * access_tables - which of the files that were named are tables to be checked: whoever types hosts.* names more.
 *
 * One that is named twice would be found to repeat itself; the old one that --fix keeps, and an index, are no tables.
 *
 * Tests: tests/system/85_access_check.sh
 */
#ifndef KW_CLI_ACCESS_TABLES_H
#define KW_CLI_ACCESS_TABLES_H

#include "cli/access_call.h"

#include <stdbool.h>

/* The operands that are tables, each file once; what is left out is told. The caller frees the list, the words stay the call's.
 * Without --fix, old ones are tables where nothing else is named. */
char **access_tables_choose(const struct access_call *c, int *count);

/* The name of the index beside a table; false where there is none, or the name does not fit. */
bool access_tables_has_index(const char *path, char index[4096]);

#endif
