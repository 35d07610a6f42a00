/* SPDX-License-Identifier: ISC */
/*
 * position_file - where in the systemd journal a watch stands, kept over its end.
 *
 * One small file in the state directory, replaced as a whole. It is written when everything up to that
 * position has been kept: a watch that was killed reads at most a second again and leaves nothing out.
 * What stands in it comes from the sensor, and goes back to it; nobody else reads it.
 *
 * Owner: struct watch_loop.   Tests: tests/unit/daemon/test_position_file.c
 */
#ifndef KW_DAEMON_POSITION_FILE_H
#define KW_DAEMON_POSITION_FILE_H

#include "sensor/ear.h"

struct position_file {
	char written[EAR_POSITION_MAX]; /* what stands in the file; "" = nothing is known of it */
	bool failed;                    /* the last writing, which was said */
};

/* Reads it from a state directory; "" if there is none, or nothing that could be a position (said). */
void position_file_load(struct position_file *f, const char *directory, char out[EAR_POSITION_MAX]);
/* Writes a position that is new; "" never. A failure is said once. */
void position_file_save(struct position_file *f, const char *directory, const char *position);

/* True for a text that could be one: printable, as the journal's cursors are. */
bool position_file_may_hold(const char *position);

#endif
