/* SPDX-License-Identifier: ISC */
/*
 * wrap_command - runs a shell command inside somebody else's daemon, and leaves no trace in it.
 *
 * /bin/sh -c, with descriptors 0, 1 and 2 at /dev/null and none of the daemon's others (the client's socket), in a
 * process group of its own, signals as at the start of a program but SIGHUP, which it does not hear.
 *
 * Two times: the caller waits for the shell's end, `wait_seconds` at most; all that the command started is killed after
 * `life_seconds`, what it put into the background (&) with it. A process stays with the command until then (wrap_keeper),
 * which is no child of the daemon. At most WRAP_COMMAND_AT_ONCE callers wait at a time in one process, from all threads.
 *
 * The daemon gets no SIGCHLD, its own wait() does not see the child, and no handler is changed. (A daemon that is given
 * orphans, as the first process of a container is, is given the keeper's end, too.)
 *
 * Tests: tests/unit/libwrap/test_wrap_command.c
 */
#ifndef KW_LIBWRAP_WRAP_COMMAND_H
#define KW_LIBWRAP_WRAP_COMMAND_H

#include <stdbool.h>

enum {
	WRAP_COMMAND_SECONDS = 10, /* to wait: enough to mail or to finger somebody; a server may stand still meanwhile */
	WRAP_COMMAND_AT_ONCE = 8,
};

enum wrap_command_end {
	WRAP_COMMAND_ZERO,    /* the shell ended with 0 */
	WRAP_COMMAND_OTHER,   /* it ended with another code, or by a signal */
	WRAP_COMMAND_LATE,    /* it was killed */
	WRAP_COMMAND_RUNS_ON, /* it is not waited for any longer */
	WRAP_COMMAND_REFUSED, /* it may not run (may_run) */
	WRAP_COMMAND_NOT_RUN, /* errno: no process, too many of them (EAGAIN), no /dev/null */
};

struct wrap_command {
	const char *text;
	unsigned wait_seconds, life_seconds;
	bool (*may_run)(void *self); /* asked in the process that stays with the command, which counts as running; null: yes.
					Like it, takes no lock and no memory */
	void *self;
	const char *late_line; /* for /dev/log, where it is killed when nobody waits any more; null: nothing */
};

enum wrap_command_end wrap_command_run(const struct wrap_command *command);

/* This process, and its group (which it makes its own), is killed after so many seconds, whatever it executes until then, also what
 * is left of the group when the process has ended; that is told by `late_line`. False where that cannot be: errno. */
bool wrap_command_end_self(unsigned seconds, const char *late_line);

#endif
