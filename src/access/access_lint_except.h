/* SPDX-License-Identifier: ISC */
/*
 * access_lint_except - what stands before EXCEPT, and whether an exception takes all of it, or nothing.
 *
 * Pure. Of more words than are kept nothing is said.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_EXCEPT_H
#define KW_ACCESS_ACCESS_LINT_EXCEPT_H

#include "base/text_slice.h"
#include "net/prefix.h"

#include <stdbool.h>

enum { ACCESS_LINT_BASES_MAX = 64 };

struct access_lint_base {
	struct text_slice written;
	struct prefix net;
	bool is_net;
	bool gone; /* wholly excepted */
};

struct access_lint_excepts {
	struct access_lint_base bases[ACCESS_LINT_BASES_MAX];
	unsigned count;
	bool too_many;
};

/* A word before EXCEPT. `word` as it should be, `written` as it is, which is borrowed; `is_client`: it may be a net. */
void access_lint_excepts_add_base(
	struct access_lint_excepts *e, struct text_slice word, struct text_slice written, bool is_client);

/* A word behind it, the same way. True where nothing but nets stands before EXCEPT, and it is a net that has nothing in common with
 * any of them. */
bool access_lint_excepts_take(struct access_lint_excepts *e, struct text_slice word, struct text_slice written, bool is_client);

/* The first word of which nothing is left. */
bool access_lint_excepts_find(const struct access_lint_excepts *e, struct text_slice *word);

#endif
