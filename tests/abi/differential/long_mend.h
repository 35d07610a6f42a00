/* SPDX-License-Identifier: ISC */
/*
 * long_mend - takes out of a case the lines that are too long for the original, and the netgroups whose names are for ours.
 */
#ifndef KW_ABI_LONG_MEND_H
#define KW_ABI_LONG_MEND_H

#include "access_case.h"

#include <stdbool.h>

/* Words that fill a line, and names longer than any that a client can have, are shortened. */
bool long_mend_lines(struct access_case *c);

/* A netgroup about which ours does not ask becomes an address that nobody has: the line stays as long as it is. */
bool long_mend_netgroups(struct access_case *c);

#endif
