/* SPDX-License-Identifier: ISC */
/*
 * campaign_table - many sources at one of our hosts within minutes: do they share the work?
 *
 * For each of our addresses: how many sources came to a second door lately, how many touches these
 * made, and how many different doors they touched. Sources that share a scan do not repeat each
 * other; the background of the Internet does. Who comes once tells nothing but how many came, and
 * of the seconds of a forged flood nothing is kept at all. Fixed size: the hosts of one /24 all have
 * their place; of more the longest quiet one goes.
 */
#ifndef KW_TRACK_CAMPAIGN_TABLE_H
#define KW_TRACK_CAMPAIGN_TABLE_H

#include "base/clock.h"
#include "net/addr.h"
#include "track/crowd.h"
#include "track/linear_counter.h"

#include <stdbool.h>
#include <stdint.h>

#define CAMPAIGN_WINDOW_S 600    /* sources that share a scan come within minutes of each other */
#define CAMPAIGN_RECENT 64       /* latest sources with two doors, to name the members */
#define CAMPAIGN_FORGED_RATE 200 /* new sources a second at one host that only forgery brings */

/* What follows `doors` is never cleared: the counters before it tell how much of it is valid. */
struct campaign {
	struct addr host;
	uint32_t window_s;      /* when the window began */
	uint32_t touches;       /* distinct (source, door) of those with two doors and more */
	uint32_t comers;        /* first sights of sources in the window, floods left out */
	uint32_t second_comers; /* sources that touched a second door in the window */
	uint32_t rate_second, rate_comers; /* newcomers in the running second */
	uint64_t rate_doors;    /* linear counter of the doors they came to in that second */
	uint32_t forged_second; /* the latest second that was forged; 0 = none yet */
	uint32_t dossier;       /* of the group, 0 = none yet */
	uint32_t flood_dossier; /* of the flood, 0 = none yet */
	bool is_crowd;          /* the group was found by its crowd: newcomers may join it */
	uint32_t recent_count;
	uint64_t doors[LINEAR_COUNTER_WORDS]; /* of the touches; unset while there are none */
	struct crowd crowd;                   /* those who come once */
	struct addr recent[CAMPAIGN_RECENT];  /* a ring; the first recent_count are set */
};

struct campaign_table;

struct campaign_table *campaign_table_create(void);
void campaign_table_destroy(struct campaign_table *t);

/* The campaign record of a host of ours; a window that is over starts anew. Never null. */
struct campaign *campaign_table_get(
	struct campaign_table *t, const struct addr *host, struct wall_time now);

/* Walks all hosts under watch: start with *cursor = 0; null at the end. */
struct campaign *campaign_table_next(struct campaign_table *t, uint32_t *cursor);

/* A source was seen for the first time, at the door with this hash. */
void campaign_note_comer(struct campaign *c, uint64_t door_hash, struct wall_time now);
/* A source has come to a second door; both its doors are still to be noted as touches. */
void campaign_note_second(struct campaign *c, const struct addr *source);
void campaign_note_touch(struct campaign *c, uint64_t door_hash);
/* About how many distinct doors the touches went to. */
unsigned campaign_doors(const struct campaign *c);
/* True in a second with CAMPAIGN_FORGED_RATE newcomers, and in the one after it. */
bool campaign_is_forged(const struct campaign *c, struct wall_time now);

#endif
