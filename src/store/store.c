/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include "base/memory.h"
#include "store/store_file.h"
#include "store/store_insert.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

struct store {
	struct store_file file;
	bool read_only;
	struct store_insert insert;
	bool in_record;             /* between store_begin_record and store_end_record */
	struct journal_place place; /* of the newest record that was added whole */
	bool place_changed;         /* since it was written */
	struct store_queue queue;
	uint64_t unstorable;        /* rows that the database refused for what they are */
	struct wall_time flushed;   /* when the last flush was tried */
	bool stuck;                 /* the last transaction failed */
	bool told;                  /* ... and the caller knows */
	uint64_t lost_before_stuck; /* rows lost when it began */
	struct store_error fault;   /* why it is stuck */
};

struct store *store_open(const char *dir, bool read_only, struct store_error *error)
{
	struct store *s = memory_calloc(1, sizeof *s);
	s->read_only = read_only;
	s->flushed.us = INT64_MIN / 2;
	if (store_file_open(&s->file, dir, read_only, error)) {
		s->insert.db = s->file.db;
		return s;
	}
	free(s);
	return NULL;
}

bool store_close(struct store *s, struct store_error *error)
{
	if (s == NULL)
		return true;
	bool ok = true;
	if (!s->read_only && (s->queue.count > 0 || s->place_changed)) {
		enum store_flush_result r = store_flush_now(s, error);
		ok = r == STORE_FLUSH_DONE || r == STORE_FLUSH_RESUMED;
		if (!ok)
			*error = s->fault;
	}
	store_insert_clear(&s->insert);
	store_queue_clear(&s->queue);
	store_file_close(&s->file);
	free(s);
	return ok;
}

/* A row that this database can never hold must not hold up the others. */
static bool is_rows_own_fault(int rc)
{
	int code = rc & 0xff;
	return code == SQLITE_CONSTRAINT || code == SQLITE_TOOBIG || code == SQLITE_MISMATCH;
}

