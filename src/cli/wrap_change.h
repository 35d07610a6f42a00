/* SPDX-License-Identifier: ISC */
/*
 * wrap_change - has the ways of a program use our library or our tcpd, or what the system has again.
 *
 * A unit of systemd gets a drop-in, a line of inetd.conf our tcpd; everything else is told, to be typed by a person. Nothing but
 * these files is written, each whole or not at all; nothing is started or stopped.
 *
 * Tests: tests/system/87_wrap.sh
 */
#ifndef KW_CLI_WRAP_CHANGE_H
#define KW_CLI_WRAP_CHANGE_H

#include "cli/access_replace.h"
#include "cli/wrap_way.h"

#include <limits.h>
#include <stdbool.h>

enum wrap_change_state {
	WRAP_CHANGE_WRITTEN, /* or would be, in a dry run */
	WRAP_CHANGE_REMOVED, /* the same */
	WRAP_CHANGE_ALREADY, /* enable: it uses ours */
	WRAP_CHANGE_ABSENT,  /* disable: nothing of ours is there */
	WRAP_CHANGE_REFUSED, /* `reason` */
	WRAP_CHANGE_BY_HAND, /* `type` */
	WRAP_CHANGE_FAILED,  /* `error` is errno; the file is as it was */
};

enum { WRAP_CHANGE_LINES = 6 };

struct wrap_change {
	const struct wrap_way *way; /* borrowed */
	enum wrap_change_state state;
	char file[PATH_MAX];              /* that was written, or would be; "" */
	char backup[ACCESS_REPLACE_PATH]; /* of inetd.conf; "" */
	char reason[PATH_MAX + 256];
	char type[WRAP_CHANGE_LINES][PATH_MAX + 256]; /* what a person types; "" ends it */
	int error;
};

/* Changes the ways that are not null in `changes[..count]`; all lines of inetd.conf at once. */
void wrap_change_enable(
	const struct wrap_place *place, struct wrap_change *changes, unsigned count, bool dry_run);
void wrap_change_disable(
	const struct wrap_place *place, struct wrap_change *changes, unsigned count, bool dry_run);

#endif
