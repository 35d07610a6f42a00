/* SPDX-License-Identifier: ISC */
/*
 * crowd - sources that come to one of our hosts once each, every one to another door.
 *
 * Strangers of the Internet's background come once, too, but to the same few dozen doors. A crowd whose
 * doors hardly repeat, and which is larger than what came in the ten minutes before, shares a scan. Whether
 * a second was a forged flood is known only when it is over: so newcomers wait for their second to end
 * before they count.
 *
 * Embedded in a campaign; never allocates.
 */
#ifndef KW_TRACK_CROWD_H
#define KW_TRACK_CROWD_H

#include "net/addr.h"
#include "track/linear_counter.h"
#include "track/target_set.h"

#include <stdbool.h>
#include <stdint.h>

#define CROWD_WINDOW_S 600
#define CROWD_SOURCES 30  /* fewer are chance */
#define CROWD_OVERLAP 1.1 /* newcomers for each door: an honest share of work has 1.0 */
#define CROWD_GROWTH 4    /* times what came in the window before */
#define CROWD_KEPT 64     /* latest newcomers, to name the members */

struct crowd_comer {
	struct addr source;
	struct target door;
};

struct crowd {
	uint32_t window_s;      /* when the window began */
	uint32_t second;        /* of the newcomers that wait */
	uint32_t comers;        /* in the window; those that wait are not among them */
	uint32_t comers_before; /* in the window before it */
	uint32_t waiting;
	uint32_t kept; /* ever put into `latest` in the window */
	/* The rest is never cleared: it is set as far as the counters say. */
	uint64_t doors[LINEAR_COUNTER_WORDS];         /* of `comers`; unset while there are none */
	uint64_t waiting_doors[LINEAR_COUNTER_WORDS]; /* of those that wait; likewise */
	struct crowd_comer latest[CROWD_KEPT];        /* of `comers`, a ring */
	struct crowd_comer queue[CROWD_KEPT];         /* the first of those that wait */
};

/* Nobody has come yet. All zero does as well. */
void crowd_start(struct crowd *c);

/* Notes a newcomer in this second of time; `forged` tells whether the second of those who wait was a flood:
 * then they never came. Returns how many of them have come, and are the last of `latest`. */
unsigned crowd_note(struct crowd *c, const struct crowd_comer *comer, uint64_t door_hash,
	uint32_t second, bool forged);

/* The second of those who wait is over, though nobody came after them; returns as crowd_note. */
unsigned crowd_end_second(struct crowd *c, bool forged);

/* True if those who have come in the window share a scan. */
bool crowd_shares_work(const struct crowd *c);

/* How many of those who came are kept, and the nth of them, counted back from the latest (0). */
unsigned crowd_kept(const struct crowd *c);
const struct crowd_comer *crowd_latest(const struct crowd *c, unsigned n);

#endif
