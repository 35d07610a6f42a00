/* SPDX-License-Identifier: ISC */
/*
 * state_directory - the one directory the program may write to, made ready for its user.
 *
 * Called as root before the drop. Follows no symbolic link in the last component, and takes over
 * nothing that belongs to a third user. Regular files in it that root left there (a run without the
 * drop) are given to the user too, unless they have a second name somewhere.
 */
#ifndef KW_PRIV_STATE_DIRECTORY_H
#define KW_PRIV_STATE_DIRECTORY_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define STATE_DIRECTORY_JOURNAL "journal" /* the one directory in it; its files are given, too */
#define STATE_DIRECTORY_FILES_MAX 4096 /* looked at; more than that is not ours */
#define STATE_DIRECTORY_GROUP_MODE 0750 /* of one whose group may read the journal */

/* Opens the directory, which is made with mode 0700 if it is not there; -1 with a message in `error`. */
int state_directory_open(const char *path, char *error, size_t error_size);

/* Makes `path` a directory of mode 0700 that belongs to uid and gid, who must be able to walk to it; its
 * parent must exist. One that is theirs and has STATE_DIRECTORY_GROUP_MODE keeps it: somebody let the group in.
 * Works for an ordinary user on a directory of his own too. False with a message in `error`. */
bool state_directory_prepare(
	const char *path, uid_t uid, gid_t gid, char *error, size_t error_size);

#endif
