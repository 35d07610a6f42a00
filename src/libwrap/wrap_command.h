/* SPDX-License-Identifier: ISC */
/*
 * wrap_command - runs a shell command inside somebody else's daemon, and leaves no trace in it.
 *
 * /bin/sh -c, with descriptors 0, 1 and 2 at /dev/null and none of the daemon's others (the client's socket), in a
 * process group of its own, signals as at the start of a program but SIGHUP, which it does not hear.
 * Waited for until it ends; what is still there after `seconds` is killed, its group with it. What the
 * command itself puts into the background (&) lives on. At most WRAP_COMMAND_AT_ONCE at a time in one process,
 * from all threads.
 *
 * The daemon gets no SIGCHLD, its own wait() does not see the child, and no handler is changed.
 *
 * Tests: tests/unit/libwrap/test_wrap_command.c
 */
#ifndef KW_LIBWRAP_WRAP_COMMAND_H
#define KW_LIBWRAP_WRAP_COMMAND_H

enum {
	WRAP_COMMAND_SECONDS = 10, /* enough to mail or to finger somebody; a server may stand still meanwhile */
	WRAP_COMMAND_AT_ONCE = 8,
};

enum wrap_command_end {
	WRAP_COMMAND_ZERO,    /* it ended with 0 */
	WRAP_COMMAND_OTHER,   /* it ended with another code, or by a signal */
	WRAP_COMMAND_LATE,    /* it was killed */
	WRAP_COMMAND_NOT_RUN, /* no process, or too many: errno (EAGAIN) */
};

enum wrap_command_end wrap_command_run(const char *command, unsigned seconds);

#endif
