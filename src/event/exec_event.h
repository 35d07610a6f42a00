/* SPDX-License-Identifier: ISC */
/*
 * exec_event - one program that was started with the rights of root.
 *
 * Plain data of fixed size, filled by a source in sensor/. All text is from outside, exactly as the kernel
 * told it: the arguments may hold secrets until secret_mask has seen them, and none of it is escaped.
 *
 * The arguments are one block, as the kernel lays them out: each ends in a NUL, an empty one is a NUL
 * alone. What does not fit is cut, and `args_true` tells how long the vector was. The byte behind
 * `args_size` is always a NUL, so the last argument may be read as a text also where it was cut.
 *
 * Owner: whoever reads a source of them; about 10 KiB, one at a time.
 */
#ifndef KW_EVENT_EXEC_EVENT_H
#define KW_EVENT_EXEC_EVENT_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Real command lines are below 4 KiB but for class paths and lists of files; those of a build reach 8. */
#define EXEC_ARGS_MAX 8192
#define EXEC_PATH_MAX 512
#define EXEC_UNIT_MAX 128
#define EXEC_TTY_MAX 32
#define EXEC_COMM_MAX 16 /* TASK_COMM_LEN */

#define EXEC_NOBODY UINT32_MAX /* `auid` where nobody logged in: a daemon's child */

/* Who told; the words of the field `via`. */
enum exec_via {
	EXEC_VIA_HOOK,  /* our program at sched_process_exec: nothing is missing */
	EXEC_VIA_AUDIT, /* records of the audit system: what its rules ask for */
	EXEC_VIA_PROC, /* the process connector and /proc: short-lived programs are often gone before */
	EXEC_VIAS
};

struct exec_event {
	struct wall_time time; /* of the start, or of when we heard of it */
	uint32_t uid, euid;    /* real and effective user */
	uint32_t auid;         /* who logged in; EXEC_NOBODY */
	uint32_t pid, ppid;    /* as the first namespace counts; ppid 0 = unknown */
	uint32_t args_size;    /* bytes of `args` in use; 0 = unknown, or no argument at all */
	uint32_t args_true;    /* bytes that the vector had; more than args_size = it was cut */
	uint8_t via;           /* enum exec_via */
	char exe[EXEC_PATH_MAX]; /* the file that runs: of a script its interpreter; empty = unknown */
	char cwd[EXEC_PATH_MAX];    /* empty = unknown */
	char tty[EXEC_TTY_MAX];     /* "pts0"; empty = none */
	char parent[EXEC_COMM_MAX]; /* name of the process that started it; empty = unknown */
	char unit
		[EXEC_UNIT_MAX]; /* of systemd ("cron.service"), else its control group; may be empty */
	char args[EXEC_ARGS_MAX + 1]; /* see above */
};

static inline bool exec_event_is_cut(const struct exec_event *e)
{
	return e->args_true > e->args_size;
}

/*
 * Walks the arguments: start with *at = 0; null at the end. The text ends in a NUL, its length is the
 * way to the next *at.
 */
static inline const char *exec_event_next_arg(const struct exec_event *e, size_t *at)
{
	if (*at >= e->args_size)
		return NULL;
	const char *arg = e->args + *at;
	*at += strnlen(arg, e->args_size - *at) + 1;
	return arg;
}

/* "hook", "audit", "proc". */
static inline const char *exec_via_name(enum exec_via via)
{
	static const char *const names[EXEC_VIAS] = {
		[EXEC_VIA_HOOK] = "hook", [EXEC_VIA_AUDIT] = "audit", [EXEC_VIA_PROC] = "proc"};
	return names[via];
}

#endif
