/* SPDX-License-Identifier: ISC */
/*
 * tcpdmatch - 'knockwatch access test' under the name, with the options, the lines and the exit codes of the tool that comes with
 * TCP wrappers: tcpdmatch [-d] [-i inet_conf] daemon[@server] [user@]client
 *
 * Ends with 0 where there was an answer, whatever it is ("access: denied", too), and with 1 where there was none.
 */
#ifndef KW_CLI_TCPDMATCH_H
#define KW_CLI_TCPDMATCH_H

int tcpdmatch_main(int argc, char **argv);

#endif
