/* SPDX-License-Identifier: ISC */
/*
 * conversation_table - whether we have said something to this peer on these ports.
 *
 * An answer to a question of ours is nobody's knock. Every packet we send is noted here; a packet
 * that looks like a reply is looked up. Fixed size, 4 bytes a conversation (16 a cache line, the
 * oldest goes), no allocation. It may forget (a reply is then taken for an unasked one, which never
 * scores) and errs the other way with probability 16 x 2^-24 a look-up.
 */
#ifndef KW_TRACK_CONVERSATION_TABLE_H
#define KW_TRACK_CONVERSATION_TABLE_H

#include "base/clock.h"
#include "base/keyed_hash.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct conversation_table;

/* As many whole buckets as fit into `bytes`, at least 64 KiB of them. */
struct conversation_table *conversation_table_create(size_t bytes);
void conversation_table_destroy(struct conversation_table *t);

/* The key of a conversation, the same for both directions when called with our side as `ours`. */
static inline uint64_t conversation_key(const struct keyed_hash *h, const struct addr *ours,
	uint16_t our_port, const struct addr *theirs, uint16_t their_port, uint8_t proto)
{
	uint64_t ports = (uint64_t)our_port << 24 | (uint64_t)their_port << 8 | proto;
	uint64_t a = keyed_hash_pair(h, addr_low_word(ours), addr_low_word(theirs));
	uint64_t high = addr_high_word(ours) ^ (addr_high_word(theirs) * 3);
	return keyed_hash_pair(h, a ^ high, ports);
}

void conversation_table_prefetch(const struct conversation_table *t, uint64_t key);
void conversation_table_note(struct conversation_table *t, uint64_t key, struct wall_time now);
bool conversation_table_knows(const struct conversation_table *t, uint64_t key);

#endif
