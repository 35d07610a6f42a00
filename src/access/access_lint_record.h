/* SPDX-License-Identifier: ISC */
/*
 * access_lint_record - what the parts of access_lint share: the lines of a file with what is to become of them.
 *
 * Private to access_lint*.c.
 */
#ifndef KW_ACCESS_ACCESS_LINT_RECORD_H
#define KW_ACCESS_ACCESS_LINT_RECORD_H

#include "access/access_lint.h"

#define ACCESS_LINT_NO_PLACE UINT32_MAX

/* A logical line. */
struct access_lint_record {
	unsigned first, last;     /* its physical lines, from 1 */
	struct text_slice was;    /* in `bytes`, its newline included */
	struct text_slice mended; /* in `mended`, its newline included */
	char *fix; /* owned: in its place, with a last newline; null: as it is mended */
	unsigned inserts,
		next; /* lines that are put before it, and the next in such a list: index + 1, 0 = none */
	unsigned moved; /* it is in the list of the line that begins here; 0: in none */
	unsigned place; /* or ACCESS_LINT_NO_PLACE */
};

/* Where a rule stands that covers others. */
struct access_lint_rule_place {
	unsigned file, record;
};

/* A new place; `text` is copied, null for the whole file. ACCESS_LINT_NO_PLACE without memory, or beyond what is kept. */
unsigned access_lint_place_add(struct access_lint *l, unsigned file, unsigned first, unsigned last,
	const struct text_slice *text);

/* Keeps and counts a finding. */
void access_lint_find(struct access_lint *l, enum access_lint_code code,
	enum access_lint_level level, unsigned file, unsigned place, unsigned line,
	struct text_slice word);

/* A new file in the list, empty; its index, UINT32_MAX without memory. */
unsigned access_lint_file_add(
	struct access_lint *l, struct text_slice path, enum access_lint_table table);
/* Reads it into `bytes`. 0 or an errno, which is kept in `error` too. */
int access_lint_file_read(struct access_lint_file *f);

/* Judges what is in `bytes`. */
void access_lint_judge(struct access_lint *l, unsigned file);
/* Writes `fixed` and `changes`. False without memory. */
bool access_lint_assemble(struct access_lint_file *f);

/* Room for one more in an array of `count` of `size` elements of `each` bytes: the array, moved, or null without memory. */
void *access_lint_grow(void *array, unsigned count, unsigned *size, size_t each);

#endif
