/* SPDX-License-Identifier: ISC */
/*
 * target_dense - many targets: who says which port on which host is no longer kept, only each side.
 *
 * Ports as bits (exact), hosts in a small hash table (exact up to TARGET_SET_HOSTS_EXACT), both
 * also as estimates. Private to target_set. Memory: 4 KiB, 1 KiB for each 8192 neighbouring ports
 * touched, and up to 8 KiB for the hosts, which is given back once they are too many to be listed.
 */
#ifndef KW_TRACK_TARGET_DENSE_H
#define KW_TRACK_TARGET_DENSE_H

#include "track/target_sketch.h"

struct target_dense;

enum target_dense_answer {
	TARGET_DENSE_KNOWN, /* perhaps: no side and no estimate is new */
	TARGET_DENSE_FRESH,
	TARGET_DENSE_FULL, /* no memory for it: the set must become a sketch */
};

/* Null if there is no memory. */
struct target_dense *target_dense_create(const struct target_room *room);
void target_dense_destroy(struct target_dense *d, const struct target_room *room);

enum target_dense_answer target_dense_add(
	struct target_dense *d, const struct target_room *room, struct target t);

struct target_counts target_dense_count(const struct target_dense *d);

/* The first port of the space at or above `port`; false if there is none. */
bool target_dense_next_port(const struct target_dense *d, uint8_t space, uint32_t *port);

/* Adds what is known to an empty sketch; bits of the spaces that were seen. */
uint8_t target_dense_fold(const struct target_dense *d, struct target_sketch *out);

#endif
