/* SPDX-License-Identifier: ISC */
/*
 * access_set_barrier - what keeps the daemons of other users from reading the file of entries.
 *
 * A daemon that cannot read it cannot know whom it keeps out, and refuses everybody. So its directory must let others
 * pass, even while no file is in it, and the file must let them read. Only these two are looked at.
 */
#ifndef KW_CLI_ACCESS_SET_BARRIER_H
#define KW_CLI_ACCESS_SET_BARRIER_H

#include <limits.h>
#include <stdbool.h>

struct access_set_barrier {
	char path[PATH_MAX]; /* the directory or the file, as it was named */
	bool is_directory;
};

/* True with the first of the two that others cannot pass, by its mode. What does not exist keeps nobody out. */
bool access_set_barrier_find(const char *set, struct access_set_barrier *out);

/* What it does: "others cannot ...", without a full stop. */
const char *access_set_barrier_words(const struct access_set_barrier *b);
/* "chmod 755", "chmod 644": the path belongs behind it. */
const char *access_set_barrier_mend(const struct access_set_barrier *b);

#endif
