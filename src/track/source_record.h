/* SPDX-License-Identifier: ISC */
/*
 * source_record - what we remember of a source that came to a second door, in one cache line.
 *
 * Score, times, and the first few distinct targets. Who needs more has a dossier, which the record
 * points to by number. Lives in a source_table.
 */
#ifndef KW_TRACK_SOURCE_RECORD_H
#define KW_TRACK_SOURCE_RECORD_H

#include "net/addr.h"
#include "track/target_set.h"

#include <stdbool.h>
#include <stdint.h>

#define SOURCE_TARGETS_INLINE 3 /* the fourth distinct target needs a dossier */

enum source_flag {
	SOURCE_FLAG_BLOCK = 0x01,   /* an IPv6 /48, not a /64 */
	SOURCE_FLAG_GROUPED = 0x02, /* its story is told as part of a group */
	SOURCE_FLAG_PROVEN = 0x04,  /* it completed a handshake at one of the targets below */
};

struct source_record {
	_Alignas(64) struct addr addr; /* the source; IPv6: base of its block */
	uint32_t first_s, last_s;      /* seconds since 1970 */
	uint32_t packets;              /* saturates */
	float score;                   /* log-likelihood, decayed up to last_s */
	uint32_t dossier;              /* number, 0 = none */
	uint32_t techniques;           /* bits of enum technique */
	/* The first distinct targets, while there is no dossier; of the very first one the host may
	 * be known by 8 bits only (SOURCE_SPACE_GHOST in its space). */
	uint32_t hosts[SOURCE_TARGETS_INLINE];
	uint16_t ports[SOURCE_TARGETS_INLINE];
	uint8_t spaces[SOURCE_TARGETS_INLINE]; /* enum target_space */
	uint8_t targets_count;                 /* distinct, saturates */
	uint8_t flags : 4;                     /* enum source_flag */
	uint8_t visits : 4;                    /* stories told and closed before; saturates */
	uint8_t blocks;                        /* of a /48: which of 8 classes of /64s came */
};

#define SOURCE_SPACE_GHOST 0x80
#define SOURCE_SPACE_STATE 0x60 /* bits of enum target_state, shifted up */
#define SOURCE_SPACE_STATE_SHIFT 5
#define SOURCE_SPACE_MASK 0x1f

_Static_assert(sizeof(struct source_record) == 64, "a source is one cache line");

/* Adds a distinct target: listed while there is room, else only counted. Of a ghost `t.host` holds
 * the 8 bits (target_host8) that are known of it. */
void source_record_add_target(struct source_record *r, struct target t, bool ghost);

/* The place of a listed target, or -1. A ghost that it proves to be is completed. */
int source_record_find_target(struct source_record *r, struct target t);

/* Gives a listed target this state too; true if it was listed without it. */
bool source_record_mark(struct source_record *r, struct target t, enum target_state state);

/* Takes it away again; true if it had it. */
bool source_record_unmark(struct source_record *r, struct target t, enum target_state state);

#endif
