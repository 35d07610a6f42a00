/* SPDX-License-Identifier: ISC */
/*
 * access_command - 'knockwatch access': the tables hosts.allow and hosts.deny.
 */
#ifndef KW_CLI_ACCESS_COMMAND_H
#define KW_CLI_ACCESS_COMMAND_H

#include "cli/command.h"

extern const struct command access_command;

#endif
