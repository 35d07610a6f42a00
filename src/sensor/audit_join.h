/* SPDX-License-Identifier: ISC */
/*
 * audit_join - makes one exec_event of the records that the audit system writes for one start.
 *
 * SYSCALL tells who and what file, EXECVE the arguments (in several records where they are long, a long one in
 * several pieces), CWD where; EOE ends it. Records of several processors may come mixed: a few are held, and
 * where more begin the oldest is taken as it is. Starts that failed, and those of others than root, are no
 * events. Pure; about 90 KiB, no allocation.
 *
 * BUGS: no parent's name and no unit: the records have none (exec_audit asks /proc). A NUL or a blank in a
 * working directory is as the kernel wrote it.
 *
 * Tests: tests/unit/sensor/test_audit_join.c   Fuzz: fuzz/sensor/fuzz_audit_join.c
 */
#ifndef KW_SENSOR_AUDIT_JOIN_H
#define KW_SENSOR_AUDIT_JOIN_H

#include "event/exec_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define AUDIT_JOIN_OPEN_MAX 8 /* starts under way at once: a writer is a processor */

struct audit_join_open {
	uint64_t serial; /* 0 = free */
	bool failed;     /* the system call did */
	bool has_call, has_args;
	uint32_t wanted; /* arguments, as argc says */
	uint32_t next;   /* number of the argument that is being read or comes next */
	bool in_arg;     /* argument `next` has begun, and may go on in another piece */
	bool gap;        /* a piece is missing */
	struct exec_event event;
};

struct audit_join {
	struct audit_join_open open[AUDIT_JOIN_OPEN_MAX];
	uint64_t records, broken; /* read; of them: not readable */
	uint64_t incomplete;      /* starts of which a record was missing */
};

/* Forgets everything. */
void audit_join_clear(struct audit_join *j);

/* Takes one record: its type and text (a NUL at the end may be there or not). True if a start is complete and
 * in `out`. */
bool audit_join_take(
	struct audit_join *j, uint16_t type, const char *text, size_t size, struct exec_event *out);

#endif
