/* SPDX-License-Identifier: ISC */
/*
 * access_request - who wants to enter, and where: what the rules are compared with.
 *
 * What costs time (names, users) is asked only when a rule needs it, through `answers`. A string is at most 127
 * bytes, "unknown" where it cannot be had; a name that does not lead back to its address is "paranoid". Whether there is no
 * name, or nobody has answered, is told by `unanswered`. Answers stay valid until the request ends; the same question
 * gets the same answer.
 */
#ifndef KW_ACCESS_ACCESS_REQUEST_H
#define KW_ACCESS_ACCESS_REQUEST_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

#define ACCESS_UNKNOWN "unknown"
#define ACCESS_PARANOID "paranoid"

enum { ACCESS_TEXT_SIZE = 128 }; /* as STRING_LENGTH of the classic library */

enum access_side {
	ACCESS_CLIENT,
	ACCESS_SERVER,
};

struct access_answers {
	const char *(*address)(void *self, enum access_side side);
	const char *(*name)(void *self, enum access_side side); /* may ask the DNS */
	const char *(*user)(void *self);                        /* may ask the client's ident service */
	const char *(*pid)(void *self);
	int (*port)(void *self, enum access_side side);         /* -1: no socket is known */
	/* The name once it was looked up, or given; null before. Asks nobody: for %c, %h, log lines, and to prepare for it. `name`
	 * gives the same, at the same place, then. */
	const char *(*name_so_far)(void *self, enum access_side side);
	bool (*has_user)(void *self);
	/*
	 * Why a name that was asked for is an open question: "no name server answered about 192.0.2.7". Null where it is
	 * answered, there being no such name included, and where nobody has asked. A null function: always answered.
	 */
	const char *(*unanswered)(void *self, enum access_side side);
	/* Is the client's name in the netgroup? */
	bool (*in_netgroup)(void *self, const char *group, const char *name);
	/* Runs the expanded command of aclexec; true if it ended with 0, false if not, `if_not_run` if it could not be
	 * run or did not end in time. Null: it cannot be run (true). */
	bool (*accepts)(void *self, const char *command, bool if_not_run);
};

struct access_request {
	const char *daemon; /* borrowed */
	const struct access_answers *answers;
	void *self;    /* given to each answer */
	int64_t now_s; /* since 1970: for rules that expire; 0: not known, none has expired */
};

/* A request whose answers are all there: for tests, and for questions "what if" (access test). */
struct access_known {
	char user[ACCESS_TEXT_SIZE];
	char name[2][ACCESS_TEXT_SIZE];    /* by side; empty = "unknown" */
	char address[2][ACCESS_TEXT_SIZE];
	const char *unanswered[2];         /* borrowed: why nobody could say the name; null: it is as it stands in `name` */
	int port[2];                       /* -1: no socket */
	bool asked_name[2], asked_user;    /* a rule wanted to know */
	bool accepts;                      /* what aclexec commands end with */
	int64_t now_s;                     /* 0: no rule has expired */
};
/* The answers of `known`, which must outlive the request. */
struct access_request access_request_known(const char *daemon, struct access_known *known);

#endif
