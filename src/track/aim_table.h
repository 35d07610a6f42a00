/* SPDX-License-Identifier: ISC */
/*
 * aim_table - what many aim at: packets and sources for each (our address, protocol, port).
 *
 * Serves two questions that no record of a source can answer: is this door under a flood, and is it
 * a door that old friends of a former user still call? Fixed size, one cache line an aim, 2-way
 * buckets, the longest quiet one goes.
 */
#ifndef KW_TRACK_AIM_TABLE_H
#define KW_TRACK_AIM_TABLE_H

#include "base/clock.h"
#include "net/addr.h"

#include <stdbool.h>
#include <stdint.h>

#define AIM_WINDOW_S 4 /* a flood is judged over this many seconds: short enough to be told soon */

struct aim_record {
	_Alignas(64) struct addr addr; /* ours */
	uint64_t callers;              /* linear counter of sources: a bit each of their hashes */
	uint64_t callers_before;       /* the same, as it was a minute or more ago */
	uint32_t first_s, last_s;
	uint32_t packets;
	uint32_t window_s;       /* when the running window began */
	uint32_t window_packets; /* in it */
	uint32_t dossier;        /* number, 0 = none */
	uint16_t port;
	uint8_t space; /* enum target_space */
	uint8_t used;
	uint32_t returns; /* packets of sources that called a minute or more ago */
};

_Static_assert(sizeof(struct aim_record) == 64, "an aim is one cache line");

struct aim_table;

struct aim_table *aim_table_create(void);
void aim_table_destroy(struct aim_table *t);
void aim_table_prefetch(const struct aim_table *t, uint64_t key);

/* Counts one packet of `source_hash` at the aim and returns its record. Never null. */
struct aim_record *aim_table_touch(struct aim_table *t, uint64_t key, const struct addr *addr,
	uint8_t space, uint16_t port, uint64_t source_hash, struct wall_time now);

/* Whether somebody knocked on this door lately. */
bool aim_table_has_touched(const struct aim_table *t, uint64_t key, const struct addr *addr,
	uint8_t space, uint16_t port);

/* How many sources called, as far as the counter reaches: right within 20 % up to 100, 266 at most. */
unsigned aim_record_callers(const struct aim_record *r);

#endif
