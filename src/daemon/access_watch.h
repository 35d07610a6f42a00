/* SPDX-License-Identifier: ISC */
/*
 * access_watch - the engine's part of what wrappers decide: each decision is kept whole and becomes a part of a story.
 *
 * Heard by two ways it counts once (access_twins). What is beyond the budget of the journal (store_sink) is not kept
 * one by one; the detector counts all.
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
	FILE *out;                /* each as a line of JSON here as well; null = no */
	struct access_twins twins;
	struct json_line line;    /* for `out` */
	uint64_t twice;           /* decisions that were heard a second time */
};

/* `now`: no decision is later than that. */
void access_watch_take(
	struct access_watch *w, const struct access_event *a, struct wall_time now);
/* Frees what it took; accepts one that never was used. */
void access_watch_clear(struct access_watch *w);

#endif
