/* SPDX-License-Identifier: ISC */
/*
 * access_rule - the fields of one line: daemons : clients [ : options ].
 *
 * Split at the first ':' outside [ ]; the bracket count may go below zero, as in the original, so that a stray ']'
 * leaves a line without fields. In options "\:" is a ':' (access_option). Words of a list are apart by
 * blank, tab, CR, LF or comma.
 *
 * Tests: tests/unit/access/test_access_rule.c
 */
#ifndef KW_ACCESS_ACCESS_RULE_H
#define KW_ACCESS_ACCESS_RULE_H

#include "base/text_slice.h"

#include <stdbool.h>

enum access_rule_form {
	ACCESS_RULE_BLANK,        /* nothing but blanks, tabs and CRs */
	ACCESS_RULE_COMMENT,      /* '#' in the first column, only there */
	ACCESS_RULE_RULE,
	ACCESS_RULE_NO_SEPARATOR, /* the original warns and goes on with the next line */
};

struct access_rule {
	struct text_slice daemons;
	struct text_slice clients;
	struct text_slice options; /* what is behind the second ':'; empty where there is none */
	bool has_options;          /* there was a second ':'; with nothing behind it, it is an empty option: a fault */
};

/* The slices point into the line. `out` is written for ACCESS_RULE_RULE only. */
enum access_rule_form access_rule_split(struct text_slice line, struct access_rule *out);

/*
 * Cuts `text` at the first `at` outside [ ]; `*behind` is what follows it. False, and nothing is written, where there
 * is none.
 */
bool access_rule_cut(struct text_slice *text, char at, struct text_slice *behind);

/* Cuts "who@host"; the '@' is looked for from the second letter on, so that "@group" is left alone. As access_rule_cut. */
bool access_rule_cut_host(struct text_slice *word, struct text_slice *host);

/* Takes the next word off the front of a list; false when there is none. */
bool access_rule_next_word(struct text_slice *list, struct text_slice *word);

/* The word EXCEPT, in any case of letters. */
bool access_rule_is_except(struct text_slice word);

#endif
