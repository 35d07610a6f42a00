/* SPDX-License-Identifier: ISC */
/*
 * status_command - `knockwatch status`: what is kept, and what today was like.
 */
#ifndef KW_CLI_STATUS_COMMAND_H
#define KW_CLI_STATUS_COMMAND_H

#include "cli/command.h"

extern const struct command status_command;

#endif
