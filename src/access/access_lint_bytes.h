/* SPDX-License-Identifier: ISC */
/*
 * access_lint_bytes - what makes other lines of a file than a person sees in it: byte order marks, NUL bytes, carriage returns
 * behind a continuing backslash, comments that swallow a line, a last line without its end.
 *
 * Mended first, so that what is found in the lines is what is wrong in those that were meant. Physical lines stay what and
 * where they are.
 *
 * Tests: tests/unit/access/test_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_BYTES_H
#define KW_ACCESS_ACCESS_LINT_BYTES_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

/*
 * Writes the file as it was meant to `out`; `*line` is the number of the physical line, from 1, whenever something is told.
 * `is_list`: a /file, which has no comments, needs no last newline, and is continued by nothing. False where no line of it
 * means anything.
 */
bool access_lint_bytes_mend(struct text_slice bytes, bool is_list,
	const struct access_lint_hearer *h, unsigned *line, struct access_draft *out);

#endif
