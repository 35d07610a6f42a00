/* SPDX-License-Identifier: ISC */
/*
 * execs_command - `knockwatch execs`: what was started as root, and what of it is new.
 */
#ifndef KW_CLI_EXECS_COMMAND_H
#define KW_CLI_EXECS_COMMAND_H

#include "cli/command.h"

extern const struct command execs_command;

#endif
