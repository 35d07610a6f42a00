/* SPDX-License-Identifier: ISC */
/*
 * access_decision - may this request enter? By which rule, and what is to be done about it?
 *
 * A set of addresses with a time to end (access_set) is asked first, where there is one. hosts.allow is read then: a match
 * grants. Then hosts.deny: a match denies. No match grants. A rule's options may turn its verdict. A table that cannot be
 * read matches nobody when it grants, and everybody when it denies.
 *
 * Deciding changes nothing and runs nothing but aclexec (through the request): where its command fails, the rule does
 * not match and the next table is asked, not the next line. The other options of the rule that decided are
 * carried out by the caller, in their order, before the verdict counts (libwrap/wrap_act.h); each decision
 * stands alone, nothing sticks from the one before.
 *
 * While nobody answers what the client's name is, a rule by name denies where it would deny some name, and grants only where
 * it would grant every one (access_pattern). Where that is what decided, `unanswered` says why, and a warning is
 * given for the rule's line.
 *
 * In a strict table ("# knockwatch: strict" at its head, access_mark) a rule that is broken (access_strict) denies everybody
 * who comes to it and whom its daemons concern, in hosts.allow too; what stands before it holds.
 *
 * Tests: tests/unit/access/test_access_decision.c; tests/abi against the original
 */
#ifndef KW_ACCESS_ACCESS_DECISION_H
#define KW_ACCESS_ACCESS_DECISION_H

#include "access/access_option.h"
#include "access/access_pattern.h"
#include "access/access_request.h"

#include <stdbool.h>

enum access_verdict {
	ACCESS_GRANT,
	ACCESS_DENY,
};

enum access_reason {
	ACCESS_BY_RULE,         /* file and line are known */
	ACCESS_BY_DEFAULT,      /* no rule matched */
	ACCESS_BY_OPTION_FAULT, /* the rule matched, its options cannot be carried out */
	ACCESS_BY_BROKEN_RULE,  /* of a strict table: nobody knows what it means; file, line and fault are known */
	ACCESS_BY_UNREADABLE,   /* hosts.deny cannot be read, or hosts.allow, and no rule lets in */
	ACCESS_BY_NO_MEMORY,    /* ENOMEM: denied */
};

struct access_cache;

struct access_tables {
	const char *set;   /* asked before the others, a table that denies (access_set); null: none. Paths, borrowed */
	const char *allow; /* this one and the next: null is a table that cannot be read */
	const char *deny;
	struct access_cache *cache; /* borrowed: indexes that are kept between decisions (access_cache.h); null: none are */
};

struct access_decision {
	enum access_verdict verdict;
	enum access_reason reason;
	const char *file;                 /* the table that decided, borrowed from access_tables, or its usual name
					     where that has no path; null by default */
	unsigned line;                    /* as the original numbers it; 0: the whole table */
	char *rule;                       /* owned: the whole logical line, NUL-terminated; null without a rule */
	bool strict;                      /* the rule is one of a strict table, and is to be split as those are */
	struct access_option *options;    /* owned: to be carried out in this order, but for aclexec, which was; by
					     option fault those before it. They point into `option_text` */
	unsigned option_count;
	const char *unanswered;           /* of the request: why nobody could say the name, where the rule matches for that
					     reason only; else null */
	char *option_text;                /* owned */
	struct access_option_fault fault; /* by option fault: the words, told to no sink; by broken rule: those that were told */
};

/* Decides. `out` need not be initialised and is to be cleared afterwards. */
void access_decision_make(const struct access_tables *tables, const struct access_request *q,
	struct access_warning_sink sink, struct access_decision *out);
void access_decision_clear(struct access_decision *d);

#endif
