/* SPDX-License-Identifier: ISC */
/*
 * list_mend - takes out of a case the /files that cannot be read, or name themselves.
 *
 * Ours closes the door there: such a file matches in a rule that denies and does not in one that grants; behind EXCEPT it is
 * the other way round. So each word that names one becomes a file that says ALL, or one that is not there.
 */
#ifndef KW_ABI_LIST_MEND_H
#define KW_ABI_LIST_MEND_H

#include "table_walk.h"

#include <stdbool.h>

/* False where there are none. The files of the case must be in place. */
bool list_mend(struct access_case *c, const struct table_walk_judge *judge);

#endif
