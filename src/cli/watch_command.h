/* SPDX-License-Identifier: ISC */
/*
 * watch_command - `knockwatch watch`: who is knocking on this host right now.
 */
#ifndef KW_CLI_WATCH_COMMAND_H
#define KW_CLI_WATCH_COMMAND_H

#include "cli/command.h"

extern const struct command watch_command;

#endif
