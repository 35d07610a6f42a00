/* SPDX-License-Identifier: ISC */
/*
 * access_strict - the rules of a strict table: as they are split, and whether they are good.
 *
 * Every word is of a form that access_grammar knows, no list and no side of EXCEPT is empty, and the options can be read
 * (access_option). A rule in which anything is wrong is broken as a whole, for nobody knows what was meant; so is a line without a
 * ':', one that a NUL byte cut, and a comment that goes on in the next line, which may be a rule.
 *
 * IPv6 without brackets is read where it can be nothing else: a client, or what stands behind its '@', that is an address or
 * a prefix up to the next blank, comma or end, or to a ':' behind it. In the original such a line is never a rule that
 * holds: its first ':' begins options, and none of those has the letters of hexadecimal numbers alone.
 *
 * Tests: tests/unit/access/test_access_strict.c   Fuzzed: fuzz/access/fuzz_access_decision.c
 */
#ifndef KW_ACCESS_ACCESS_STRICT_H
#define KW_ACCESS_ACCESS_STRICT_H

#include "access/access_option.h"
#include "access/access_reader.h"
#include "access/access_rule.h"

#include <stdbool.h>

/* As access_rule_split, but that IPv6 without brackets is not taken apart. */
enum access_rule_form access_strict_split(struct text_slice line, struct access_rule *out);
/* As access_rule_split, or the other. */
static inline enum access_rule_form access_strict_split_if(bool strict, struct text_slice line, struct access_rule *out)
{
	return strict ? access_strict_split(line, out) : access_rule_split(line, out);
}

/* Is anything wrong? Of many the first is told, in `why` (may be null), with what should be there. */
bool access_strict_daemons_are_broken(const struct access_rule *rule, struct access_option_fault *why);
/* Clients and options. True, too, without memory to look at the options: what cannot be read is not good. */
bool access_strict_rest_is_broken(const struct access_rule *rule, struct access_option_fault *why);
/* The whole rule. Comments and blank lines are good. */
bool access_strict_text_is_broken(struct text_slice line, struct access_option_fault *why);
/* Is the line not what it seems, whatever its words are? */
bool access_strict_line_is_odd(const struct access_line *line, struct access_option_fault *why);

#endif
