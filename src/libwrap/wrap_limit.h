/* SPDX-License-Identifier: ISC */
/*
 * wrap_limit - the options limit and at-most, counted over all processes that keep them.
 *
 * Over all processes of the same user, where wrap_shared has a file for them. Else over this one and its children, if it has
 * decided before, or had its memory from a process that it comes from; a process that may be there for one decision
 * denies, for nobody knows what others have counted.
 *
 * A count belongs to the rule (its table and line, as libwrap_diag stands there), the service, the option's numbers, and the block
 * the client is in. "per service" is: all clients of a service that come to this rule.
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

enum { WRAP_LIMIT_WHY_SIZE = 160 };

/* The client's address, without a zone; zero: not known, as of all others like it. */
struct addr wrap_limit_client(const struct access_request *q);

/* Counts one visit of the request's client, unless it is one too many: then false, with the words for the log. A client whose
 * address is not known counts with all others like it. */
bool wrap_limit_admits(const struct access_request *q, const struct access_option *option,
	char why[WRAP_LIMIT_WHY_SIZE]);

#endif
