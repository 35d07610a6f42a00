/* SPDX-License-Identifier: ISC */
/*
 * watch_status - what a watch says of itself in its state directory, for `status` and for a second
 * watch that comes to the same place.
 *
 * Written through the lock (priv/state_lock.h) as a `stats` event of EVENTS.md with one object more,
 * `watch`: pid, since, listening, memory_bytes, peak_memory_bytes, last_event, ended, senders. Rewritten every few seconds,
 * without a word where that fails: a status is no reason to disturb a watch.
 *
 * Tests: tests/unit/daemon/test_watch_status.c   Fuzz: fuzz/daemon/fuzz_watch_status.c
 */
#ifndef KW_DAEMON_WATCH_STATUS_H
#define KW_DAEMON_WATCH_STATUS_H

#include "daemon/sensor_frame.h"
#include "daemon/stats_json.h"
#include "report/status_text.h"

struct watch_status {
	int lock;               /* of state_lock; -1 = nothing is written */
	struct wall_time since; /* when the watch began */
	struct wall_time last_event;
	const char *listening; /* "eth0, /var/log/kern.log"; not escaped; borrowed */
	const struct sensor_frame_senders *senders; /* who brought lines; null = nobody. Borrowed */
	uint64_t memory_bytes;                      /* the option: what it may take */
	uint64_t execs, execs_new; /* programs started as root since then; of them: new */
	int64_t next_ms;           /* when to write again */
};

/* The line of a watch that has only begun: a second one can then be told who was first. */
void watch_status_begin(struct watch_status *s, const char *host);
/* The line as of now; `ended` = for the last time. */
void watch_status_write(struct watch_status *s, struct pipeline *p,
	const struct stats_json_extra *extra, bool ended);

/* Reads a line that was written so. Lines of others and cut ones leave what they do not tell at 0. */
void watch_status_read(const char *line, struct status_watch *out);

/* Says who holds the directory, and what can be done. */
void watch_status_say_held(const char *directory);

#endif
