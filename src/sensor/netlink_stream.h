/* SPDX-License-Identifier: ISC */
/*
 * netlink_stream - messages that the kernel sends to a multicast group, one by one, without waiting.
 *
 * Messages of other senders are passed over. Where the socket overflowed the kernel says so and not how much was
 * lost: `overruns` counts how often.
 *
 * Owner: embedded, about 16 KiB.   Source of fact: netlink(7).
 */
#ifndef KW_SENSOR_NETLINK_STREAM_H
#define KW_SENSOR_NETLINK_STREAM_H

#include "sensor/netlink_dump.h"

#define NETLINK_STREAM_BYTES                                                                       \
	16384 /* longer than any record of the audit system (MAX_AUDIT_MESSAGE_LENGTH) */

struct netlink_stream {
	int fd;
	uint64_t overruns;
	size_t at, used; /* of the datagram in `bytes` */
	uint8_t bytes[NETLINK_STREAM_BYTES];
};

/* `protocol` is NETLINK_AUDIT, ...; `group` a number, 0 = none. The socket buffer is made `buffer_bytes` large
 * where the rights allow it. False with errno. */
bool netlink_stream_open(struct netlink_stream *s, int protocol, unsigned group, int buffer_bytes);
void netlink_stream_close(struct netlink_stream *s);

/* Sends one message to the kernel. False with errno. */
bool netlink_stream_send(struct netlink_stream *s, uint16_t type, const void *body, size_t size);

/* The next message; false if there is none now. Its bytes are valid until the next call. */
bool netlink_stream_next(struct netlink_stream *s, struct netlink_answer *out);

/* Waits for a message, `patience_ms` at most; for questions while opening. */
bool netlink_stream_wait(struct netlink_stream *s, int patience_ms, struct netlink_answer *out);

#endif
