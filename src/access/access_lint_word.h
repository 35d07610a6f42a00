/* SPDX-License-Identifier: ISC */
/*
 * access_lint_word - one word of a list by itself: is it what it looks like?
 *
 * Pure: reads no file, asks nobody. A corrected word may have a fault left; whoever corrects asks again.
 *
 * Tests: tests/unit/access/test_access_lint.c   Fuzzed: fuzz/access/fuzz_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_WORD_H
#define KW_ACCESS_ACCESS_LINT_WORD_H

#include "access/access_draft.h"
#include "access/access_lint_code.h"

#include <stdbool.h>

/*
 * A pattern of hosts, without "user@". `in_file`: it stands in a /file. ACCESS_LINT_CODES where nothing is wrong; else `fix`, which
 * is empty before, has the word or words that were probably meant, or stays empty where nobody can know.
 */
enum access_lint_code access_lint_word_host(
	struct text_slice word, bool in_file, struct access_draft *fix);

/* A pattern of daemons, without "@host". */
enum access_lint_code access_lint_word_daemon(struct text_slice word, struct access_draft *fix);

/* True if the client's name must be known to tell that the word does not fit. */
bool access_lint_word_needs_name(struct text_slice word);

/* True for an IPv6 address, one with a length, or the beginning of one ("2001:db8:", "2001:db8:*"), without brackets; `fix` is then
 * what it should be. */
bool access_lint_word_bare_v6(struct text_slice word, struct access_draft *fix);

#endif
