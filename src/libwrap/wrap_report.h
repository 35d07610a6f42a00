/* SPDX-License-Identifier: ISC */
/*
 * wrap_report - tells the daemon what was decided, and why, where one listens (access/access_wire.h).
 *
 * One datagram to a socket that is made for it and closed at once, for a descriptor that we kept could become somebody
 * else's. Nothing here waits, allocates, logs, asks for a name or changes errno; what cannot be sent is not sent. Without
 * a daemon, in a chroot, behind a filter of system calls that answers with an error: nothing is told, and the log lines
 * of the program remain. A process that decides often looks once a second whether there is one. From threads: yes.
 *
 * It is told before it is logged, so that a daemon that hears both has the whole of it when the line comes.
 *
 * A process of root's has a socket that nobody else can fill; where it may not use that (a container), it tells it as others do.
 *
 * Where the daemon is behind, the datagram is lost; how many were is told with the next one of the same process.
 *
 * It must be sent with the rights that the decision was made with, for the kernel tells the daemon whose they were. So it is
 * told before a rule's options give them up (user, group) or give the process up (twist), as what the other
 * options are then expected to lead to; a failure after that is told again.
 *
 * Tests: tests/unit/libwrap/test_wrap_report.c; tests/system/88_access_events.sh
 */
#ifndef KW_LIBWRAP_WRAP_REPORT_H
#define KW_LIBWRAP_WRAP_REPORT_H

#include "access/access_decision.h"
#include "access/access_wire.h"
#include "libwrap/libwrap_abi.h"

#include <stdbool.h>

struct wrap_report {
	const char *path; /* of the socket for everybody; null: nobody is told */
	const char *root_path; /* of the one that a process of root's asks first; null: there is none */
	const struct access_decision *decision; /* null: none was made */
	struct request_info *request;
	bool told;                  /* and then what: */
	enum access_verdict verdict;
};

/* Of a decision that is about to be carried out; both are borrowed as long as it is used. In a dry run nobody is told. */
struct wrap_report wrap_report_of(const struct access_decision *d, struct request_info *request);

/* Tells it, unless the same was told before. */
void wrap_report_send(struct wrap_report *r, enum access_verdict verdict, enum access_wire_why why);

/* What the decision leads to if nothing fails, and why. */
enum access_verdict wrap_report_expected(const struct access_decision *d);
enum access_wire_why wrap_report_why(const struct access_decision *d);

#endif
