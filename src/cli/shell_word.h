/* SPDX-License-Identifier: ISC */
/*
 * shell_word - a word as it is to be typed: a shell that reads it has that word, and nothing else.
 *
 * Tests: tests/unit/cli/test_shell_word.c
 */
#ifndef KW_CLI_SHELL_WORD_H
#define KW_CLI_SHELL_WORD_H

#include "base/text_buffer.h"

/* A word of the call as it may be printed: printable ASCII, or cut. */
struct shell_word_text {
	char text[256];
};

struct shell_word_text shell_word_show(const char *word);

/* As it is where no shell reads more into it, else in single quotes. */
void shell_word_add(struct text_buffer *out, const char *word);

/* " --NAME WORD"; nothing for a null word. */
void shell_word_add_option(struct text_buffer *out, const char *name, const char *word);

#endif
