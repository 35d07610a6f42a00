/* SPDX-License-Identifier: ISC */
/*
 * syslog_receiver - takes the syslog that other hosts send, over UDP, TCP and TLS, as events.
 *
 * Bound only where it is told, and heard only from whom it is told; told nothing, from this host alone
 * (127.0.0.0/8 and ::1). Every limit is fixed, and what goes beyond one is counted by its cause: a peer's
 * lines and bytes a second (syslog_peers), its connections, connections in all, the length of a message,
 * the time for a handshake and for a message that was begun. A connection that sends too fast waits, so
 * nothing of it is lost; a datagram is thrown away. A connection that only says nothing may do so for
 * ever, for a sender would lose what it writes to one that we closed; only where places are short the
 * oldest that never said anything goes.
 *
 * Nothing waits, and nothing is allocated for a message; TLS allocates for a connection. Opened with
 * rights: ports, keys. Afterwards it makes no socket but those it accepts, and opens no file.
 *
 * What it cannot know: over UDP anybody on the way may claim an allowed address; and any program of an
 * allowed host may claim to be its kernel. Who must not, sends with a certificate.
 *
 * Tests: tests/unit/sensor/test_syslog_receiver.c, tests/system/46_syslog.sh
 */
#ifndef KW_SENSOR_SYSLOG_RECEIVER_H
#define KW_SENSOR_SYSLOG_RECEIVER_H

#include "event/access_queue.h"
#include "event/event.h"
#include "event/name_table.h"
#include "net/prefix.h"
#include "net/syslog_address.h"
#include "sensor/syslog_tls.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define SYSLOG_LISTENERS_MAX 16
#define SYSLOG_STREAMS_MAX 128 /* connections in all: each holds a buffer of 8 KiB */
#define SYSLOG_STREAMS_TLS 64  /* of these by TLS, which takes some 50 KiB for each */
#define SYSLOG_STREAMS_PEER 32 /* of one peer */
#define SYSLOG_HANDSHAKE_MS 10000
#define SYSLOG_UNFINISHED_MS 60000 /* a message that was begun must be whole by then */

struct syslog_receiver_options {
	const struct syslog_address *addresses; /* at most SYSLOG_LISTENERS_MAX */
	unsigned count;
	struct prefix_set from;        /* who may send; empty = this host alone. Copied */
	struct syslog_tls_options tls; /* needed where an address wants it */
	struct name_table *names;      /* numbers interfaces and hosts; borrowed */
	struct access_queue *decisions; /* where those of wrappers go; borrowed; null = nowhere */
};

/* Since opening. messages = events + other + broken. */
struct syslog_counts {
	uint64_t messages;
	uint64_t events; /* handed out */
	uint64_t other;  /* of other programs */
	uint64_t broken; /* of a firewall, but unreadable */
	uint64_t cut;    /* of the messages: longer than SYSLOG_MESSAGE_MAX, the rest skipped */
	uint64_t lost_in_kernel;    /* datagrams: the receive buffer was full */
	uint64_t lost_beyond_rate;  /* datagrams of a peer that sends too many */
	uint64_t lost_unfinished;   /* messages whose connection ended amid them */
	uint64_t refused_peers;     /* datagrams and connections of those who may not send */
	uint64_t refused_places;    /* connections: too many in all, or of that peer */
	uint64_t failed_handshakes; /* of TLS, and those that took too long */
	uint64_t timed_out;         /* connections that left a message unfinished for too long */
	unsigned connections;       /* open now */
	const char
		*last_fault; /* of the last broken message: constant text; null before the first */
};

struct syslog_receiver;

/* Null with a message in `error`, and errno: EINVAL where what was asked for is wrong. */
struct syslog_receiver *syslog_receiver_open(
	const struct syslog_receiver_options *options, char *error, size_t error_size);
/* Accepts null. */
void syslog_receiver_close(struct syslog_receiver *r);

/* Writes up to `max` events; sets `more` where something is left. To be called every 200 ms at least. */
size_t syslog_receiver_read(struct syslog_receiver *r, struct event *out, size_t max, bool *more);
/* Once a second: ends what took too long, and says once who was refused. */
void syslog_receiver_look_around(struct syslog_receiver *r);

/* For poll. */
int syslog_receiver_fd(const struct syslog_receiver *r);
/* "syslog on udp:127.0.0.1:5514, tls:[::1]:6514" */
const char *syslog_receiver_name(const struct syslog_receiver *r);

struct syslog_counts syslog_receiver_counts(const struct syslog_receiver *r);

struct syslog_peer;
/* The peers that are known, `index` from 0 on; null behind the last. */
const struct syslog_peer *syslog_receiver_peer(const struct syslog_receiver *r, unsigned index);

#endif
