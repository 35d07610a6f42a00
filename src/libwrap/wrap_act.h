/* SPDX-License-Identifier: ISC */
/*
 * wrap_act - carries out what a decision asks for: the options of its rule, in their order.
 *
 * An option that cannot be carried out as it must be (user, group, twist, a command that does not fit) denies and ends the
 * list; one that is only a service (banners, keepalive, linger, nice, spawn) is logged and passed over.
 * Commands run within the bounds of wrap_trap. With dry_run nothing is done but said; a twist clears it, and a banner is
 * sent, as by the original, whose tcpdmatch has its standard output for a socket.
 *
 * In a process that is known to serve more than one client (resident > 0) twist, and a user or group that it is not
 * already, deny, and nice is passed over: they would change the process for all who come after.
 *
 * Tests: tests/unit/libwrap/test_wrap_act.c, tests/unit/libwrap/test_wrap_act_decision.c
 */
#ifndef KW_LIBWRAP_WRAP_ACT_H
#define KW_LIBWRAP_WRAP_ACT_H

#include "access/access_decision.h"
#include "libwrap/libwrap_abi.h"
#include "libwrap/wrap_report.h"
#include "libwrap/wrap_trap.h"

#include <stdbool.h>

struct wrap_act {
	struct request_info *request;
	const struct access_request *q; /* the same request for access/ */
	struct access_place at;         /* the rule */
	struct wrap_trap_terms terms;   /* what its options have said of commands; zero at first */
	struct wrap_report *report;     /* of the decision that the option is a part of; null: nobody is told */
};

enum wrap_act_result {
	WRAP_ACT_GO_ON,
	WRAP_ACT_GRANT, /* the option allow */
	WRAP_ACT_DENY,  /* the option deny, or a fault: logged */
};

/* One option. */
enum wrap_act_result wrap_act_option(struct wrap_act *act, const struct access_option *option);

/* All that a decision asks for; the verdict that counts, which the daemon is told (wrap_report). */
enum access_verdict wrap_act_decision(const struct access_decision *d, struct request_info *request,
	const struct access_request *q);

#endif
