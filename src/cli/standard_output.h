/* SPDX-License-Identifier: ISC */
/*
 * standard_output - whether what a command said has arrived.
 *
 * Tests: tests/system/60_words.sh, tests/system/90_classic_tools.sh
 */
#ifndef KW_CLI_STANDARD_OUTPUT_H
#define KW_CLI_STANDARD_OUTPUT_H

#include <stdbool.h>

/* A full disk or a closed pipe must not pass for an answer. Says so on standard error. */
bool standard_output_is_lost(void);

#endif
