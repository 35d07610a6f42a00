/* SPDX-License-Identifier: ISC */
/*
 * access_lint_glyph - characters that only look like those of the language, or like nothing: blanks that are none, quotation marks,
 * dashes and colons of word processors, marks without a width.
 *
 * Pure. Bytes of UTF-8; of other encodings the blank that does not break (0xa0).
 *
 * Tests: tests/unit/access/test_access_lint.c   Fuzzed: fuzz/access/fuzz_access_lint.c
 */
#ifndef KW_ACCESS_ACCESS_LINT_GLYPH_H
#define KW_ACCESS_ACCESS_LINT_GLYPH_H

#include "access/access_draft.h"
#include "access/access_lint_hearer.h"

#include <stdbool.h>

/* Mends the line up to its options, which may hold any bytes, or, `whole`, to its end. What looks like nothing known is told
 * only. True if something was changed. */
bool access_lint_glyph_mend(struct access_draft *line, bool whole, const struct access_lint_hearer *h);

#endif
