/* SPDX-License-Identifier: ISC */
/*
 * ports_command - `knockwatch ports`: which ports are knocked on, by day or month.
 */
#ifndef KW_CLI_PORTS_COMMAND_H
#define KW_CLI_PORTS_COMMAND_H

#include "cli/command.h"

extern const struct command ports_command;

#endif
