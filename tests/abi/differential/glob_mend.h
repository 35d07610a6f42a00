/* SPDX-License-Identifier: ISC */
/*
 * glob_mend - takes out of a case the globs that fit nobody who asks, but take the original time without end to see it.
 *
 * A second reading of what `*` and `?` fit, in as many steps as pattern and text have letters, multiplied.
 */
#ifndef KW_ABI_GLOB_MEND_H
#define KW_ABI_GLOB_MEND_H

#include "access_case.h"

#include <stdbool.h>

/* Words with three `*` and more that fit no name, address or user of the case become letters that fit none, either. */
bool glob_mend(struct access_case *c);

#endif
