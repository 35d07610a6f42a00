/* SPDX-License-Identifier: ISC */
/*
 * table_mend - takes out of a case the tables that cannot be read.
 *
 * With ours whom hosts.deny does not let in is denied where hosts.allow cannot be read. The original denies the rest where the last
 * line of hosts.deny has no newline; so it gets such a line.
 */
#ifndef KW_ABI_TABLE_MEND_H
#define KW_ABI_TABLE_MEND_H

#include "access_case.h"

#include <stdbool.h>

/* False where both can be read, or are missing. */
bool table_mend_unreadable(struct access_case *c);

#endif
