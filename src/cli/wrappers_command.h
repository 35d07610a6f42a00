/* SPDX-License-Identifier: ISC */
/*
 * wrappers_command - 'knockwatch wrap': whose code decides for the programs of this host that ask hosts.allow and hosts.deny.
 */
#ifndef KW_CLI_WRAPPERS_COMMAND_H
#define KW_CLI_WRAPPERS_COMMAND_H

#include "cli/command.h"

extern const struct command wrappers_command;

#endif
