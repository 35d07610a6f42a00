/* SPDX-License-Identifier: ISC */
/*
 * match_program - asks tcpdmatch, the program, about a case: the same program with one library and with the other.
 *
 * Debian's prints no more than the verdict: what the library tells of the rule goes to syslog.
 */
#ifndef KW_ABI_MATCH_PROGRAM_H
#define KW_ABI_MATCH_PROGRAM_H

#include "access_case.h"

#include <stdbool.h>
#include <stddef.h>

enum match_verdict {
	MATCH_NONE, /* it gave no verdict */
	MATCH_GRANTED,
	MATCH_DENIED,
	MATCH_DELEGATED, /* a twist */
};

struct match_answer {
	enum match_verdict verdict; /* the last one: several addresses give several */
	char text[3000];            /* all that it printed */
};

/* Can the case be put to it? It wants an address, reads tables where it stands, and truly becomes another user. */
bool match_program_takes(const struct access_case *c);

/*
 * Runs PROGRAM in the place of the case with LIBRARY's directory in front of the others, or with what the system has where
 * it is null. False if it could not be run.
 */
bool match_program_ask(const char *program, const char *library, const struct access_case *c, struct match_answer *out);

#endif
