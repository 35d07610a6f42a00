/* SPDX-License-Identifier: ISC */
/*
 * case_trait - what a case has that may be judged otherwise, on purpose: the rows of docs/access-differences.md.
 *
 * A difference is not believed because a trait is there. The trait is taken out (a newline added, an unreadable
 * file made one that says ALL), the original is asked again, and it must then answer as ours did about the
 * case as it was. So a trait explains a difference only where nothing else does it.
 */
#ifndef KW_ABI_CASE_TRAIT_H
#define KW_ABI_CASE_TRAIT_H

#include "access_case.h"
#include "library_runner.h"

#include <stdbool.h>

enum case_trait {
	TRAIT_NO_NEWLINE,      /* the last line of a table has no newline */
	TRAIT_LONG_LINE,       /* a line longer than the original's buffer */
	TRAIT_DIRECTORY_TABLE, /* a table is a directory */
	TRAIT_UNREADABLE_LIST, /* a /file that cannot be read, or names itself */
	TRAIT_ACLEXEC_STICKS,  /* an aclexec that failed, and a later rule with options */
	TRAIT_USER_DROPPED,    /* user or group was carried out */
	TRAIT_NUL_LINE,        /* a NUL in a table: the original does not count its line */
};
enum { TRAIT_COUNT = TRAIT_NUL_LINE + 1 };

/* The name in docs/access-differences.md. */
const char *case_trait_name(enum case_trait t);

/*
 * Takes the trait out of the case; false where it is not there (or cannot be taken out). The files of the case as it was must be
 * in place; `theirs` is what the original said of it.
 */
bool case_trait_mend(enum case_trait t, struct access_case *c, const struct outcome *theirs);

/* For TRAIT_USER_DROPPED: is the process now who the options that were carried out say? */
bool case_trait_is_user(const struct outcome *o);

#endif
