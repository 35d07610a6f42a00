/* SPDX-License-Identifier: ISC */
/*
 * sandbox - the fence of the watching process: its paths and its system calls, after the drop.
 *
 * Enter it when everything is open and drop_privileges_now has succeeded. The state directory can
 * be written, the paths named can be read, and the time zone and the kernel's random numbers too;
 * nothing else can be opened, no program run, no Internet socket made. Sockets and files that are
 * open keep working, and a capture can still change its filter and follow its interface.
 *
 * SQLite needs `PRAGMA temp_store = MEMORY` in here, for it may not write to /tmp.
 */
#ifndef KW_PRIV_SANDBOX_H
#define KW_PRIV_SANDBOX_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>

#define SANDBOX_READ_PATHS_MAX 80

struct sandbox_options {
	const char *state_directory;   /* may be written; null = nothing may */
	const char *const *read_paths; /* files or directories: those of the logs, for reopening */
	size_t read_path_count;        /* at most SANDBOX_READ_PATHS_MAX */
};

/* Adds to `report` in words what holds now (a kernel without Landlock is a note there, not a
 * failure). False with a message in `error`: the caller ends. */
bool sandbox_enter(const struct sandbox_options *options, struct text_buffer *report, char *error,
	size_t error_size);

#endif
