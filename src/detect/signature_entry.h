/* SPDX-License-Identifier: ISC */
/*
 * signature_entry - what stands for a signature in the lists of a signature_set: its number and the
 * condition on one or two bytes of the event that lets the fewest events through.
 *
 * An entry may pass an event that the signature does not match, never the other way round. So most
 * signatures are passed over without a look at them; whole lists are, by gates: see below.
 */
#ifndef KW_DETECT_SIGNATURE_ENTRY_H
#define KW_DETECT_SIGNATURE_ENTRY_H

#include "detect/signature.h"
#include "event/event.h"

#include <stdbool.h>
#include <stdint.h>
#include <string.h>

struct signature_entry {
	uint16_t number;      /* of the signature in the sorted set */
	uint8_t offset;       /* of a field of the event */
	bool wide;            /* the field has two bytes, not one */
	uint16_t first, span; /* pass over unless (field - first) <= span */
};

_Static_assert(sizeof(struct event) <= 256, "an entry's offset is one byte");

/* The entry of a settled signature. */
struct signature_entry signature_entry_of(const struct signature *s, unsigned number);

/* False if the signature cannot match. */
static inline bool signature_entry_passes(
	const struct signature_entry *entry, const struct event *e)
{
	const unsigned char *at = (const unsigned char *)e + entry->offset;
	uint16_t field = *at;
	if (entry->wide)
		memcpy(&field, at, sizeof field);
	return (uint16_t)(field - entry->first) <= entry->span;
}

/* Fields that are the handwriting of tools: by an exact value, the payload by being there. */
enum signature_gate {
	SIGNATURE_GATE_WINDOW,
	SIGNATURE_GATE_IP_ID,
	SIGNATURE_GATE_SRC_PORT,
	SIGNATURE_GATE_PAYLOAD,
	SIGNATURE_GATES
};

/* The gates before a list: of each field 64 bits, one of which every value falls upon. Empty at first, and
 * closed for all. */
struct signature_gates {
	uint64_t open[SIGNATURE_GATES];
};

/* Opens a gate for what the entry may pass. False if it wants nothing that a gate could ask for: then it
 * must not stand behind them. */
bool signature_gates_open(struct signature_gates *gates, const struct signature_entry *entry);

/* The bit that an exact value falls upon: the upper six of a product, which the lower ones of the value
 * reach, too (2^32 divided by the golden ratio). */
static inline unsigned signature_gate_value(uint16_t value)
{
	return (value * UINT32_C(0x9e3779b9)) >> 26;
}

static inline unsigned signature_gate_payload(uint16_t payload_length)
{
	return payload_length != 0;
}

/* False if no entry that a gate was opened for passes the event. */
static inline bool signature_gates_pass(const struct signature_gates *gates, const struct event *e)
{
	/* Without branches: one of them would often be taken by chance. */
	uint64_t open =
		gates->open[SIGNATURE_GATE_WINDOW] >> signature_gate_value(e->window) |
		gates->open[SIGNATURE_GATE_IP_ID] >> signature_gate_value(e->ip_id) |
		gates->open[SIGNATURE_GATE_SRC_PORT] >> signature_gate_value(e->src_port) |
		gates->open[SIGNATURE_GATE_PAYLOAD] >> signature_gate_payload(e->payload_length);
	return open & 1;
}

#endif
