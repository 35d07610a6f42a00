/* SPDX-License-Identifier: ISC */
/*
 * table_mend - takes out of a case the tables that cannot be read, and shortens a table.
 *
 * With ours whom hosts.deny does not let in is denied where hosts.allow cannot be read. The original denies the rest where the last
 * line of hosts.deny has no newline; so it gets such a line, and keeps it when the table is cut.
 */
#ifndef KW_ABI_TABLE_MEND_H
#define KW_ABI_TABLE_MEND_H

#include "access_case.h"

#include <stdbool.h>
#include <stddef.h>

/* False where both can be read, or are missing. */
bool table_mend_unreadable(struct access_case *c);

/* The table has no more rules from the byte `at` on, where a line begins. */
void table_mend_cut(struct case_file *f, size_t at);

#endif
