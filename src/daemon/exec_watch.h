/* SPDX-License-Identifier: ISC */
/*
 * exec_watch - the engine's part of the root audit: what is new, what is told, what is kept.
 *
 * Each start is compared with the baseline (kept in DIR/execs.baseline over a restart) and written to the journal as
 * an event of type `exec`, within the budget; what is beyond becomes a sum. A baseline that cannot be loaded is put
 * aside and said, and learned anew.
 */
#ifndef KW_DAEMON_EXEC_WATCH_H
#define KW_DAEMON_EXEC_WATCH_H

#include "daemon/store_sink.h"
#include "detect/exec_baseline.h"
#include "detect/exec_budget.h"
#include "event/exec_json.h"

#include <stdio.h>

/* Borrowed as long as it is open. */
struct exec_watch_options {
	const char *state; /* null = nothing is kept */
	const char *host;
	struct store_sink *sink; /* may have no journal */
	FILE *out;               /* each line here as well; null = no */
};

struct exec_watch {
	struct exec_watch_options options;
	struct exec_baseline *baseline;
	struct exec_budget budget;
	struct json_line line;
	uint64_t starts, fresh;                      /* since opening; of them: new */
	uint64_t lost;                               /* not heard, or not whole */
	uint64_t told_starts, told_fresh, told_lost; /* when they were said last */
};

void exec_watch_open(struct exec_watch *w, const struct exec_watch_options *options);
/* Accepts one that was never opened. */
void exec_watch_close(struct exec_watch *w);

/* A start, of which the secrets are masked. */
void exec_watch_take(struct exec_watch *w, const struct exec_event *e);

/* Once a second: sums that are due. `lost` as of now. */
void exec_watch_advance(struct exec_watch *w, struct wall_time now, uint64_t lost);

/* How many since the last word, and how many of them were new; nothing if there were none. */
void exec_watch_say(struct exec_watch *w);

void exec_watch_save(struct exec_watch *w);

/* All sums, and a last save. */
void exec_watch_end(struct exec_watch *w, struct wall_time now);

#endif
