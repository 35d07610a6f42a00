/* SPDX-License-Identifier: ISC */
/*
 * completion_value - what may stand for a placeholder, read from the words of help themselves.
 *
 * FILE stands for files and DIR for directories; lower-case words with which a synopsis, or an
 * alternative of it, begins stand for themselves ("[check FILE... | convert FILE]"). Where the help of
 * an option is nothing but a list "one, two or three" (remarks in brackets apart), those are its words. Whatever else is named is
 * free text, and nothing is offered. So help and completion cannot say different things.
 *
 * Owner: by value.   Tests: tests/unit/cli/test_completion_value.c
 */
#ifndef KW_CLI_COMPLETION_VALUE_H
#define KW_CLI_COMPLETION_VALUE_H

#include "cli/option_row.h"

#include <stdbool.h>

#define COMPLETION_VALUE_WORDS_MAX 256 /* bytes; a longer list of words would be no help text */

struct completion_value {
	char words[COMPLETION_VALUE_WORDS_MAX]; /* one blank between them; a-z, 0-9 and - only */
	bool files, directories;                /* these too; behind the words if there are any */
};

/* What the value of an option may be; nothing for a flag. */
struct completion_value completion_value_of_option(const struct option_row *option);

/* What the first operand of a command may be, from its synopsis, whose alternatives have a bar between them; of files and
 * directories also whether a later one may be such. */
struct completion_value completion_value_of_operands(const char *synopsis);
/* What may come behind that word. */
struct completion_value completion_value_behind(const char *synopsis, const char *word);

/* True where nothing can be offered. */
bool completion_value_is_free(const struct completion_value *value);

#endif
