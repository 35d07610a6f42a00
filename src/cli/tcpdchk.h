/* SPDX-License-Identifier: ISC */
/*
 * tcpdchk - 'knockwatch access check' under the name, with the options and the exit codes of the tool that comes with TCP wrappers:
 * tcpdchk [-a] [-d] [-i inet_conf] [-v]
 *
 * Ends with 0 where the tables could be read, whatever was found in them, else with 1.
 */
#ifndef KW_CLI_TCPDCHK_H
#define KW_CLI_TCPDCHK_H

int tcpdchk_main(int argc, char **argv);

#endif
