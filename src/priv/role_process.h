/* SPDX-License-Identifier: ISC */
/*
 * role_process - the same program again, in another role: a process with a channel to the one that
 * started it, and nothing else of it.
 *
 * The program is executed anew, so that the new process shares no secret of the old one: neither its
 * hash keys nor where its memory lies. It gets the channel as descriptor ROLE_PROCESS_CHANNEL, standard
 * error, the command line that it is given, and a clean environment but for time zone and colour.
 */
#ifndef KW_PRIV_ROLE_PROCESS_H
#define KW_PRIV_ROLE_PROCESS_H

#include <stdbool.h>
#include <sys/types.h>

#define ROLE_PROCESS_CHANNEL 3

struct role_process {
	pid_t pid;   /* 0 = none */
	int channel; /* our end; -1 = closed */
};

/* `argv` ends with null; its first word is the name that the process goes by. False with errno. */
bool role_process_start(struct role_process *out, char *const *argv);

/* Closes our end, which asks it to end, and waits for that: at most `timeout_ms`, then it is killed where we
 * may. Returns its exit code; 128 and more if a signal ended it (128 + the signal's number). Nothing to wait for: 0. */
int role_process_end(struct role_process *p, int timeout_ms);

#endif
