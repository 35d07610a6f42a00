/* SPDX-License-Identifier: ISC */
/*
 * option_number - numbers as values of options: decimal digits and nothing else.
 *
 * Tests: tests/unit/cli/test_option_number.c
 */
#ifndef KW_CLI_OPTION_NUMBER_H
#define KW_CLI_OPTION_NUMBER_H

#include <stdbool.h>
#include <stdint.h>

/* True for digits that make a number of at most `most`. */
bool option_number_read(const char *text, uint64_t most, uint64_t *out);

/* The same for the value of --`option`, of at least `least`; false with a message. */
bool option_number_parse(
	const char *option, const char *text, uint64_t least, uint64_t most, uint64_t *out);

#endif
