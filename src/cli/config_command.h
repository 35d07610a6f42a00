/* SPDX-License-Identifier: ISC */
/*
 * config_command - 'knockwatch config show' and 'config check': what holds, and where it comes from.
 */
#ifndef KW_CLI_CONFIG_COMMAND_H
#define KW_CLI_CONFIG_COMMAND_H

#include "cli/command.h"

extern const struct command config_command;

#endif
