/* SPDX-License-Identifier: ISC */
/*
 * sandbox - the fence of each process of a watch: its paths and its system calls, after the drop.
 *
 * Enter it when everything is open and drop_privileges_now has succeeded. No program can be run and no
 * socket made. What else holds is the role's:
 * - the sensor opens nothing at all, unless it follows logs: then the paths named can be read. Sockets that
 *   are open keep working: a capture can change its filter and follow its interface;
 * - the courier connects to one port (and to resolvers), reads the paths named, and writes nothing but the
 *   file that is open;
 * - the engine writes below the state directory and reads the paths named; it may do nothing with a socket
 *   but speak through those that it has.
 *
 * SQLite needs `PRAGMA temp_store = MEMORY` in here, for it may not write to /tmp.
 */
#ifndef KW_PRIV_SANDBOX_H
#define KW_PRIV_SANDBOX_H

#include "base/text_buffer.h"
#include "priv/syscall_filter.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SANDBOX_READ_PATHS_MAX 80

struct sandbox_options {
	enum syscall_role role;
	const char *state_directory;   /* may be written; null = nothing may */
	const char *const *read_paths; /* files or directories: those of the logs, for reopening */
	size_t read_path_count;        /* at most SANDBOX_READ_PATHS_MAX */
	uint16_t connects_to;          /* the courier: port of TCP, beside that of DNS; 0 = none */
};

/* Adds to `report` in words what holds now (a kernel without Landlock is a note there, not a
 * failure). False with a message in `error`: the caller ends. */
bool sandbox_enter(const struct sandbox_options *options, struct text_buffer *report, char *error,
	size_t error_size);

#endif
