/* SPDX-License-Identifier: ISC */
/*
 * knock - a probe and what it says by itself: which door, which technique, whose handwriting.
 *
 * Read once from the event, then handed along the probe's way. Only whether the door is offered is
 * not in the packet: the probe path asks its memory.
 */
#ifndef KW_DETECT_KNOCK_H
#define KW_DETECT_KNOCK_H

#include "event/event.h"
#include "event/technique.h"
#include "track/target_set.h"

#include <stdbool.h>
#include <stdint.h>

struct knock {
	struct target target; /* the door */
	uint32_t techniques;  /* bits of enum technique */
	uint32_t marks;       /* bits of enum dossier_mark */
	bool offered;         /* something answers there */
	bool broken_off;      /* no packet to the door, but the reset that ends a handshake there */
};

/* The door that an event is about. */
struct target knock_target(const struct event *e);

/* The techniques that a target alone tells, without the packet: none of TCP and SCTP, where
 * flags and chunks decide. */
uint32_t knock_techniques_at(const struct target *t);

/* All but `offered`. */
struct knock knock_read(const struct event *e);

/* Flags that no stack sends: FIN alone, none, XMAS, SYN+FIN, all. */
static inline bool knock_is_impossible(uint32_t techniques)
{
	return techniques &
	       (technique_bit(TECHNIQUE_NULL) | technique_bit(TECHNIQUE_XMAS) |
		       technique_bit(TECHNIQUE_SYN_FIN) | technique_bit(TECHNIQUE_ALL_FLAGS) |
		       technique_bit(TECHNIQUE_FIN));
}

#endif
