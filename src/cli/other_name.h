/* SPDX-License-Identifier: ISC */
/*
 * other_name - what the program is when it is called by another name than its own.
 *
 *   knockwatchd           one process of a watch (daemon_main.h)
 *   tcpdmatch, tcpdchk    the tools that come with TCP wrappers elsewhere
 *
 * The name is the last part of the word the program was called by; links with these names are installed.
 *
 * Tests: tests/unit/cli/test_other_name.c
 */
#ifndef KW_CLI_OTHER_NAME_H
#define KW_CLI_OTHER_NAME_H

/* As main; returns the exit code. */
typedef int other_name_fn(int argc, char **argv);

/* Null where it is none of them. */
other_name_fn *other_name_find(const char *called);

#endif
