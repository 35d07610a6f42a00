/* SPDX-License-Identifier: ISC */
#include "detect/signature_entry.h"

#include <stddef.h>

/* The share of a field's values that an entry lets through, in 65536ths. */
static uint32_t let_through(const struct signature_entry *entry)
{
	return entry->wide ? entry->span : entry->span * 256U + 255U;
}

/* Narrows the entry to a condition on one field, if that lets less through than the one it has. */
static void narrow(
	struct signature_entry *entry, size_t offset, size_t size, uint32_t first, uint32_t last)
{
	struct signature_entry other = {entry->number, (uint8_t)offset, size == 2, (uint16_t)first,
		(uint16_t)(last - first)};
	if (let_through(&other) < let_through(entry))
		*entry = other;
}

/* Of IPv4 blocks the first address byte must lie between those of the lowest and the highest. */
static void narrow_to_blocks(
	struct signature_entry *entry, size_t offset, const struct prefix *blocks, unsigned count)
{
	const unsigned v4_bits = 96, first_byte = 12;
	uint8_t low = 255, high = 0;
	for (unsigned i = 0; i < count; i++) {
		uint8_t byte = blocks[i].base.bytes[first_byte];
		if (blocks[i].length_bits < v4_bits + 8)
			return;
		low = byte < low ? byte : low;
		high = byte > high ? byte : high;
	}
	if (count)
		narrow(entry, offset + first_byte, 1, low, high);
}

struct signature_entry signature_entry_of(const struct signature *s, unsigned number)
{
	struct signature_entry entry = {
		(uint16_t)number, offsetof(struct event, ip_id), true, 0, 0xffff};
	if (s->src_ports.count == 1)
		narrow(&entry, offsetof(struct event, src_port), 2, s->src_ports.ranges[0].first,
			s->src_ports.ranges[0].last);
	for (unsigned i = 0; i < s->tests_count; i++) {
		const struct signature_field_row *row = signature_field_row(s->tests[i].field);
		const struct signature_number *n = &s->tests[i].number;
		if (row->size <= 2 && !n->negated)
			narrow(&entry, row->offset, row->size, n->first, n->last);
	}
	narrow_to_blocks(&entry, offsetof(struct event, src), s->src, s->src_count);
	narrow_to_blocks(&entry, offsetof(struct event, dst), s->dst, s->dst_count);
	return entry;
}

/* The gate that asks for the entry's field; SIGNATURE_GATES if there is none. */
static enum signature_gate gate_of(const struct signature_entry *entry)
{
	bool exact = entry->wide && entry->span == 0;
	if (entry->offset == offsetof(struct event, payload_length))
		return entry->first > 0 ? SIGNATURE_GATE_PAYLOAD : SIGNATURE_GATES;
	switch (exact ? entry->offset : 0) {
	case offsetof(struct event, window):
		return SIGNATURE_GATE_WINDOW;
	case offsetof(struct event, ip_id):
		return SIGNATURE_GATE_IP_ID;
	case offsetof(struct event, src_port):
		return SIGNATURE_GATE_SRC_PORT;
	default:
		return SIGNATURE_GATES;
	}
}

bool signature_gates_open(struct signature_gates *gates, const struct signature_entry *entry)
{
	enum signature_gate gate = gate_of(entry);
	if (gate == SIGNATURE_GATES)
		return false;
	unsigned bit = gate == SIGNATURE_GATE_PAYLOAD ? signature_gate_payload(entry->first)
						      : signature_gate_value(entry->first);
	gates->open[gate] |= UINT64_C(1) << bit;
	return true;
}
