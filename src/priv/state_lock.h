/* SPDX-License-Identifier: ISC */
/*
 * state_lock - one writer for each state directory, and a line in which it tells of itself.
 *
 * The lock is an open file description lock on DIR/watch.lock: it holds as long as the descriptor is
 * open and dies with the process, however that ends. The file stays; what it says counts for a running
 * writer only while the lock is held, and afterwards for the last one there was: taking the lock empties
 * it. Whoever may read the
 * file can ask without taking the lock, so that a question never keeps a writer out.
 *
 * The line is written over in place. A reader takes what it has read twice alike.
 *
 * Source of fact: fcntl(2), F_OFD_SETLK and F_OFD_GETLK.   Tests: tests/unit/priv/test_state_lock.c
 */
#ifndef KW_PRIV_STATE_LOCK_H
#define KW_PRIV_STATE_LOCK_H

#include <stdbool.h>
#include <stddef.h>

#define STATE_LOCK_FILE "watch.lock"
#define STATE_LOCK_LINE_MAX 8192 /* with its newline; a longer line is not written */

enum state_lock_result {
	STATE_LOCK_TAKEN,
	STATE_LOCK_HELD,   /* by somebody else */
	STATE_LOCK_FAILED, /* with a message in `error` */
};

/* Takes the lock of a directory, which is made if it is not there (as state_directory_prepare makes
 * it). TAKEN: `*fd` is to be kept open, and closed to give the lock back; else it is -1. */
enum state_lock_result state_lock_take(
	const char *directory, int *fd, char *error, size_t error_size);

/* Puts `line`, without a newline, in place of what stood there. False with errno. */
bool state_lock_write(int fd, const char *line);

/* Reads the line into `line`, "" where there is none, and tells whether the lock is held. For the line
 * of a holder that has only just come it waits, half a second at most. False with errno: ENOENT where there never was a writer, EIO where it is no file of ours. */
bool state_lock_look(const char *directory, bool *held, char *line, size_t line_size);

#endif
