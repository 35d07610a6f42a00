/* SPDX-License-Identifier: ISC */
/*
 * daemon_main - the program under its other name, knockwatchd: one role of a watch a process.
 *
 *   knockwatchd sensor [OPTIONS of watch]   with the channel to its engine as descriptor 3
 *
 * Started by `knockwatch watch`, not by hand.
 */
#ifndef KW_CLI_DAEMON_MAIN_H
#define KW_CLI_DAEMON_MAIN_H

#include <stdbool.h>

/* True where the program was called by that name. */
bool daemon_main_is_meant(const char *name);

/* Returns an exit code (stop_code.h). */
int daemon_main(int argc, char **argv);

#endif
