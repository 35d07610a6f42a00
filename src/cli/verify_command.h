/* SPDX-License-Identifier: ISC */
/*
 * verify_command - `knockwatch verify`: is the journal as it was written?
 */
#ifndef KW_CLI_VERIFY_COMMAND_H
#define KW_CLI_VERIFY_COMMAND_H

#include "cli/command.h"

extern const struct command verify_command;

#endif
