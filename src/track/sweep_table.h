/* SPDX-License-Identifier: ISC */
/*
 * sweep_table - many sources at one port of our network within minutes: do they share the hosts out?
 *
 * For each port: the sources that came to it on a second host lately, how many touches these made, and how
 * many different hosts they touched. Sources that choose by chance meet at some hosts: of 256, a hundred
 * touches hit 83 on the average, and hardly ever more than 95. Who shares a list hits a hundred.
 *
 * Hosts are told apart by eight bits (target_host8), which is exact within a /24. In a larger network sources
 * that share a sweep look like sources that meet by chance, and nothing is found. Fixed size, 68 KiB; the port
 * that was quiet longest goes.
 *
 * Owner: embedded in the detector.   Tests: tests/unit/track/test_sweep_table.c
 */
#ifndef KW_TRACK_SWEEP_TABLE_H
#define KW_TRACK_SWEEP_TABLE_H

#include "net/addr.h"
#include "track/target_set.h"

#include <stdbool.h>
#include <stdint.h>

enum {
	SWEEP_PORTS = 64,  /* under watch at once */
	SWEEP_RECENT = 64, /* latest sources, to name the members */
	SWEEP_HOSTS = 256, /* that are told apart */
};

#define SWEEP_WINDOW_S 600 /* sources that share a sweep come within minutes of each other */

struct sweep {
	bool used;
	uint8_t space; /* enum target_space */
	uint16_t port;
	uint32_t last_s;                  /* when somebody came last */
	uint32_t window_s;                /* when the window began */
	uint32_t touches;                 /* distinct (source, host) */
	uint32_t sources;                 /* that touched a second host in the window */
	uint64_t hosts[SWEEP_HOSTS / 64]; /* one bit for each that was touched */
	uint32_t looked;                  /* how many touches there were at the last look */
	uint32_t dossier;                 /* of the group, 0 = none yet */
	struct addr recent[SWEEP_RECENT];
};

/* All zero is an empty one. */
struct sweep_table {
	struct sweep sweeps[SWEEP_PORTS];
};

/* The sweep of a port; a window that is over starts anew, and keeps its group. Never null. */
struct sweep *sweep_table_get(struct sweep_table *t, uint8_t space, uint16_t port, uint32_t now_s);

/* Somebody touched a host of ours, by its eight bits. */
void sweep_note_touch(struct sweep *s, uint8_t host8);
/* A source touched its second host there; both hosts are still to be noted. */
void sweep_note_source(struct sweep *s, const struct addr *source);

/* True where it is time to judge again: not at every touch, for each look may err. */
bool sweep_is_due(struct sweep *s);
/* True if so few of the touches met that chance cannot be the reason (four standard deviations). */
bool sweep_is_shared(const struct sweep *s);

#endif
