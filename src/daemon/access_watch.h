/* SPDX-License-Identifier: ISC */
/*
 * access_watch - the engine's part of what wrappers decide: each decision is kept whole and becomes a part of a story.
 *
 * Heard by two ways it counts once (access_twins). What is beyond the budget of the journal (store_sink) is not kept
 * one by one; the detector counts all.
 *
 * What nobody vouches for (access_event) is kept, and is no part of a story, so that no user of this host can blame a
 * stranger or clear one. It never passes for what another process decided: a log line of the same process
 * counts as it would have without it, and is not kept a second time. That users told more than they may is an event
 * of type `health`, at once and then every ACCESS_WATCH_HELD_US while it goes on.
 *
 * Tests: tests/unit/daemon/test_access_watch.c
 */
#ifndef KW_DAEMON_ACCESS_WATCH_H
#define KW_DAEMON_ACCESS_WATCH_H

#include "daemon/access_twins.h"
#include "daemon/store_sink.h"

#include <stdio.h>

/* All borrowed as long as it is used. */
struct access_watch {
	struct pipeline *pipeline;
	struct store_sink *sink;  /* may have no journal */
	struct name_table *names; /* of the engine */
	const char *host;
	FILE *out; /* each as a line of JSON here as well; null = no */
	struct access_twins twins;
	struct access_twins strangers; /* what nobody vouches for */
	struct json_line line;         /* for `out` */
	uint64_t twice;                /* decisions that were heard a second time */
	uint64_t held, told_held;      /* by the sensor, beyond the rate; as it was told last */
	struct wall_time held_told;    /* when */
};

#define ACCESS_WATCH_HELD_US (600 * CLOCK_US_PER_S)

/* `now`: no decision is later than that. */
void access_watch_take(struct access_watch *w, const struct access_event *a, struct wall_time now);
/* Once a second: how many decisions the sensor has held back in all, and whose the last one was. */
void access_watch_advance(
	struct access_watch *w, struct wall_time now, uint64_t held, uint32_t held_uid);
/* Frees what it took; accepts one that never was used. */
void access_watch_clear(struct access_watch *w);

#endif
