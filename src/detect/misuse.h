/* SPDX-License-Identifier: ISC */
/*
 * misuse - a packet that abuses IP itself: it would bend our routes, dictates its own, lies about
 * who sent it, or carries what no client sends. Read from the packet alone.
 *
 * What is no misuse, though it looks alike:
 * - a redirect by a neighbour: the first router may correct us (RFC 1122, 3.2.2.2); over IPv6 only from a
 *   link-local address and with a hop limit of 255 (RFC 4861, 8.1);
 * - routing headers of IPv6 other than type 0, which alone is forbidden (RFC 5095);
 * - router advertisements and their like of the own link: who is the rightful router there nobody can tell from a
 *   packet;
 * - router alert, which multicast and RSVP need (RFC 6398);
 * - private senders (RFC 1918, RFC 4193): they may be another network of ours;
 * - answers from addresses that cannot be: leaks of misconfigured hosts, and they ask nothing.
 */
#ifndef KW_DETECT_MISUSE_H
#define KW_DETECT_MISUSE_H

#include "detect/traffic.h"
#include "event/event.h"
#include "event/incident_kind.h"
#include "event/ip_misuse.h"
#include "net/prefix.h"

#include <stdbool.h>

/* What the packet alone tells, as bits of enum ip_misuse; usually none. `traffic` is what the event was classified as:
 * what is neither from nor to us is no misuse of us. Of fragments only the first piece that is too small is told
 * here; the rest needs memory (track/fragment_table). */
uint32_t misuse_of(const struct event *e, enum traffic traffic);

/* How it is told. The bits of one packet may be of several kinds: the first of redirect, source route, forged sender
 * and the rest. */
enum incident_kind misuse_kind(uint32_t misuses);

/* Routers passed, as the hop count tells, from the usual beginnings (32, 60, 64, 128, 255); 0 where it is
 * not known. */
unsigned misuse_hops(const struct event *e);

#endif
