/* SPDX-License-Identifier: ISC */
/*
 * sent_position - up to which record another machine has the journal, kept in the state directory.
 *
 * STATE/sent.json: one line of JSON of fixed length, written over in one call; so a reader, and whoever comes
 * after a crash, finds a whole one. The file is locked by its writer: one sender a state directory.
 */
#ifndef KW_COURIER_SENT_POSITION_H
#define KW_COURIER_SENT_POSITION_H

#include "base/clock.h"
#include "store/journal_chain.h"

#include <stdbool.h>
#include <sys/types.h>

#define SENT_POSITION_FILE "sent.json"
#define SENT_POSITION_LINE 1024 /* bytes of the file, with its newline */

struct sent_position {
	struct journal_place place; /* the newest record that is there; seq 0 = none */
	char to[256];               /* "logs.example.org:6514" */
	char state[32];             /* "sending", "waiting", "ended" */
	char why[256];              /* of waiting; may be empty */
	struct wall_time at;        /* when this was written */
	pid_t pid;
};

/* Opens the file, made if it is missing, for its one writer; it is given to `uid` and `gid` where we are root. -1
 * with errno: EAGAIN where another sender holds it. */
int sent_position_open(const char *state, uid_t uid, gid_t gid);
/* False with errno. */
bool sent_position_write(int fd, const struct sent_position *p);
/* False where nothing (or nothing of sense) is there: `out` is then zero. */
bool sent_position_read_fd(int fd, struct sent_position *out);
/* The same for whoever asks; `running` = a sender holds it now. */
bool sent_position_look(const char *state, struct sent_position *out, bool *running);
/* From the text of the file. */
bool sent_position_parse(const char *text, size_t size, struct sent_position *out);

#endif
