/* SPDX-License-Identifier: ISC */
/*
 * incidents_command - `knockwatch incidents`: the stories that are kept, a line each.
 */
#ifndef KW_CLI_INCIDENTS_COMMAND_H
#define KW_CLI_INCIDENTS_COMMAND_H

#include "cli/command.h"

extern const struct command incidents_command;

#endif
