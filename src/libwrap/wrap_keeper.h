/* SPDX-License-Identifier: ISC */
/*
 * wrap_keeper - the process that stays with a command until all of it has ended, and ends what does not.
 *
 * It is cloned for one command and executes nothing itself. All that the shell starts, also what is put into the background
 * (&) or makes itself a session of its own, becomes the keeper's child when its parent ends; so it knows when everything is
 * over, and is gone then. At the time limit, or told to end (SIGTERM), it kills the shell's group and child after child
 * until there is none, for two seconds at most. What it may not kill (a program with rights of another user) stays.
 *
 * A keeper is a copy of the process that cloned it: as much memory as that process changes meanwhile. It takes no lock, so the
 * process may have threads.
 *
 * Tests: tests/unit/libwrap/test_wrap_command.c
 */
#ifndef KW_LIBWRAP_WRAP_KEEPER_H
#define KW_LIBWRAP_WRAP_KEEPER_H

#include <stdbool.h>
#include <stddef.h>
#include <sys/types.h>

enum { WRAP_KEEPER_STACK_SIZE = 16 * 1024 }; /* of the shell, until it is executed: a dozen system calls */

/* What the keeper says of the shell, once: two bytes, the word and what errno is with NOT_RUN. */
enum wrap_keeper_word {
	WRAP_KEEPER_ZERO = 'z',     /* the shell ended with 0 */
	WRAP_KEEPER_OTHER = 'o',    /* otherwise, or by a signal */
	WRAP_KEEPER_LATE = 'l',     /* it was killed */
	WRAP_KEEPER_REFUSED = 'r',  /* it may not run */
	WRAP_KEEPER_NOT_RUN = 'n',  /* it could not */
};
enum { WRAP_KEEPER_SAYS = 2 }; /* bytes */

struct wrap_keeper {
	const char *command;
	unsigned seconds;             /* for all of it */
	bool (*may_run)(void *self);  /* asked in the keeper, before the shell is started; null: yes */
	void *self;
	const char *late_line;        /* sent to /dev/log where something was killed and nobody listens any more; null: nothing */
	int ear;                      /* where the word is written; the other end may be gone */
	char *stack_end;              /* of WRAP_KEEPER_STACK_SIZE bytes */
};

/* Runs the command, with all signals blocked. Does not come back. */
int wrap_keeper_keep(const struct wrap_keeper *k) __attribute__((noreturn));

/*
 * Waits for the end of another process, which has a group of its own, and of all in that group, and kills what there is of them
 * after so many seconds; then the line is sent. It is no parent of theirs: who leaves the group (setsid) leaves it, too. All
 * signals must be blocked. Does not come back.
 */
void wrap_keeper_end(pid_t process, int pidfd, unsigned seconds, const char *late_line) __attribute__((noreturn));

#endif
