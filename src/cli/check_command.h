/* SPDX-License-Identifier: ISC */
/*
 * check_command - 'knockwatch check': checks the configuration and says what holds.
 */
#ifndef KW_CLI_CHECK_COMMAND_H
#define KW_CLI_CHECK_COMMAND_H

#include "cli/command.h"

extern const struct command check_command;

/* The whole of it, as other commands call it, too: `path` null = the usual file; `quiet`: only what is wrong. */
enum stop_code check_command_check(const char *path, bool quiet);

/* The file that is meant, or null for the defaults. Whoever asks what holds must not be told the defaults because
 * he may not read the file: then, and where a file that was named is not there, it is said why. */
enum stop_code check_command_choose_file(const char **path);

#endif
