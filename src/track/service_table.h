/* SPDX-License-Identifier: ISC */
/*
 * service_table - which doors of ours answer: (address, port, protocol) that are offered.
 *
 * Learned from answers on the wire (a SYN-ACK opens a door, an RST closes it) and from the host's
 * own listening set. Fixed size, 8 bytes a service, the longest silent one of a bucket goes.
 */
#ifndef KW_TRACK_SERVICE_TABLE_H
#define KW_TRACK_SERVICE_TABLE_H

#include "base/clock.h"
#include "base/keyed_hash.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stdint.h>

struct service_table;

struct service_table *service_table_create(void);
void service_table_destroy(struct service_table *t);

static inline uint64_t service_key(
	const struct keyed_hash *h, const struct addr *ours, uint16_t port, uint8_t proto)
{
	uint64_t word = addr_low_word(ours) ^ (addr_high_word(ours) * 5);
	return keyed_hash_pair(h, word, (uint64_t)port << 8 | proto);
}

void service_table_open(struct service_table *t, uint64_t key, struct wall_time now);
/* True if it had passed for open. */
bool service_table_close(struct service_table *t, uint64_t key);
void service_table_prefetch(const struct service_table *t, uint64_t key);
bool service_table_is_open(const struct service_table *t, uint64_t key);

#endif
