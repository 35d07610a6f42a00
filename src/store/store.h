/* SPDX-License-Identifier: ISC */
/*
 * store - the index: incidents with all their tellings, and roll-ups of knocks, to ask questions of.
 *
 * What is kept is the journal; the index is made from its records, one after another, and knows which
 * was the last. One writer, any number of readers (SQLite, WAL). What is added waits in a bounded queue and is
 * written in transactions of 1000 rows or once a second; when store_flush says so, everything added
 * before is on disk and survives the death of the process (a power cut may cost the last seconds).
 * While writing fails (disk full), rows wait and nothing stored is lost. An incident told again
 * replaces its last state; counts are increments and add up, so the same input must not be counted
 * twice. Not for several threads.
 */
#ifndef KW_STORE_STORE_H
#define KW_STORE_STORE_H

#include "base/clock.h"
#include "store/journal_chain.h"
#include "store/store_error.h"
#include "store/store_queue.h"

#include <sqlite3.h>

#define STORE_ROWS_PER_TRANSACTION 1000

struct store;

/* Null with the reason in `error`. A writer makes what is missing; a reader finds it MISSING. */
struct store *store_open(const char *dir, bool read_only, struct store_error *error);
/* What waits takes at most `bytes` (STORE_QUEUE_BYTES_LEAST and more); before anything is added. */
void store_limit_memory(struct store *s, size_t bytes);
/* Writes what waits, if it can. False with the reason if rows were lost. Accepts null. */
bool store_close(struct store *s, struct store_error *error);

/* `json` is the line of incident_json for this telling. Everything is copied. */
void store_put_incident(struct store *s, const struct incident *in, const char *json);
/* Counted by the hour and, for ever, by the day. */
void store_add_port_counts(struct store *s, const struct store_port_count *counts, size_t count);
void store_add_source_counts(
	struct store *s, const struct store_source_count *counts, size_t count);
void store_add_knocks(struct store *s, const struct store_knock *knocks, size_t count);

/* A file that was read into the journal; one that is known already is known from then on as this says. */
void store_add_import(struct store *s, const struct import *file, struct wall_time at);

/*
 * What is added from begin to end comes from one record of the journal, in the file of `day` (days since
 * 1970), and gets to disk with it or not at all. Without this it comes from nowhere, and a reindex
 * keeps it for ever.
 */
void store_begin_record(struct store *s, uint32_t day);
void store_end_record(struct store *s, const struct journal_place *place);
/* The newest record that is in the file; seq 0 = none. False with the reason if it cannot be read. */
bool store_newest_record(
	const struct store *s, struct journal_place *out, struct store_error *error);
/* A writer whose incidents keep the numbers that they have in temp.number_of (id, number). */
void store_keep_numbers(struct store *s);

enum store_flush_result {
	STORE_FLUSH_DONE,    /* everything added so far is on disk */
	STORE_FLUSH_LATER,   /* less than a second since the last time: rows wait */
	STORE_FLUSH_STUCK,   /* writing began to fail: say `error` once */
	STORE_FLUSH_WAITS,   /* it still fails; nothing new to say */
	STORE_FLUSH_RESUMED, /* DONE after STUCK: say `error`, which tells what was lost meanwhile
			      */
};

/* Writes what waits if a second has gone by since the last time (in either direction). */
enum store_flush_result store_flush(
	struct store *s, struct wall_time now, struct store_error *error);
/* The same at once. */
enum store_flush_result store_flush_now(struct store *s, struct store_error *error);

/* Rows that wait for the next transaction, and rows that were refused or not storable, ever. */
size_t store_rows_waiting(const struct store *s);
uint64_t store_rows_lost(const struct store *s);

/* Deletes knocks and hourly counts that are older than `before`; days and incidents stay. */
bool store_prune(struct store *s, struct wall_time before, struct store_error *error);

/* For store_query and tests: the open database, and its path. */
sqlite3 *store_database(const struct store *s);
const char *store_path(const struct store *s);

#endif
