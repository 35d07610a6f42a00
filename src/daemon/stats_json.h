/* SPDX-License-Identifier: ISC */
/*
 * stats_json - the counters of a run as the `stats` event of EVENTS.md.
 */
#ifndef KW_DAEMON_STATS_JSON_H
#define KW_DAEMON_STATS_JSON_H

#include "engine/pipeline.h"
#include "event/json_line.h"

#include <stdio.h>

struct stats_json_extra {
	const char *host;
	uint64_t lost_kernel;   /* packets the kernel dropped before we read them */
	uint64_t lost_wrappers; /* decisions that found no room, or were beyond the rate */
	uint64_t skipped_lines; /* lines or packets that were ours and unreadable */
};

/* Puts the members of the event into an open object; null = nothing was counted yet. */
void stats_json_put(struct json_line *line, struct pipeline *p, struct wall_time now,
	const struct stats_json_extra *extra);

/* Prints the event as a line, with the time of the last event that was seen. */
void stats_json_print(struct pipeline *p, const struct stats_json_extra *extra, FILE *out);

#endif
