/* SPDX-License-Identifier: ISC */
/*
 * who_command - `knockwatch who`: everything that is known of one address.
 */
#ifndef KW_CLI_WHO_COMMAND_H
#define KW_CLI_WHO_COMMAND_H

#include "cli/command.h"

extern const struct command who_command;

#endif
