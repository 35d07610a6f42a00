/* SPDX-License-Identifier: ISC */
/*
 * traffic - what kind of packet this is, from the packet alone: one look, no memory.
 *
 * Facts behind the rules: replies come from service ports to ephemeral ones, probes go the other way;
 * reply-shaped packets never score (in a 35-day log 798 sources were pure backscatter, and a plain
 * counter calls 237 of them scanners).
 */
#ifndef KW_DETECT_TRAFFIC_H
#define KW_DETECT_TRAFFIC_H

#include "event/event.h"
#include "net/prefix.h"

#include <stdbool.h>
#include <stdint.h>

enum traffic {
	TRAFFIC_OUTGOING, /* from us to somebody else */
	TRAFFIC_PROBE,    /* to us, and a question */
	TRAFFIC_STREAM,   /* to us, the middle or end of a TCP connection; or an ACK-like probe */
	TRAFFIC_REPLY,    /* to us, and an answer to something */
	TRAFFIC_TRACE,    /* to us, a traceroute on its way */
	TRAFFIC_LOCAL,    /* broadcast, multicast, the own link's housekeeping */
	TRAFFIC_ACCESS,   /* no packet: what a wrapper decided on a connection to us */
	TRAFFIC_REST,     /* later fragments, and what is neither from nor to us */
};

/* Classifies an event against our own prefixes. */
enum traffic traffic_classify(const struct event *e, const struct prefix_set *home);

/* The same; and tells whether the source is one of ours. */
enum traffic traffic_classify_from(
	const struct event *e, const struct prefix_set *home, bool *from_home);

/* True for ports that services answer from: those below 1024 and the well-known ones above. */
bool traffic_is_service_port(uint8_t proto, uint16_t port);

#endif
