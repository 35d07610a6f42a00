/* SPDX-License-Identifier: ISC */
/*
 * long_mend - takes out of a case the lines that are too long for the original.
 */
#ifndef KW_ABI_LONG_MEND_H
#define KW_ABI_LONG_MEND_H

#include "access_case.h"

#include <stdbool.h>

/* Words that fill a line, and names longer than any that a client can have, are shortened. */
bool long_mend_lines(struct access_case *c);

#endif
