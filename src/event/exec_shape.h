/* SPDX-License-Identifier: ISC */
/*
 * exec_shape - what stays the same when a command is run again: its words without the numbers in them.
 *
 *   logrotate --state=/var/lib/x.12 -v       ->   logrotate --state=/var/lib/x.# -v
 *   restore --from a1b2c3d4e5 /srv/4711      ->   restore --from * /srv/#
 *
 * A run of digits becomes "#", what looks like chance (hexadecimal digits, letters and digits mixed) and what lies
 * in a place for files of the moment becomes "*". Words, their order, options and directories stay: a command
 * with one word more has another shape. Printable ASCII, words parted by blanks; at most EXEC_SHAPE_MAX
 * bytes, "..." at its end where there was more.
 *
 * Pure. The same arguments always have the same shape, so that it can be a key on disk.
 */
#ifndef KW_EVENT_EXEC_SHAPE_H
#define KW_EVENT_EXEC_SHAPE_H

#include "event/exec_event.h"

#define EXEC_SHAPE_MAX 512

struct exec_shape {
	char text[EXEC_SHAPE_MAX + 1];
};

/* Of the arguments, which secret_mask has seen before. */
struct exec_shape exec_shape_of(const struct exec_event *e);

/* The same of one name ("session-12.scope" -> "session-#.scope"); `out` gets at most `size` - 1 bytes. */
void exec_shape_of_name(const char *name, char *out, size_t size);

#endif
