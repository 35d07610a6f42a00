/* SPDX-License-Identifier: ISC */
/*
 * wrap_limit - the options limit and at-most, counted over all processes of this host that keep them.
 *
 * In /run/knockwatch/access.limits where the process may write it: programs that decide as root (tcpd under inetd, a
 * daemon before it gives its rights up). A process that may not counts for itself alone, in memory of its own; then a limit
 * holds for that process only. The file is used only if it belongs to the process's user and nobody else may write it.
 *
 * at-most counts processes: tcpd and the server it becomes, or the child a daemon forks for each client. A daemon that serves
 * all its clients by one process is inside once, so that at-most does not hold it back.
 *
 * Tests: tests/unit/libwrap/test_wrap_limit.c
 */
#ifndef KW_LIBWRAP_WRAP_LIMIT_H
#define KW_LIBWRAP_WRAP_LIMIT_H

#include "access/access_option.h"
#include "access/access_request.h"

#include <stdbool.h>

#define WRAP_LIMIT_PATH "/run/knockwatch/access.limits"

enum { WRAP_LIMIT_WHY_SIZE = 160 };

/* Counts one visit of the request's client, unless it is one too many: then false, with the words for the log. A client whose
 * address is not known counts with all others like it. */
bool wrap_limit_admits(const struct access_request *q, const struct access_option *option,
	char why[WRAP_LIMIT_WHY_SIZE]);

#endif
