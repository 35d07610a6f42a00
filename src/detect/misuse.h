/* SPDX-License-Identifier: ISC */
/*
 * misuse - a packet that abuses IP itself: it would bend our routes, dictates its own, or lies about
 * who sent it. Read from the packet alone.
 *
 * What is no misuse, though it looks alike:
 * - a redirect by a neighbour: the first router may correct us (RFC 1122, 3.2.2.2); over IPv6 only from a
 *   link-local address and with a hop limit of 255 (RFC 4861, 8.1);
 * - routing headers of IPv6 other than type 0, which alone is forbidden (RFC 5095);
 * - private senders (RFC 1918, RFC 4193): they may be another network of ours;
 * - answers from addresses that cannot be: leaks of misconfigured hosts, and they ask nothing.
 */
#ifndef KW_DETECT_MISUSE_H
#define KW_DETECT_MISUSE_H

#include "detect/traffic.h"
#include "event/event.h"
#include "event/incident_kind.h"
#include "net/prefix.h"

#include <stdbool.h>

enum misuse {
	MISUSE_NONE,
	MISUSE_REDIRECT, /* somebody who is not our neighbour changes our routes */
	MISUSE_ROUTE,    /* loose or strict source route, IPv6 routing header of type 0 */
	MISUSE_SELF,     /* from our address to the same address: LAND, or our own address forged */
	MISUSE_IMPOSSIBLE, /* a question from an address that no host on a wire has */
};

/* `traffic` is what the event was classified as; what is neither from nor to us is no misuse of us. */
enum misuse misuse_of(const struct event *e, enum traffic traffic);

/* How it is told. */
enum incident_kind misuse_kind(enum misuse m);

/* Routers passed, as the hop count tells, from the usual beginnings (32, 60, 64, 128, 255); 0 where it is
 * not known. */
unsigned misuse_hops(const struct event *e);

#endif
