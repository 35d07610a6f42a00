/* SPDX-License-Identifier: ISC */
/*
 * ruleset_command - `ruleset`: print a firewall ruleset that logs what it drops, or judge the one that is loaded.
 */
#ifndef KW_CLI_RULESET_COMMAND_H
#define KW_CLI_RULESET_COMMAND_H

#include "cli/command.h"

extern const struct command ruleset_command;

#endif
