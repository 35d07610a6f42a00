/* SPDX-License-Identifier: ISC */
/*
 * capture_clauses - the closed lists that the capture filter's law and its kernel form are both made from.
 *
 * Constants only. Source of fact: the assigned numbers of IANA; pcap-filter(7) for what is a cheap test.
 */
#ifndef KW_SENSOR_CAPTURE_CLAUSES_H
#define KW_SENSOR_CAPTURE_CLAUSES_H

#include "net/ip_proto.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define TRACEROUTE_FIRST 33434 /* where traceroute begins ... */
#define TRACEROUTE_LAST 33534  /* ... and where its customary 30 hops of 3 probes end */
#define SERVICE_PORT_LAST                                                                          \
	1023                /* a source port up to here is a server's: an answer, not a probe      \
			     */
#define DARK_UDP_LAST 32767 /* of other hosts: where ephemeral ports begin (Linux; IANA: 49151) */
#define SCTP_CHUNK_INIT 1
#define ICMP6_ROUTER_ADVERTISEMENT 134

struct capture_bytes {
	const uint8_t *items;
	size_t count;
};

/* Questions and errors of ICMP and ICMPv6; every other type is an answer or the link's own house-keeping. */
extern const struct capture_bytes capture_clauses_icmp4, capture_clauses_icmp6;
/* Protocols judged by clauses of their own, or part of the IP header. */
extern const struct capture_bytes capture_clauses_own;
/* Tunnels: where one is in use, every packet of it would pass. */
extern const struct capture_bytes capture_clauses_tunnels;

/* (flags & mask) == value */
struct capture_flags_pattern {
	uint8_t mask, value;
};
struct capture_flags {
	const struct capture_flags_pattern *items;
	size_t count;
};
/* Flag patterns no stack sends, or that open a connection. */
extern const struct capture_flags capture_clauses_heard;
/* What answers a connection of ours, where we have one; elsewhere it is unasked. */
extern const struct capture_flags capture_clauses_answers;

static inline bool capture_bytes_hold(const struct capture_bytes *list, uint8_t value)
{
	for (size_t i = 0; i < list->count; i++) {
		if (list->items[i] == value)
			return true;
	}
	return false;
}

static inline bool capture_flags_hold(const struct capture_flags *list, uint8_t flags)
{
	for (size_t i = 0; i < list->count; i++) {
		if ((flags & list->items[i].mask) == list->items[i].value)
			return true;
	}
	return false;
}

#endif
