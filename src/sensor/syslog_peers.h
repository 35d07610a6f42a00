/* SPDX-License-Identifier: ISC */
/*
 * syslog_peers - who sends us syslog, how much of it we take, and what came of it.
 *
 * Each peer has two leaky measures, of lines and of bytes a second; a datagram beyond them is thrown
 * away and counted, a connection waits instead. The table is fixed: of a newcomer's place the peer
 * without a connection that has been silent longest must go, with its counts, which stay in the sums.
 *
 * Owner: embedded in struct syslog_receiver.   Tests: tests/unit/sensor/test_syslog_peers.c
 */
#ifndef KW_SENSOR_SYSLOG_PEERS_H
#define KW_SENSOR_SYSLOG_PEERS_H

#include "base/text_slice.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stdint.h>

#define SYSLOG_PEERS_MAX 256 /* addresses that are known at a time */
/* Ten times what a busy firewall writes, a tenth of what a core reads; and two seconds of it at once. */
#define SYSLOG_PEER_LINES 20000 /* a second */
#define SYSLOG_PEER_BYTES (8 << 20)
#define SYSLOG_PEER_BURST_S 2

struct syslog_peer {
	struct addr addr;
	struct addr_text name;
	uint64_t messages; /* taken */
	uint64_t events;   /* of these: told of a packet */
	uint64_t
		lost; /* thrown away: beyond the measure, or unfinished when the connection ended */
	int64_t lines_left;   /* thousandths: what may still come now */
	int64_t bytes_left;   /* may be below zero: the last message was larger */
	int64_t measured_ms;  /* when the two were filled last */
	int64_t heard_ms;     /* when it was asked for last */
	unsigned connections; /* open ones; such a peer is not forgotten */
	bool known;           /* false: a free place */
};

struct syslog_peers {
	struct syslog_peer list[SYSLOG_PEERS_MAX];
	unsigned last; /* index of the last answer */
};

/* The peer of this address, added if it is new; null if all places are held by connections. */
struct syslog_peer *syslog_peers_find(
	struct syslog_peers *p, const struct addr *addr, int64_t now_ms);

/* True if one more message may come now. */
bool syslog_peer_may_send(struct syslog_peer *peer, int64_t now_ms);
/* Counts a message of `bytes` as sent. */
void syslog_peer_charge(struct syslog_peer *peer, size_t bytes);

#endif
