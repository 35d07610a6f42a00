/* SPDX-License-Identifier: ISC */
/*
 * read_command - `knockwatch read FILE...`: the stories in captures and logs.
 */
#ifndef KW_CLI_READ_COMMAND_H
#define KW_CLI_READ_COMMAND_H

#include "cli/command.h"

extern const struct command read_command;

#endif
