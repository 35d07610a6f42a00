/* SPDX-License-Identifier: ISC */
/*
 * access_lint_join - one pattern that was written as several words: "10.0.0.0 / 8", "10.0.0.0 255.0.0.0", "10.0.0.1 - 10.0.0.9".
 *
 * Pure. Joined is only what is a net or a range as one word; single numbers beside an address are left alone.
 *
 * Tests: tests/unit/access/test_access_lint.c   Fuzzed: fuzz/access/fuzz_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_JOIN_H
#define KW_ACCESS_ACCESS_LINT_JOIN_H

#include "access/access_draft.h"

#include <stdbool.h>

/*
 * `word` was taken off the front of `*rest`. True where it goes on in the next one or two words: they are taken too, `word` is all
 * that was written, and `out`, empty before, the one word. `*narrows`: as it is written it fits more than that: "[2001:db8::]/"
 * all of IPv6, and "/" is a file of clients that cannot be read.
 */
bool access_lint_join_words(struct text_slice *word, struct text_slice *rest, bool *narrows, struct access_draft *out);

#endif