static int write_rows(struct store *s, uint64_t *unstorable)
{
	for (size_t i = 0; i < s->queue.count; i++) {
		int rc = store_insert_row(&s->insert, &s->queue.rows[i]);
		if (is_rows_own_fault(rc))
			(*unstorable)++;
		else if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

/* Up to which record the journal is contained, with the rows of that record. */
static int write_place(struct store *s)
{
	char seq[24];
	if (!s->place_changed)
		return SQLITE_OK;
	snprintf(seq, sizeof seq, "%llu", (unsigned long long)s->place.seq);
	int rc = store_insert_meta(&s->insert, "journal_seq", seq);
	return rc == SQLITE_OK ? store_insert_meta(&s->insert, "journal_hash",
					 journal_hash_to_text(&s->place.hash).text)
			       : rc;
}

static int execute(struct store *s, const char *sql)
{
	return sqlite3_exec(s->file.db, sql, NULL, NULL, NULL);
}

/* The whole queue in one transaction; on failure the queue stays and `fault` says why. */
static bool write_queue(struct store *s)
{
	uint64_t unstorable = 0;
	int rc = execute(s, "BEGIN IMMEDIATE");
	if (rc == SQLITE_OK) {
		rc = write_rows(s, &unstorable);
		if (rc == SQLITE_OK)
			rc = write_place(s);
		if (rc == SQLITE_OK)
			rc = execute(s, "COMMIT");
	}
	if (rc == SQLITE_OK) {
		s->unstorable += unstorable;
		s->place_changed = false;
		store_queue_empty(&s->queue);
		return true;
	}
	store_error_from_sqlite(&s->fault, s->file.path, rc, sqlite3_errmsg(s->file.db));
	if (!sqlite3_get_autocommit(s->file.db))
		execute(s, "ROLLBACK");
	return false;
}

void store_limit_memory(struct store *s, size_t bytes)
{
	store_queue_limit(&s->queue, bytes);
}

/* Called when enough rows wait; while stuck only store_flush tries again. */
static void write_if_full(struct store *s)
{
	if (s->in_record || s->stuck ||
		!store_queue_is_due(&s->queue, STORE_ROWS_PER_TRANSACTION) || write_queue(s))
		return;
	s->stuck = true;
	s->told = false;
	s->lost_before_stuck = store_rows_lost(s);
}

void store_put_incident(struct store *s, const struct incident *in, const char *json)
{
	assert(!s->read_only);
	(void)store_queue_add_telling(&s->queue, in, json);
	write_if_full(s);
}

static void add_row(struct store *s, const struct store_row *row)
{
	assert(!s->read_only);
	(void)store_queue_add_count(&s->queue, row);
	write_if_full(s);
}

void store_add_port_counts(struct store *s, const struct store_port_count *counts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_row(s, &(struct store_row){.kind = STORE_ROW_PORT, .of = {.port = counts[i]}});
}

void store_add_source_counts(struct store *s, const struct store_source_count *counts, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_row(s,
			&(struct store_row){.kind = STORE_ROW_SOURCE, .of = {.source = counts[i]}});
}

void store_add_knocks(struct store *s, const struct store_knock *knocks, size_t count)
{
	for (size_t i = 0; i < count; i++)
		add_row(s,
			&(struct store_row){.kind = STORE_ROW_KNOCK, .of = {.knock = knocks[i]}});
}

void store_begin_record(struct store *s, uint32_t day)
{
	assert(!s->read_only && !s->in_record);
	s->in_record = true;
	s->queue.recorded = day;
}

void store_end_record(struct store *s, const struct journal_place *place)
{
	assert(s->in_record);
	s->in_record = false;
	s->queue.recorded = 0;
	s->place = *place;
	s->place_changed = true;
	write_if_full(s);
}

void store_keep_numbers(struct store *s)
{
	s->insert.keeps_numbers = true;
}

/* A text of table meta; "" where there is none. */
static int read_meta(const struct store *s, const char *key, char *out, size_t size)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(
		s->file.db, "SELECT value FROM meta WHERE key = ?1", -1, &q, NULL);
	out[0] = '\0';
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_text(q, 1, key, -1, SQLITE_STATIC);
	if (sqlite3_step(q) == SQLITE_ROW && sqlite3_column_text(q, 0) != NULL)
		snprintf(out, size, "%s", (const char *)sqlite3_column_text(q, 0));
	return sqlite3_finalize(q);
}

bool store_newest_record(
	const struct store *s, struct journal_place *out, struct store_error *error)
{
	char seq[24], hash[JOURNAL_HASH_DIGITS + 1];
	*out = (struct journal_place){0};
	int rc = read_meta(s, "journal_seq", seq, sizeof seq);
	if (rc == SQLITE_OK)
		rc = read_meta(s, "journal_hash", hash, sizeof hash);
	if (rc != SQLITE_OK) {
		store_error_from_sqlite(error, s->file.path, rc, sqlite3_errmsg(s->file.db));
		return false;
	}
	if (journal_hash_parse(hash, strlen(hash), &out->hash))
		out->seq = strtoull(seq, NULL, 10);
	return true;
}

void store_add_import(struct store *s, const struct import *file, struct wall_time at)
{
	struct store_file_import *in = memory_calloc(1, sizeof *in);
	*in = (struct store_file_import){*file, at};
	add_row(s, &(struct store_row){.kind = STORE_ROW_IMPORT, .of = {.import = in}});
}

static enum store_flush_result tell_stuck(struct store *s, struct store_error *error)
{
	if (!s->stuck)
		s->lost_before_stuck = store_rows_lost(s);
	s->stuck = true;
	if (s->told)
		return STORE_FLUSH_WAITS;
	s->told = true;
	*error = s->fault;
	return STORE_FLUSH_STUCK;
}

static enum store_flush_result tell_resumed(struct store *s, struct store_error *error)
{
	bool told = s->told;
	s->stuck = s->told = false;
	if (!told)
		return STORE_FLUSH_DONE;
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	snprintf(error->text, sizeof error->text, "%s: works again, %llu rows were lost meanwhile",
		s->file.path, (unsigned long long)(store_rows_lost(s) - s->lost_before_stuck));
	return STORE_FLUSH_RESUMED;
}

enum store_flush_result store_flush_now(struct store *s, struct store_error *error)
{
	assert(!s->read_only && !s->in_record);
	if (s->queue.count == 0 && !s->place_changed)
		return STORE_FLUSH_DONE;
	if (!write_queue(s))
		return tell_stuck(s, error);
	return s->stuck ? tell_resumed(s, error) : STORE_FLUSH_DONE;
}

enum store_flush_result store_flush(
	struct store *s, struct wall_time now, struct store_error *error)
{
	int64_t gap = now.us - s->flushed.us;
	bool untold = s->stuck && !s->told;
	if (!untold && gap > -CLOCK_US_PER_S && gap < CLOCK_US_PER_S && s->queue.count > 0)
		return s->stuck ? STORE_FLUSH_WAITS : STORE_FLUSH_LATER;
	s->flushed = now;
	return store_flush_now(s, error);
}

size_t store_rows_waiting(const struct store *s)
{
	return s->queue.count;
}

uint64_t store_rows_lost(const struct store *s)
{
	return s->queue.refused + s->unstorable;
}

/* One DELETE with the bound as a whole number. */
static int delete_before(struct store *s, const char *sql, int64_t bound)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(s->file.db, sql, -1, &q, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_int64(q, 1, bound);
	sqlite3_step(q);
	return sqlite3_finalize(q);
}

bool store_prune(struct store *s, struct wall_time before, struct store_error *error)
{
	int64_t hour = wall_time_seconds(before) / 3600;
	int rc = delete_before(s, "DELETE FROM knock WHERE day < ?1", hour / 24);
	if (rc == SQLITE_OK)
		rc = delete_before(s, "DELETE FROM port_hour WHERE hour < ?1", hour);
	if (rc != SQLITE_OK)
		store_error_from_sqlite(error, s->file.path, rc, sqlite3_errmsg(s->file.db));
	return rc == SQLITE_OK;
}

sqlite3 *store_database(const struct store *s)
{
	return s->file.db;
}

const char *store_path(const struct store *s)
{
	return s->file.path;
}
