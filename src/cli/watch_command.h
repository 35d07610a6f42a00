/* SPDX-License-Identifier: ISC */
/*
 * watch_command - `knockwatch watch`: who is knocking on this host right now.
 */
#ifndef KW_CLI_WATCH_COMMAND_H
#define KW_CLI_WATCH_COMMAND_H

#include "cli/command.h"

extern const struct command watch_command;

/* The same as the engine of a service, whose sensor is a service of its own: it comes to this socket. */
enum stop_code watch_command_run_engine(int argc, char **argv, int listener);

#endif
