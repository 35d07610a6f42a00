/* SPDX-License-Identifier: ISC */
/*
 * journal_writer - appends events to the journal: one file a day, every record chained to the one before.
 *
 * What journal_writer_append took waits in bounded memory until it is written; what
 * journal_writer_written tells is with the kernel (write(2) is through) and outlives this process,
 * however that ends. fdatasync follows once a second at most, and at the end of a day and of the
 * writer: a power cut may cost the last second.
 *
 * A full disk: records wait, then new ones are refused and counted, and once there is room a `health`
 * event tells how many. A line that a crash cut is set aside (DATE.torn-N, kept beside) and told in the same
 * way; the chain goes on from the last whole record. Nothing that has the form of a record is ever
 * changed, renamed or removed here.
 *
 * The day of a record is the day of its recording (UTC), whatever its own timestamp. Days only go forward:
 * a clock that jumps back stays in the newest file, one that jumps ahead begins a new one, and
 * both are told. One writer a state directory (priv/state_lock), not for several threads.
 *
 * Tests: tests/unit/store/test_journal_writer.c, tests/system/70_journal.sh
 */
#ifndef KW_STORE_JOURNAL_WRITER_H
#define KW_STORE_JOURNAL_WRITER_H

#include "base/clock.h"
#include "store/journal_chain.h"
#include "store/journal_health.h"
#include "store/store_error.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define JOURNAL_WRITER_BYTES (4u << 20)             /* that wait, unless told otherwise */
#define JOURNAL_WRITER_BYTES_LEAST (64u << 10)      /* some hundred records */
#define JOURNAL_WRITER_JUMP_US (5 * CLOCK_US_PER_S) /* a clock that is set by more is told */

struct journal_writer;

struct journal_writer_options {
	const char *host; /* of events that the journal tells of itself; copied */
	size_t bytes;     /* that may wait; 0 = JOURNAL_WRITER_BYTES */
};

/* Opens STATE/journal, makes what is missing and goes on behind the last whole record. Null with the
 * reason: NEWER where a later program wrote there, FOREIGN where no end can be found. */
struct journal_writer *journal_writer_open(const char *state,
	const struct journal_writer_options *options, struct wall_time now,
	struct store_error *error);
/* Writes and syncs what waits, if it can. False with the reason if records were lost. Accepts null. */
bool journal_writer_close(struct journal_writer *w, struct store_error *error);

/* Takes one event, a whole JSON object in one line of at most JOURNAL_LINE_MAX - JOURNAL_TAIL_MAX bytes
 * without a newline. Returns its seq; 0 if there was no room (counted) or it is no such line. */
uint64_t journal_writer_append(struct journal_writer *w, const char *event, size_t length);
/* The same of an event about the journal itself, and of one of type `chain`. */
uint64_t journal_writer_append_health(
	struct journal_writer *w, const struct journal_health *health, struct wall_time now);
uint64_t journal_writer_append_chain(struct journal_writer *w, const char *event, size_t length);

enum journal_writer_result {
	JOURNAL_WRITER_DONE,    /* all that was taken is written */
	JOURNAL_WRITER_STUCK,   /* writing began to fail: say `error` once */
	JOURNAL_WRITER_WAITS,   /* it still fails; nothing new to say */
	JOURNAL_WRITER_RESUMED, /* DONE after STUCK: say `error`, which tells what was lost */
};

/* Writes what waits now. */
enum journal_writer_result journal_writer_flush(
	struct journal_writer *w, struct store_error *error);
/* And once in a while (each second): the day that is over, the clock that jumped, and the disk. `steady_us` is
 * a clock that only goes forward, at any rate, and counts while the machine sleeps. */
enum journal_writer_result journal_writer_advance(struct journal_writer *w, struct wall_time now,
	int64_t steady_us, struct store_error *error);

/* Writes what waits, and returns when it is on disk. False with the reason; the next flush tells it. */
bool journal_writer_sync(struct journal_writer *w, struct store_error *error);

/* The newest record that is written; the newest that was taken. */
uint64_t journal_writer_written(const struct journal_writer *w);
struct journal_place journal_writer_newest(const struct journal_writer *w);
uint64_t journal_writer_lost(const struct journal_writer *w);

/* For what keeps house in the directory: it, the day that is written, and the oldest record kept. */
int journal_writer_directory(const struct journal_writer *w);
uint32_t journal_writer_day(const struct journal_writer *w);
const char *journal_writer_host(const struct journal_writer *w);
void journal_writer_set_first(struct journal_writer *w, uint64_t first);

#endif
