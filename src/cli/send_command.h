/* SPDX-License-Identifier: ISC */
/*
 * send_command - `send`: send the journal to another machine, by syslog over TLS.
 */
#ifndef KW_CLI_SEND_COMMAND_H
#define KW_CLI_SEND_COMMAND_H

#include "cli/command.h"

extern const struct command send_command;

#endif
