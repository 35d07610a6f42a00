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

static inline struct target_sketch_sums target_sketch_start(void)
{
	return (struct target_sketch_sums){.targets = cardinality_start(TARGET_SKETCH_BITS),
		.ports = cardinality_start(TARGET_SKETCH_SIDE_BITS),
		.hosts = cardinality_start(TARGET_SKETCH_SIDE_BITS),
		.last = {.space = TARGET_SPACES}};
}

/*
 * True if an estimate moved. Late targets are missed now and then: a sketch counts, it does not know.
 * Most scanners stay on a host or on a port: what is as it was last time has been counted.
 */
static inline bool target_sketch_add(
	struct target_sketch *k, struct target_sketch_sums *sums, struct target t)
{
	bool is_first = sums->last.space == TARGET_SPACES;
	bool same_host = !is_first && t.host == sums->last.host;
	bool same_port = t.space == sums->last.space && t.port == sums->last.port;
	bool fresh = cardinality_count(
		&sums->targets, k->targets, TARGET_SKETCH_BITS, target_hash_whole(t));
	if (!same_host)
		fresh |= cardinality_count(
			&sums->hosts, k->hosts, TARGET_SKETCH_SIDE_BITS, target_hash_host(t));
	if (!same_port && t.space <= TARGET_SCTP)
		fresh |= cardinality_count(
			&sums->ports, k->ports, TARGET_SKETCH_SIDE_BITS, target_hash_port(t));
	sums->last = t;
	return fresh;
}

/* Of a sketch that was filled in another way. */
static inline struct target_sketch_sums target_sketch_sum_up(const struct target_sketch *k)
{
	return (struct target_sketch_sums){
		.targets = cardinality_sum_up(k->targets, TARGET_SKETCH_BITS),
		.ports = cardinality_sum_up(k->ports, TARGET_SKETCH_SIDE_BITS),
		.hosts = cardinality_sum_up(k->hosts, TARGET_SKETCH_SIDE_BITS),
		.last = {.space = TARGET_SPACES}};
}

#endif
