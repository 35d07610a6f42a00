/* SPDX-License-Identifier: ISC */
/*
 * access_pattern - does a word of a rule fit a daemon, a client?
 *
 * The forms and their order are those of Debian's 7.6.q: @netgroup, /file, KNOWN, LOCAL, net/mask, [v6]/len, * and ?,
 * .suffix, prefix., ALL, [v6], else the same text, letters in any case. A glob is matched in a time that its length
 * bounds (the original's may take for ever).
 *
 * A /file may name others, eight deep and 1024 in all; what is more, a file that names itself, and one that cannot be
 * read, is told and never opens a door: it fits in a rule that denies, does not in one that grants, and behind
 * EXCEPT the other way round (the original recursed until it crashed, and let everybody in). A file that does not
 * exist fits nobody, anywhere.
 *
 * The same holds while nobody answers what the name of the client (or of the server, behind '@') is: a word that is
 * compared with the name has then three answers, and not two. It fits where it fits without the name (its address, the
 * words UNKNOWN and PARANOID as they stand), it does not where no name could change that (digits, a network), and all
 * else is an open question. In a list, a EXCEPT b, open questions are counted to the side on which the door stays
 * shut: in a rule that denies a word of `a` fits and one of `b` does not, in a rule that grants the other way round. Each
 * word stands on one side only, so that the outcome is what the rule would be at its worst; a rule that fits
 * whatever the name is, fits. The original takes the open question for "no", and lets everybody in that a name keeps out.
 *
 * In a strict table patterns for addresses are compared with addresses, and names with names (access_grammar). That every word of
 * a rule is good is looked at before (access_fit); a /file with a word that is not is one that cannot be read.
 *
 * Tests: tests/unit/access/test_access_pattern.c   Fuzzed: fuzz/access/
 */
#ifndef KW_ACCESS_ACCESS_PATTERN_H
#define KW_ACCESS_ACCESS_PATTERN_H

#include "access/access_asker.h"
#include "access/access_list.h"
#include "access/access_request.h"
#include "access/access_rule.h"
#include "base/text_slice.h"

#include <stdbool.h>

/* Where warnings go; both null: nowhere. `text` is escaped and ends in no newline; `line` 0: the whole file. */
struct access_warning_sink {
	void (*warn)(void *self, const char *file, unsigned line, const char *text);
	void *self;
};

/* Where a word stands: for warnings, and for what an unreadable file means there. */
struct access_place {
	const char *file; /* borrowed */
	unsigned line;
	bool strict; /* the table is (access_mark) */
	bool denies; /* the table does */
	const struct access_rule *rule; /* whose options may turn that (access_denial); null: nobody's. Borrowed */
	bool hopes;  /* open questions about names are counted to the other side, and no user is asked for: does the
			rule hang on them? */
	struct access_warning_sink sink;
};

enum { ACCESS_PATTERN_FILES_DEEP = 8 };

/* A list of daemons (tokens, ports, D@H, EXCEPT) against the request. */
bool access_pattern_fits_daemon(struct text_slice list, const struct access_request *q, const struct access_place *at);
/* A list of clients (hosts, user@host, EXCEPT). */
bool access_pattern_fits_client(struct text_slice list, const struct access_request *q, const struct access_place *at);

/* The same for many rules; `asker` is kept over those of a decision. */
bool access_pattern_daemons_fit(struct access_list list, struct access_asker *asker, const struct access_place *at);
bool access_pattern_clients_fit(struct access_list list, struct access_asker *asker, const struct access_place *at);
/* Both lists of a rule; clients are looked at only if the daemon fits. */
bool access_pattern_fits_rule(
	const struct access_rule *rule, struct access_asker *asker, const struct access_place *at);

/* One host pattern (no user@, no EXCEPT) against one side. */
bool access_pattern_fits_host(
	struct text_slice word, const struct access_request *q, enum access_side side, const struct access_place *at);
/* One pattern against one string: a daemon, a user, an address or a name. */
bool access_pattern_fits_text(struct text_slice word, const char *text);

/* True for what the original compares with addresses only: digits, dots and slashes. */
bool access_pattern_is_numeric(struct text_slice word);

#endif
