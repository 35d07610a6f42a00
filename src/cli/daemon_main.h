/* SPDX-License-Identifier: ISC */
/*
 * daemon_main - the program under its other name, knockwatchd: one role of a watch a process.
 *
 *   knockwatchd sensor [OPTIONS of watch]
 *       its engine started it, and is at the other end of descriptor 3
 *   knockwatchd sensor --engine SOCKET [OPTIONS of watch]
 *       goes to an engine that listens there
 *   knockwatchd engine [OPTIONS of watch]
 *       descriptor 3 is the socket to which its sensor comes, as systemd hands it over
 *
 * The first is what `knockwatch watch` does, the others are for the units of a service.
 */
#ifndef KW_CLI_DAEMON_MAIN_H
#define KW_CLI_DAEMON_MAIN_H

/* Returns an exit code (stop_code.h). */
int daemon_main(int argc, char **argv);

#endif
