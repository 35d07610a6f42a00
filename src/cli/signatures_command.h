/* SPDX-License-Identifier: ISC */
/*
 * signatures_command - 'knockwatch signatures': lists, checks and converts signatures.
 */
#ifndef KW_CLI_SIGNATURES_COMMAND_H
#define KW_CLI_SIGNATURES_COMMAND_H

#include "cli/command.h"

extern const struct command signatures_command;

#endif
