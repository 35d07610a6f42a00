/* SPDX-License-Identifier: ISC */
/*
 * wrap_rights - gives up the rights of this process for those of a user or a group, for good, and checks it.
 *
 * True only where all user and group ids are then the wanted ones (or have been before). False, with the reason for the
 * log in `why`, for a name that is not known, or where the kernel refuses; the process may then have lost a part
 * of its rights, never gained any, and must not serve this client.
 *
 * Tests: tests/unit/libwrap/test_wrap_rights.c (as root)
 */
#ifndef KW_LIBWRAP_WRAP_RIGHTS_H
#define KW_LIBWRAP_WRAP_RIGHTS_H

#include "access/access_option.h"

#include <stdbool.h>

enum {
	WRAP_RIGHTS_WHY_SIZE = 200,
	WRAP_RIGHTS_NAME_SIZE = 256,
};

/* Whom an option "user" or "group" names; null: nobody. */
struct wrap_rights_names {
	const char *user, *group;
	char memory[2][WRAP_RIGHTS_NAME_SIZE];
};

/* False, with the reason, where a name is too long to be one. */
bool wrap_rights_read(const struct access_option *option, struct wrap_rights_names *out, char why[WRAP_RIGHTS_WHY_SIZE]);

/* The user's, with the groups the user is in; `group` (may be null) in the place of the user's own group. */
bool wrap_rights_of_user(const char *user, const char *group, char why[WRAP_RIGHTS_WHY_SIZE]);
/* This group alone; the user stays. */
bool wrap_rights_of_group(const char *group, char why[WRAP_RIGHTS_WHY_SIZE]);
/* Does the process have these already, as real, effective and saved ones? One of the names may be null. */
bool wrap_rights_are(const char *user, const char *group);
/* Do the names exist? For a dry run, and for whoever asks what would be. `user` or `group` may be null. */
bool wrap_rights_known(const char *user, const char *group, char why[WRAP_RIGHTS_WHY_SIZE]);

#endif
