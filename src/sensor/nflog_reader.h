/* SPDX-License-Identifier: ISC */
/*
 * nflog_reader - packets that the host's firewall hands to a log group (nftables `log group 5`, iptables
 * `-j NFLOG --nflog-group 5`), as events.
 *
 * The group belongs to one program in each network namespace; the kernel gives it to the first that asks. It
 * sends the first NFLOG_READER_COPY bytes of a packet, in batches, NFLOG_READER_LATENCY_MS late at most. What
 * could not be delivered is counted exactly, by the gap in the kernel's own numbering of the group.
 *
 * Opening needs CAP_NET_ADMIN; nothing else here does. After opening nothing allocates.
 * Source of fact: linux/netfilter/nfnetlink_log.h, netlink(7).   Tests: tests/unit/sensor/test_nflog_reader.c
 */
#ifndef KW_SENSOR_NFLOG_READER_H
#define KW_SENSOR_NFLOG_READER_H

#include "event/event.h"
#include "event/name_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define NFLOG_READER_COPY 128 /* the longest headers we read: IPv6, ICMPv6, the quoted packet */
#define NFLOG_READER_LATENCY_MS 40
#define NFLOG_READER_SOCKET_BYTES (16u << 20) /* some 90,000 packets wait in it */

struct nflog_reader_options {
	uint16_t group;
	struct name_table *names; /* numbers the interfaces; borrowed for the reader's life */
};

/* Since opening. received = events + let_in + other + broken. */
struct nflog_reader_counts {
	uint64_t received; /* packets */
	uint64_t lost;     /* packets that the kernel could not deliver */
	uint64_t events;   /* handed to the caller */
	uint64_t let_in;   /* the rule's prefix says that the packet passed */
	uint64_t other;    /* not IP */
	uint64_t broken;   /* not decodable */
};

struct nflog_reader;

/* Null with a message in `error`, and errno: EBUSY where another program reads the group. */
struct nflog_reader *nflog_reader_open(
	const struct nflog_reader_options *options, char *error, size_t error_size);
/* Accepts null. */
void nflog_reader_close(struct nflog_reader *r);

/* For poll. */
int nflog_reader_fd(const struct nflog_reader *r);

/* Writes up to `max` events. Never waits, and reads a bounded number of messages. */
size_t nflog_reader_read(struct nflog_reader *r, struct event *out, size_t max);
/* True if the last read stopped before the end of what there was: read again soon. */
bool nflog_reader_is_behind(const struct nflog_reader *r);

const struct nflog_reader_counts *nflog_reader_read_counts(const struct nflog_reader *r);
/* "nflog group 5" */
const char *nflog_reader_name(const struct nflog_reader *r);

#endif
