/* SPDX-License-Identifier: ISC */
/*
 * fragment_table - datagrams that come in pieces: do the pieces agree, and what do they hide?
 *
 * Fixed size: FRAGMENT_DATAGRAMS at once, FRAGMENT_PIECES of each, in 4-way buckets of a keyed hash; the one that
 * was silent longest goes. Nothing is put together: of a piece only its place, its length and a digest of its first
 * bytes are kept.
 *
 * Pieces disagree where they overlap (teardrop, RFC 5722), where two of them end the datagram at different places,
 * or where one lies behind its end. A piece that came again is no overlap: the same place, length and digest, as a
 * link that repeats itself makes it. Nor is what belongs to another datagram of the same number: IPv4 has 65,536
 * of them, which a busy NFS server uses up in seconds. So after FRAGMENT_SPAN_V4_US of silence, or once all pieces
 * are there, the number is a new datagram's; of IPv6, whose numbers have 32 bits, after FRAGMENT_SPAN_US.
 *
 * Who cuts a TCP header after its ports, so that a filter sees no flags (RFC 1858), is found out: the two pieces
 * are joined to one event as soon as both are there, in any order.
 *
 * Owner: the detector.   Tests: tests/unit/track/test_fragment_table.c
 */
#ifndef KW_TRACK_FRAGMENT_TABLE_H
#define KW_TRACK_FRAGMENT_TABLE_H

#include "base/keyed_hash.h"
#include "event/event.h"

#include <stddef.h>
#include <stdint.h>

#define FRAGMENT_DATAGRAMS                                                                         \
	256 /* in flight at once, a quarter of a MiB: at 30 ms on their way, 8,500 a second */
/* 65,535 bytes in pieces of 552, as a link of 576 makes them (RFC 791), are 119. */
#define FRAGMENT_PIECES 120
#define FRAGMENT_SPAN_US INT64_C(30000000) /* as long as a host waits (Linux: ipfrag_time) */
#define FRAGMENT_SPAN_V4_US                                                                        \
	INT64_C(2000000) /* 32,000 datagrams a second do not use all numbers up */

/* What a piece tells, as bits. */
enum fragment_news {
	FRAGMENT_OVERLAPS = 0x01, /* it disagrees with an earlier one; told once a datagram */
	FRAGMENT_SHREDDED = 0x02, /* more pieces than any link makes; told once a datagram */
	FRAGMENT_TOO_LONG =
		0x04, /* it ends behind the 65,535 bytes a datagram may have (ping of death) */
	FRAGMENT_JOINED = 0x08, /* `joined` is the event of both pieces of the TCP header */
};

struct fragment_table;

struct fragment_table *fragment_table_create(void);
/* Accepts null. */
void fragment_table_destroy(struct fragment_table *t);

/* Takes a piece (EVENT_HAS_FRAGMENT); returns bits of enum fragment_news. `joined` is written with
 * FRAGMENT_JOINED alone. */
unsigned fragment_table_note(struct fragment_table *t, const struct keyed_hash *hash,
	const struct event *e, struct event *joined);

/* Datagrams that lost their place to newer ones before they were whole or too old. */
uint64_t fragment_table_evictions(const struct fragment_table *t);

#endif
