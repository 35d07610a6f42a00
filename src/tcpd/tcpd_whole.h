/* SPDX-License-Identifier: ISC */
/*
 * tcpd_whole - what the small tcpd leaves to the whole one.
 *
 * tcpd is executed once a connection, so what it costs is how it is loaded. It is linked statically with musl, whose start
 * asks the processor nothing (docs/decisions/0025), and without the databases of users, groups, netgroups and names:
 * it knows the addresses of the socket, and /etc/hosts. Where a decision needs more, or runs a command while deciding, the
 * process becomes tcpd-whole, which lies beside it and is the same program, linked as usual: it decides again from the
 * beginning. Nothing was done until then that would be done twice.
 *
 * In tcpd-whole these functions do nothing. Which of them a program has is a matter of linking: tcpd_small.c or
 * tcpd_self.c.
 *
 * Tests: tests/system/81_tcpd.sh
 */
#ifndef KW_TCPD_TCPD_WHOLE_H
#define KW_TCPD_TCPD_WHOLE_H

#include "access/access_decision.h"
#include "access/access_request.h"

/* Remembers how the program was called, before its words are changed. Borrowed for good. */
void tcpd_whole_called_with(char **argv);

/* A request that becomes the other program before it runs an aclexec command. `answers` lives as long as the request. From here on
 * until the options are guarded lines of the log are held. */
void tcpd_whole_guard_request(struct access_request *q, struct access_answers *answers);

/* Becomes the other program if the decision's options need it. Called before any of them is carried out. */
void tcpd_whole_guard_options(const struct access_decision *d);

#endif
