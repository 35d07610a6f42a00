/* SPDX-License-Identifier: ISC */
/*
 * check_command - 'knockwatch check': checks the configuration and says what holds.
 */
#ifndef KW_CLI_CHECK_COMMAND_H
#define KW_CLI_CHECK_COMMAND_H

#include "cli/command.h"

extern const struct command check_command;

#endif
