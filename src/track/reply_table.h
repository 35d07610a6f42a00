/* SPDX-License-Identifier: ISC */
/*
 * reply_table - answers that came unasked, by the (source, source port) that sent them.
 *
 * Backscatter, late answers, leftovers of dead connections: none of them ever scores, but each is a
 * record with a meaning. Fixed size, 4-way buckets, the longest silent record goes.
 */
#ifndef KW_TRACK_REPLY_TABLE_H
#define KW_TRACK_REPLY_TABLE_H

#include "base/clock.h"
#include "net/addr.h"

#include <stddef.h>
#include <stdint.h>

/* Shapes of replies, as bits. */
enum reply_shape {
	REPLY_SHAPE_SYN_ACK = 0x01,
	REPLY_SHAPE_RST = 0x02,
	REPLY_SHAPE_STREAM = 0x04, /* ACK, FIN+ACK: the middle or end of a connection */
	REPLY_SHAPE_UDP = 0x08,
	REPLY_SHAPE_ICMP_ERROR = 0x10,
	REPLY_SHAPE_ICMP_REPLY = 0x20,
	REPLY_SHAPE_LOCAL = 0x40, /* broadcast, multicast, own link: no reply, but as harmless */
	REPLY_SHAPE_TRACE = 0x80, /* traceroute */
};

#define REPLY_SERVICES_MAX 4

struct reply_record {
	_Alignas(64) struct addr addr;
	uint32_t first_s, last_s;
	uint32_t packets;
	uint32_t dossier;   /* number, 0 = none */
	uint64_t ports;     /* linear counter: bit of a hash of each destination port */
	union {
		uint64_t bytes; /* of all these packets */
		uint16_t services[REPLY_SERVICES_MAX]; /* of refusals: where (name_table); 0 = none more */
	};
	uint32_t hosts;     /* linear counter of destination hosts */
	uint32_t low_ports; /* packets to destination ports below 1024 */
	uint16_t src_port;
	uint8_t shapes; /* enum reply_shape */
	uint8_t used;
	uint32_t src_ports; /* linear counter of source ports, where they are not part of the key */
};

_Static_assert(sizeof(struct reply_record) == 64, "a record is one cache line");

struct reply_table;

/* As many whole buckets as fit into `bytes`, at least 1024 records of 64 bytes. */
struct reply_table *reply_table_create(size_t bytes);
void reply_table_destroy(struct reply_table *t);
void reply_table_prefetch(const struct reply_table *t, uint64_t key);

/* The record of (source, source port), fresh (packets == 0) if it was not there. Never null. */
struct reply_record *reply_table_touch(struct reply_table *t, uint64_t key, const struct addr *addr,
	uint16_t src_port, struct wall_time now);

/* The same, but null if it is not there. */
struct reply_record *reply_table_find(
	struct reply_table *t, uint64_t key, const struct addr *addr, uint16_t src_port);

#endif
