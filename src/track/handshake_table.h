/* SPDX-License-Identifier: ISC */
/*
 * handshake_table - the sequence numbers we have just offered, to tell who really got them.
 *
 * Only a source that receives our SYN-ACK can acknowledge its sequence number: that proves its
 * address; and only who wanted no connection resets it. 4096 latest SYN-ACKs, 16 bytes each; an older
 * one is simply no proof.
 */
#ifndef KW_TRACK_HANDSHAKE_TABLE_H
#define KW_TRACK_HANDSHAKE_TABLE_H

#include <stdbool.h>
#include <stdint.h>

enum { HANDSHAKE_SLOTS = 4096 };

struct handshake_table {
	struct {
		uint64_t conversation; /* key of conversation_table */
		uint32_t wanted_ack;   /* our sequence number + 1 */
	} slots[HANDSHAKE_SLOTS];
};

static inline void handshake_note_offer(
	struct handshake_table *t, uint64_t conversation, uint32_t seq)
{
	t->slots[conversation % HANDSHAKE_SLOTS].conversation = conversation;
	t->slots[conversation % HANDSHAKE_SLOTS].wanted_ack = seq + 1;
}

/* True, once, if this acknowledges what we offered in this very conversation. */
static inline bool handshake_complete(
	struct handshake_table *t, uint64_t conversation, uint32_t ack)
{
	uint64_t slot = conversation % HANDSHAKE_SLOTS;
	if (t->slots[slot].conversation != conversation || t->slots[slot].wanted_ack != ack)
		return false;
	t->slots[slot].conversation = 0;
	return true;
}

/* True, once, if what we offered in this conversation is still waiting: it will not be completed. */
static inline bool handshake_break_off(struct handshake_table *t, uint64_t conversation)
{
	uint64_t slot = conversation % HANDSHAKE_SLOTS;
	if (t->slots[slot].conversation != conversation)
		return false;
	t->slots[slot].conversation = 0;
	return true;
}

#endif
