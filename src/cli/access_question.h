/* SPDX-License-Identifier: ISC */
/*
 * access_question - who is asked about: "sshd@203.0.113.5" and "joe@client.example" as an operand each.
 *
 * A service is daemon[@server]; the server is an address, in brackets or not, or a name that has one address. A client is
 * [user@]host; the host is an address, in brackets or not, a name, or one of the words "unknown" and "paranoid", which stand
 * for a client without an address and with that name. Names are asked for here, and waited for.
 *
 * What is wrong is said on standard error, with `who` in front ("access test").
 *
 * Tests: tests/unit/cli/test_access_question.c
 */
#ifndef KW_CLI_ACCESS_QUESTION_H
#define KW_CLI_ACCESS_QUESTION_H

#include "cli/access_trial_report.h"
#include "net/addr.h"

#include <stdbool.h>

enum { ACCESS_QUESTION_ADDRESSES = 8 }; /* of one name; more are not looked at */

/* Fills in the daemon and our address. `server` counts before the one in the word; null: none. */
bool access_question_take_service(
	struct access_trial *t, const char *who, const char *word, const char *server);
/* Fills in the user, and the name where one is given (null: none); `host` is the rest, without brackets. */
bool access_question_take_client(struct access_trial *t, const char *who, const char *word,
	const char *name, char host[ACCESS_TEXT_SIZE]);

/* "unknown" or "paranoid", in any case of letters. */
bool access_question_is_nobody(const char *host);
/* Digits that the system's functions take for an address, and nobody else: "10.1" for 10.0.0.1; or an address with a
 * length or a port behind it. Says so. */
bool access_question_is_odd(const char *who, const char *host);
/* The addresses of a name, each once; 0 if there is none. */
unsigned access_question_find(const char *name, struct addr out[ACCESS_QUESTION_ADDRESSES]);

#endif
