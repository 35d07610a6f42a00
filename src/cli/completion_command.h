/* SPDX-License-Identifier: ISC */
/*
 * completion_command - 'knockwatch completion': writes what a shell needs to complete our words.
 */
#ifndef KW_CLI_COMPLETION_COMMAND_H
#define KW_CLI_COMPLETION_COMMAND_H

#include "cli/command.h"

extern const struct command completion_command;

#endif
