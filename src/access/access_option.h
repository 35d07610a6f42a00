/* SPDX-License-Identifier: ISC */
/*
 * access_option - what stands behind the second ':' of a rule, one option at a time: hosts_options(5).
 *
 * Options are apart by ':' ("\:" is a ':'), a keyword may be followed by '=' and a value; letters of a keyword in any
 * case, no short forms. Anything that is not as it must be denies (the original's rule), and says why. An empty option
 * is a fault, too: "sshd: ALL:" has one.
 *
 * expires 20261130T050000Z (access_time). limit COUNT/SPAN: 10/1m, 3/30s, 100/1h, 1000/1d. at-most COUNT, 1000 at the most. Both may be followed
 * by "per source" (an address, a /64 of IPv6; so it is without), "per network" (/24, /48) or "per service".
 *
 * Only the form is looked at: whether a user or a directory exists, and %-letters, are left to who carries it out.
 *
 * Tests: tests/unit/access/test_access_option.c   Fuzzed: fuzz/access/
 */
#ifndef KW_ACCESS_ACCESS_OPTION_H
#define KW_ACCESS_ACCESS_OPTION_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

enum access_option_kind {
	ACCESS_OPTION_ALLOW,
	ACCESS_OPTION_DENY,
	ACCESS_OPTION_SEVERITY,  /* number: facility | level, as syslog(3) takes it */
	ACCESS_OPTION_SPAWN,     /* value: a shell command, not expanded yet */
	ACCESS_OPTION_TWIST,
	ACCESS_OPTION_ACLEXEC,
	ACCESS_OPTION_RFC931,    /* number: seconds, 0 = as it is */
	ACCESS_OPTION_BANNERS,   /* value: directory */
	ACCESS_OPTION_SETENV,    /* name, value (may be empty); both may hold %-letters */
	ACCESS_OPTION_UMASK,     /* number */
	ACCESS_OPTION_NICE,      /* number */
	ACCESS_OPTION_KEEPALIVE,
	ACCESS_OPTION_LINGER,    /* number: seconds */
	ACCESS_OPTION_USER,      /* name: user; value: group or empty */
	ACCESS_OPTION_GROUP,     /* name */
	/* Not the original's, which denies for them. */
	ACCESS_OPTION_EXPIRES, /* time_s: the rule is none from then on */
	ACCESS_OPTION_NOTE,    /* value: for people; does nothing */
	ACCESS_OPTION_LIMIT,   /* number within span_s, else denied; of clients in the same block */
	ACCESS_OPTION_AT_MOST, /* number at a time, else denied; of clients in the same block */
	ACCESS_OPTION_TRAP_LIMIT,   /* number within span_s: the rule's commands, for clients in the same block */
	ACCESS_OPTION_TRAP_AT_MOST, /* number at a time: commands on this host, for this one to be run */
	ACCESS_OPTION_TRAP_TIME,    /* span_s: then the rule's commands are killed */
};

struct access_option {
	enum access_option_kind kind;
	int number;
	struct text_slice name;
	struct text_slice value;
	struct text_slice word;     /* the keyword and what follows it, as written: for the log */
	struct text_slice argument;
	int64_t time_s;           /* since 1970 */
	unsigned span_s;
	uint8_t v4_bits, v6_bits; /* of the block; both 0: all clients of the service together */
};

enum access_option_result {
	ACCESS_OPTION_READ,
	ACCESS_OPTION_END,
	ACCESS_OPTION_FAULT,
};

struct access_option_fault {
	char text[160]; /* "unknown option \"allowd\"", escaped */
};

/*
 * Reads the next option off the front of `*rest`, which is access_rule's `options` at first; its start becomes null with
 * the last option, and a null start is the end. `rest` must point into memory that may be written: "\:" is undone in
 * place. A fault ends the list.
 */
enum access_option_result access_option_next(struct text_slice *rest, struct access_option *out, struct access_option_fault *why);

enum access_option_walk {
	ACCESS_OPTION_WALK_END,   /* all are read, or it was enough */
	ACCESS_OPTION_WALK_FAULT, /* with the reason, where `why` is not null */
	ACCESS_OPTION_WALK_NO_MEMORY,
};
/* Shows each option of a rule to `see` until it says false, and leaves the rule as it is: what is shown stands in a copy. */
enum access_option_walk access_option_walk(struct text_slice options,
	bool (*see)(void *self, const struct access_option *option), void *self, struct access_option_fault *why);

/* The keyword, "severity". */
const char *access_option_keyword(enum access_option_kind kind);

#endif
