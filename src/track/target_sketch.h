/* SPDX-License-Identifier: ISC */
/*
 * target_sketch - how many targets, ports and hosts, in 512 bytes and by estimate only.
 *
 * What is left of a target_set where memory is short, and small enough for the cell that every set
 * has: so a set can always become one. Private to target_set. All zero at first.
 */
#ifndef KW_TRACK_TARGET_SKETCH_H
#define KW_TRACK_TARGET_SKETCH_H

#include "track/target_hash.h"

enum {
	TARGET_SKETCH_BITS = 8,      /* of targets: error 6.5 % */
	TARGET_SKETCH_SIDE_BITS = 7, /* of ports and hosts: 9.2 % */
};

struct target_sketch {
	uint8_t targets[1 << TARGET_SKETCH_BITS];
	uint8_t ports[1 << TARGET_SKETCH_SIDE_BITS];
	uint8_t hosts[1 << TARGET_SKETCH_SIDE_BITS];
};

_Static_assert(sizeof(struct target_sketch) <= TARGET_SET_CELL, "a sketch fits into a cell");

/* True if an estimate moved. Late targets are missed now and then: a sketch counts, it does not know.
 */
static inline bool target_sketch_add(struct target_sketch *k, struct target t)
{
	bool fresh = cardinality_note(k->targets, TARGET_SKETCH_BITS, target_hash_whole(t));
	fresh |= cardinality_note(k->hosts, TARGET_SKETCH_SIDE_BITS, target_hash_host(t));
	if (t.space <= TARGET_SCTP)
		fresh |= cardinality_note(k->ports, TARGET_SKETCH_SIDE_BITS, target_hash_port(t));
	return fresh;
}

#endif
