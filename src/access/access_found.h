/* SPDX-License-Identifier: ISC */
/* access_found - what is found where a table is not read from its top: the first rule that fits, or why there is none. */
#ifndef KW_ACCESS_ACCESS_FOUND_H
#define KW_ACCESS_ACCESS_FOUND_H

#include "access/access_reader.h"
#include "access/access_rule.h"

enum access_found_answer {
	ACCESS_FOUND_MATCH, /* this line matches */
	ACCESS_FOUND_NONE,  /* no rule matches */
	ACCESS_FOUND_STALE, /* the index does not fit the table any more, or lied: close it, read the plain table */
	ACCESS_FOUND_ODD,   /* only the plain table can tell: of an address with leading zeros, a name that is an address, a name that
			       nobody could say, of rules that are over. Or there is no index */
};

struct access_found {
	struct access_line line;
	struct access_rule rule; /* what it says; not of a broken one */
};

#endif
