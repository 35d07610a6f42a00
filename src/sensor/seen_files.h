/* SPDX-License-Identifier: ISC */
/*
 * seen_files - which generations of a log were read already, and how far back to look for others.
 *
 * Two generations may be born in the same tick of the file system's clock (4 ms), and a listing of the
 * directory may miss one that is being renamed. So a time alone does not say what was read: each
 * generation is remembered by its identity, and everything since the horizon that is not remembered
 * was missed. The horizon moves only when the memory is full and the oldest entry makes room.
 *
 * Owner: log_tail.   Tests: tests/unit/sensor/test_rotated_files.c
 */
#ifndef KW_SENSOR_SEEN_FILES_H
#define KW_SENSOR_SEEN_FILES_H

#include "sensor/rotated_files.h"

#define SEEN_FILES_MAX 2048 /* one a second for half an hour */

struct seen_files {
	struct file_identity ring[SEEN_FILES_MAX];
	unsigned count, next;
	int64_t horizon_ns; /* what was born or written before is not ours */
};

/* Nothing was seen yet; what is born at `horizon_ns` (since 1970) or later is of interest. */
void seen_files_init(struct seen_files *s, int64_t horizon_ns);

/* Remembers a generation. A second time changes nothing. */
void seen_files_add(struct seen_files *s, const struct file_identity *identity);

/* True if it is remembered. */
bool seen_files_has(const struct seen_files *s, const struct file_identity *identity);

/* True if it was born, or written last, before the horizon. */
bool seen_files_is_old(const struct seen_files *s, const struct file_identity *identity);

#endif
