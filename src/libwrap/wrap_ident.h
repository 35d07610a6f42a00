/* SPDX-License-Identifier: ISC */
/*
 * wrap_ident - asks the client's host whose connection this is (RFC 1413, TCP port 113).
 *
 * What comes back is what that host says, and no proof of anything. The question takes no longer than it is given,
 * whatever the host does: every step waits for the same deadline, without signals. Of an answer at
 * most 512 bytes are read; the user is at most 127 bytes, and control characters in it are '_'.
 *
 * Tests: tests/unit/libwrap/test_wrap_ident.c   Fuzzed: fuzz/libwrap/fuzz_wrap_ident.c
 */
#ifndef KW_LIBWRAP_WRAP_IDENT_H
#define KW_LIBWRAP_WRAP_IDENT_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <sys/socket.h>

enum {
	WRAP_IDENT_PORT = 113,
	WRAP_IDENT_USER_SIZE = 128,
};

/* The user in an answer to our question about these two ports; false for everything else, errors included. */
bool wrap_ident_read(struct text_slice answer, unsigned remote_port, unsigned our_port, char user[WRAP_IDENT_USER_SIZE]);

/* Asks the host at `remote`, from the address of `ours`. False (and `user` as it was) without an answer in time. */
bool wrap_ident_ask(const struct sockaddr *remote, const struct sockaddr *ours, unsigned seconds,
	char user[WRAP_IDENT_USER_SIZE]);

#endif
