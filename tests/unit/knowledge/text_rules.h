/* SPDX-License-Identifier: ISC */
/*
 * text_rules - what every text of the knowledge base keeps to: there, bounded, printable, quiet.
 *
 * Each check returns the number of faults and prints what it got, so that a test reads all texts
 * before it fails.
 */
#ifndef KW_TESTS_TEXT_RULES_H
#define KW_TESTS_TEXT_RULES_H

#include <stddef.h>

/* Sentences for people: a capital first, a full stop last, 1 to `sentences` of them, at most
 * `longest` printable ASCII characters, no exclamation mark, no word in more than 6 capitals. */
unsigned text_rules_check_sentences(
	const char *who, const char *text, size_t longest, unsigned sentences);

/* At most `longest` lower case letters, digits and characters of `extra`, a letter or digit first.
 */
unsigned text_rules_check_name(
	const char *who, const char *name, size_t longest, const char *extra);

#endif
