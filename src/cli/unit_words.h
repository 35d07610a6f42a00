/* SPDX-License-Identifier: ISC */
/*
 * unit_words - lines and words of a unit file, as systemd.syntax(7) has them.
 *
 * A line that ends in a backslash goes on; comment lines in between are passed over. Words are apart by blanks; "..." and '...'
 * hold one together, a backslash takes the next character as it is (\x41 and its like stay as they are written).
 *
 * Tests: tests/unit/cli/test_systemd_unit.c
 */
#ifndef KW_CLI_UNIT_WORDS_H
#define KW_CLI_UNIT_WORDS_H

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <stdbool.h>

/*
 * Takes the next line that is none of blanks or comment off the front of `*text`, joined and without blanks at both ends; `line`
 * holds as much as `text` did. `*next` is the number of the physical line to come, `*number` that of its first one. False at the end.
 */
bool unit_words_line(struct text_slice *text, char *line, unsigned *next, unsigned *number);

/* Takes the next word off the front; cut to fit. False at the end. */
bool unit_words_next(const char **rest, char *word, size_t size);

/* Adds a value as one quoted word; '%' doubled where `specifiers` is false. */
void unit_words_add_quoted(struct text_buffer *out, const char *text, bool specifiers);

#endif
