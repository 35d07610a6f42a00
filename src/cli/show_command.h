/* SPDX-License-Identifier: ISC */
/*
 * show_command - `knockwatch show`: one story whole, and how it came about.
 */
#ifndef KW_CLI_SHOW_COMMAND_H
#define KW_CLI_SHOW_COMMAND_H

#include "cli/command.h"

extern const struct command show_command;

#endif
