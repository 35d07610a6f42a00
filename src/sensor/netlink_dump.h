/* SPDX-License-Identifier: ISC */
/*
 * netlink_dump - one question to the kernel over netlink, and every answer to it, one by one.
 *
 * The socket is opened once, needs no privilege, and goes on working after privileges were dropped.
 * Answers come from the kernel only (the sender is checked), are handed out as bounded bytes in the
 * kernel's own byte order, and end within NETLINK_DUMP_PATIENCE_MS or the question has failed.
 * Source of fact: netlink(7), RFC 3549, section 2.3.2.
 */
#ifndef KW_SENSOR_NETLINK_DUMP_H
#define KW_SENSOR_NETLINK_DUMP_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NETLINK_DUMP_PATIENCE_MS                                                                   \
	1000 /* the kernel answers in microseconds; this is for a broken one */

struct netlink_dump;

/* One answer: its message type and the bytes behind the message header. */
struct netlink_answer {
	uint16_t type;
	const uint8_t *bytes; /* valid until the receiver returns */
	size_t size;
};

typedef void netlink_receiver(void *context, const struct netlink_answer *answer);

/* `protocol` is NETLINK_ROUTE or NETLINK_SOCK_DIAG. Null with errno set on failure. */
struct netlink_dump *netlink_dump_open(int protocol);
/* From now on the kernel answers only what was asked for in every field (NETLINK_GET_STRICT_CHK); false
 * with errno where it is too old (before 4.20), and all stays as it was. */
bool netlink_dump_be_strict(struct netlink_dump *d);
/* Accepts null. */
void netlink_dump_close(struct netlink_dump *d);

/*
 * Asks for a dump: message `type` with `body` behind the header (at most 8 KiB). Returns 0 after
 * the last answer. -1 with errno: ENOENT or EOPNOTSUPP where this kernel has no such thing,
 * ETIMEDOUT, EINTR where the kernel says that the tables changed under the dump (ask again).
 */
int netlink_dump_ask(struct netlink_dump *d, uint16_t type, const void *body, size_t body_size,
	netlink_receiver *receive, void *context);

struct netlink_attribute {
	uint16_t type; /* without the flag bits */
	const uint8_t *bytes;
	size_t size;
};

/* Walks attributes: start with *at = offset of the first one in the answer; false at the end. */
bool netlink_answer_next_attribute(
	const struct netlink_answer *answer, size_t *at, struct netlink_attribute *out);

#endif
