/* SPDX-License-Identifier: ISC */
/*
 * access_set_file - the file of addresses let in or kept out for a time, changed as a whole.
 *
 * A link is followed, and stays one; what is no plain file is refused. One writer at a time (a lock on its directory);
 * whoever decides meanwhile reads the old file or the new one. What has expired goes with the next change. Lines by another hand, comments too, stay where they are. Everybody may read the file and a
 * directory that had to be made for it, whatever the umask: daemons of other users ask it.
 */
#ifndef KW_CLI_ACCESS_SET_FILE_H
#define KW_CLI_ACCESS_SET_FILE_H

#include "access/access_set.h"

#include <stdbool.h>
#include <stdint.h>

enum access_set_change {
	ACCESS_SET_ADDED,
	ACCESS_SET_CHANGED, /* there was one of the same block and service */
	ACCESS_SET_REMOVED,
	ACCESS_SET_MISSING, /* nothing to remove */
	ACCESS_SET_FAILED,  /* said on standard error; errno */
};

/* Who is told what is in the file. */
struct access_set_visitor {
	void (*entry)(void *context, const struct access_set_entry *e);
	/* A line that is no entry, comments and blank lines apart: a rule by another hand, which decides as the entries do, or
	 * none at all. May be null. */
	void (*other)(void *context, unsigned line, bool is_rule, struct text_slice text);
	void *context;
};

/* Each entry that has not expired, and each other line, in the order of the file. A file that is not there has none. False
 * with the reason said, and its errno. */
bool access_set_file_each(const char *path, int64_t now_s, const struct access_set_visitor *visitor);

/* Puts the entry in, before all others; `before` gets the one it replaces. */
enum access_set_change access_set_file_add(const char *path, const struct access_set_entry *e,
	int64_t now_s, struct access_set_entry *before);

/* Takes out the entry of the same block and service; `before` gets it. */
enum access_set_change access_set_file_remove(const char *path, const struct access_set_entry *e,
	int64_t now_s, struct access_set_entry *before);

#endif
