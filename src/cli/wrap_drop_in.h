/* SPDX-License-Identifier: ISC */
/*
 * wrap_drop_in - the file in UNIT.d that has a unit of systemd use our library or our tcpd, and nothing else.
 *
 *   [Service]
 *   Environment="LD_LIBRARY_PATH=/usr/lib/knockwatch:/what/was/set/before"        for a program that is linked with libwrap
 *   ExecStart=                                                                     for one behind a tcpd: the same line
 *   ExecStart=-/usr/libexec/knockwatch/tcpd /usr/sbin/in.fingerd -w                with the other program in it
 *
 * Its first line says who wrote it, its last one holds a sum over what is before: a file that somebody has changed since is
 * known, and not taken away.
 *
 * Tests: tests/unit/cli/test_wrap_drop_in.c
 */
#ifndef KW_CLI_WRAP_DROP_IN_H
#define KW_CLI_WRAP_DROP_IN_H

#include "base/text_buffer.h"
#include "cli/wrap_way.h"

#include <limits.h>
#include <stdbool.h>

enum { WRAP_DROP_IN_TEXT = 24 << 10 };

enum wrap_drop_in_state {
	WRAP_DROP_IN_NONE,
	WRAP_DROP_IN_OURS,       /* as it was written */
	WRAP_DROP_IN_CHANGED,    /* somebody else's, or changed since */
	WRAP_DROP_IN_UNREADABLE, /* errno */
};

/* "/etc/systemd/system/UNIT.d/50-knockwatch-libwrap.conf" below the root; false if it does not fit. */
bool wrap_drop_in_path(const struct wrap_place *place, const char *unit, char out[PATH_MAX]);

/* The file for a way that is a unit's. `out` is cut where it does not fit. */
void wrap_drop_in_write(
	const struct wrap_place *place, const struct wrap_way *way, struct text_buffer *out);

/* Was this text written by wrap_drop_in_write? */
bool wrap_drop_in_is_ours(const char *text);

/* `text` has at least WRAP_DROP_IN_TEXT bytes; it is set where the file could be read. */
enum wrap_drop_in_state wrap_drop_in_read(const char *path, char *text);

/* Puts the file in place, with its directory; takes it away, with its directory where that is empty then. False with errno. */
bool wrap_drop_in_put(const char *path, const char *text);
bool wrap_drop_in_remove(const char *path);

#endif
