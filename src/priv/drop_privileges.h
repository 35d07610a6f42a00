/* SPDX-License-Identifier: ISC */
/*
 * drop_privileges - from root to a user without rights, for ever, and proven.
 *
 * Everything that needs rights is opened before. Afterwards the process has the uid and gid of the
 * target in all their forms, no supplementary group but those asked for, no capability in any set
 * (the bounding set too, where it may be emptied), cannot gain any by exec (no_new_privs) and
 * cannot be traced or dumped. A process that was not root keeps its user and loses the rest.
 *
 * It either succeeds completely or returns false, and then the caller must end: half a drop is
 * none.
 */
#ifndef KW_PRIV_DROP_PRIVILEGES_H
#define KW_PRIV_DROP_PRIVILEGES_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

#define DROP_PRIVILEGES_GROUPS_MAX 16

/* Whom to become. */
struct drop_identity {
	uid_t uid;
	gid_t gid;
	char user[64];
	bool was_root; /* false: we are somebody already and stay so */
};

/*
 * `user` by name, or null for the first that exists of knockwatch and nobody. Root is refused.
 * Reads the user database, so it comes before the sandbox. False with a message in `error`.
 */
bool drop_privileges_choose(
	const char *user, struct drop_identity *out, char *error, size_t error_size);

/* `groups`: kept as supplementary groups (at most DROP_PRIVILEGES_GROUPS_MAX; never group 0). Adds
 * one sentence on what was done to `report`. False with a message in `error`. */
bool drop_privileges_now(const struct drop_identity *to, const gid_t *groups, size_t group_count,
	struct text_buffer *report, char *error, size_t error_size);

#endif
