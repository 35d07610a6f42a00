/* SPDX-License-Identifier: ISC */
/*
 * reindex_command - `knockwatch reindex`: makes the index anew from the journal.
 */
#ifndef KW_CLI_REINDEX_COMMAND_H
#define KW_CLI_REINDEX_COMMAND_H

#include "cli/command.h"

extern const struct command reindex_command;

#endif
