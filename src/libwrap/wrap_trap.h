/* SPDX-License-Identifier: ISC */
/*
 * wrap_trap - the bounds of commands that a rule runs because of who knocks (spawn, twist): nobody may make this host work by
 * knocking often.
 *
 * Whoever knocks chooses when a command runs and how often, and a finger at a hostile host how long. So:
 *
 *   spawn   one for each source (an address, a /64 of IPv6) and rule in a minute, 30 for each rule in a minute, 16
 *           at a time on this host, and each is killed after a minute, its background jobs (&) with it. The server waits 10 s
 *           for it at most.
 *   twist   is what the client gets for an answer, and in hosts.allow may be the service itself: there it is not bounded. In a
 *           table that denies at most 32 run at a time on this host, each for 10 minutes.
 *
 * Options before the command, in its rule, change that: trap-limit (per source or network; per service: the whole rule),
 * trap-at-most, trap-time. "On this host" is: for the processes of this user that share memory (wrap_shared).
 *
 * A spawn that is not run changes no verdict; a twist that is not run denies. Both are logged with reason and number when that
 * number is a power of two, and the whole number when the command is run again.
 *
 * aclexec is none of these: it is asked for a verdict.
 *
 * Tests: tests/unit/libwrap/test_wrap_trap.c, tests/system/89_booby_traps.sh
 */
#ifndef KW_LIBWRAP_WRAP_TRAP_H
#define KW_LIBWRAP_WRAP_TRAP_H

#include "access/access_option.h"
#include "access/access_request.h"

#include <stdbool.h>

enum {
	WRAP_TRAP_PER_SOURCE = 1,
	WRAP_TRAP_PER_RULE = 30,
	WRAP_TRAP_SPAN_SECONDS = 60,
	WRAP_TRAP_SPAWNS = 16,
	WRAP_TRAP_SPAWN_SECONDS = 60, /* longer than safe_finger waits, so that what it has found is mailed */
	WRAP_TRAP_TWISTS = 32,
	WRAP_TRAP_TWIST_SECONDS = 600,
};

struct wrap_trap_pace {
	unsigned count, span_s; /* count 0: no bound */
	uint8_t v4_bits, v6_bits;
};

/* What a rule's options have said so far; zero: nothing. */
struct wrap_trap_terms {
	struct wrap_trap_pace source, rule;
	unsigned at_most; /* 0: not said */
	unsigned seconds; /* 0: not said */
	unsigned commands; /* of this rule so far: each is counted by itself */
};

/* trap-limit, trap-at-most, trap-time. */
void wrap_trap_hear(struct wrap_trap_terms *terms, const struct access_option *option);

struct wrap_trap {
	const struct access_request *q;
	const char *file; /* the rule; may be null */
	unsigned line;
	bool denies;      /* its table */
	struct wrap_trap_terms *terms;
};

/* Runs the command through shell_cmd(), or says in the log why not. */
void wrap_trap_spawn(const struct wrap_trap *trap, struct text_slice written, char *command);
/* May this process become the command? Then it counts, and is ended in time. Else it is in the log why not. */
bool wrap_trap_may_twist(const struct wrap_trap *trap, struct text_slice written, const char *command);

/* What our shell_cmd() does: within the bounds of the spawn it is called for, else within those that need no rule. */
void wrap_trap_shell(const char *command);

#endif
