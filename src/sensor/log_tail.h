/* SPDX-License-Identifier: ISC */
/*
 * log_tail - follows a growing text file through its rotations, and tells its knocks as events.
 *
 * Every line is read once, neither lost nor doubled, through these changes of the file:
 * - Renamed and a new one created: the old one is read to its end, and watched LOG_TAIL_GRACE_MS
 *   longer for writers that are slow to reopen. Generations that came and went between two looks
 *   are found beside it (rotated_files, seen_files), however fast they came.
 * - Truncated: read from its beginning again, and said so. If it was copied before ("copytruncate"),
 *   what was not read yet is read from the copy, and nothing of the copy twice.
 * - Deleted, or not there yet: waited for, then read from its beginning.
 * A file that exists when it is opened is read from its end on, unless asked for from the start.
 *
 * inotify wakes the caller; what happened is always found out by looking, so a missed wake-up costs
 * time only. Where inotify does not serve (fd -1, network file systems) the caller polls. Memory is
 * constant: one buffer of LOG_TAIL_LINE_MAX; of a longer line its head is read and the rest
 * skipped.
 *
 * Privileges: the directory is kept open, so the file can be reopened as long as the process may
 * read it; log_tail_group tells which group it must keep for that.
 *
 * BUGS: Lost for ever is what is not there any more when we look: what copytruncate throws away
 * between copy and truncation, and a generation that was compressed or deleted before it was seen. A
 * generation that a slow writer still holds is let go early when HELD_MAX others follow within the
 * time of grace; what he writes to it then is lost. A file that was copied and truncated before we
 * read its first line is taken for one that is only short: its copy is read at the next rotation. At
 * more than SEEN_FILES_MAX rotations of files that stay, one that no listing has shown for all that
 * time is given up.
 */
#ifndef KW_SENSOR_LOG_TAIL_H
#define KW_SENSOR_LOG_TAIL_H

#include "event/access_queue.h"
#include "event/event.h"
#include "event/name_table.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <sys/types.h>

#define LOG_TAIL_LINE_MAX 65536 /* as input/event_source.h */
#define LOG_TAIL_GRACE_MS 60000 /* a rotated file without growth for so long is let go */
#define LOG_TAIL_POLL_MS 250    /* how often to look where there is no inotify */

struct log_tail_options {
	const char *path;
	bool from_start;          /* read what is there already */
	struct name_table *names; /* numbers interfaces and hosts; borrowed for the tail's life */
	struct access_queue *decisions; /* where those of wrappers go; borrowed likewise; null = nowhere */
};

/* Since opening. lines = events + other + broken. */
struct log_tail_report {
	uint64_t lines;
	uint64_t events;   /* handed out, decisions of wrappers among them */
	uint64_t other;    /* other programs' lines */
	uint64_t broken;   /* a firewall's lines, but unreadable */
	uint64_t too_long; /* of the lines: longer than LOG_TAIL_LINE_MAX, the rest skipped */
	uint64_t rotations, truncations;
	const char *last_fault; /* of the last broken line: constant text; null before the first */
};

struct log_tail;

/* A file that is not there yet is no error (it is said); a directory or a pipe is. Null with a
 * message in `error`, and errno: EINVAL for those. */
struct log_tail *log_tail_open(
	const struct log_tail_options *options, char *error, size_t error_size);
/* Accepts null. */
void log_tail_close(struct log_tail *t);

/* Writes up to `max` events, fewer where the queue of decisions is full. Never waits, and reads a bounded piece (1 MiB) at most. */
size_t log_tail_read(struct log_tail *t, struct event *out, size_t max);
/* True if the last read stopped before the end of what there was: read again soon. */
bool log_tail_is_behind(const struct log_tail *t);

/* For poll: readable when something happened beside the file. -1: call log_tail_read every
 * LOG_TAIL_POLL_MS. Call it once a second in any case. */
int log_tail_fd(const struct log_tail *t);

/* The group that may read the file where others may not; false if none is needed (or no file yet).
 */
bool log_tail_group(const struct log_tail *t, gid_t *out);

const struct log_tail_report *log_tail_report(const struct log_tail *t);
const char *log_tail_name(const struct log_tail *t);
/* Where the file and what it is rotated to lie. */
const char *log_tail_directory(const struct log_tail *t);

#endif
