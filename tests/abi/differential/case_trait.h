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
#include "table_walk.h"

#include <stdbool.h>

enum case_trait {
	TRAIT_ADDRESS_BLANK,   /* a blank behind the client's address, which inet_addr(3) passes over */
	TRAIT_GLOB_TIME,       /* a glob that the original was not done with in seconds */
	TRAIT_NUL_LINE,        /* a NUL in a table: the original does not count its line */
	TRAIT_NETGROUP_LENGTH, /* a netgroup's name longer than ours takes: the original looks the host's name up for it */
	TRAIT_NO_NEWLINE,      /* the last line of a table has no newline */
	TRAIT_LONG_LINE,       /* a line longer than the original's buffer */
	TRAIT_UNREADABLE_TABLE, /* hosts.allow cannot be read, or hosts.deny is a directory */
	TRAIT_UNREADABLE_LIST, /* a /file that cannot be read, or names itself */
	TRAIT_ACLEXEC_FIRST,   /* an aclexec behind another option: ours runs it before that */
	TRAIT_ACLEXEC_STICKS,  /* an aclexec that failed, and a later rule with options */
	TRAIT_ACLEXEC_AGAIN,   /* and one that failed in the other table, too */
	TRAIT_USER_DROPPED,    /* user or group was carried out */
	TRAIT_TWIST_NO_SOCKET, /* a twist, and hosts_ctl(), which knows no socket */
	TRAIT_DAEMON_EMPTY,    /* the daemon has no name */
	TRAIT_USER_TWICE,      /* user, and another user or group behind it */
};
enum { TRAIT_COUNT = TRAIT_USER_TWICE + 1 };

/* The name in docs/access-differences.md. */
const char *case_trait_name(enum case_trait t);

/*
 * Takes the trait out of the case; false where it is not there (or cannot be taken out). The files of the case as it was must be
 * in place, and are afterwards; `theirs` is what the original said of it.
 */
bool case_trait_mend(
	enum case_trait t, struct access_case *c, const struct outcome *theirs, const struct table_walk_judge *judge);

/* For TRAIT_USER_DROPPED: was one of these options carried out? Is ours now who the original was told to become? */
bool case_trait_has_user(const struct outcome *theirs);
bool case_trait_is_user(const struct outcome *theirs, const struct outcome *ours);

#endif
