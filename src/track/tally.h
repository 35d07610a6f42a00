/* SPDX-License-Identifier: ISC */
/*
 * tally - how often each port was knocked on, hour by hour.
 *
 * One counter pair for each TCP and UDP port (1 MiB), handed over and cleared when the hour of packet
 * time ends. Feeds the tables that are kept for ever.
 */
#ifndef KW_TRACK_TALLY_H
#define KW_TRACK_TALLY_H

#include "base/clock.h"

#include <stdbool.h>
#include <stdint.h>

struct tally_count {
	int64_t hour;     /* hours since 1970 */
	uint8_t proto;    /* IP protocol number */
	uint16_t port;    /* or ICMP type */
	uint32_t packets; /* saturates */
	uint32_t
		touches; /* packets that were a source's first at that door, as far as remembered */
};

struct tally;

struct tally *tally_create(void);
void tally_destroy(struct tally *t);

/* Asks the processor for what tally_add will need. */
void tally_prefetch(const struct tally *t, uint8_t proto, uint16_t port);

/* Counts one knock. Protocols other than TCP, UDP and ICMP are counted under port 0. */
void tally_add(struct tally *t, uint8_t proto, uint16_t port, bool first_touch);

/* True if `now` lies in another hour than what is counted: the caller must drain first. */
bool tally_hour_is_over(const struct tally *t, struct wall_time now);

/* Writes up to `max` non-zero counts and clears them; 0 when empty. */
unsigned tally_drain(struct tally *t, struct tally_count *out, unsigned max);

/* Sets the hour that is counted from now on; only on an empty tally. */
void tally_start_hour(struct tally *t, struct wall_time now);

#endif
