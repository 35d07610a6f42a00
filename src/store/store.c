/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include "base/memory.h"
#include "store/store_file.h"

#include <assert.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

enum statement {
	STATEMENT_INCIDENT,
	STATEMENT_INCIDENT_NUMBERED,
	STATEMENT_CHANGE,
	STATEMENT_SOURCE,
	STATEMENT_PORT_HOUR,
	STATEMENT_PORT_DAY,
	STATEMENT_SOURCE_DAY,
	STATEMENT_KNOCK,
	STATEMENT_META,
	STATEMENT_IMPORT,
	STATEMENTS
};

#define INSERT_INCIDENT(number)                                                                      \
	"INSERT INTO incident (number, id, first, last, opened, changed, state, level, class, kind," \
	" src, src_block, dst, packets, targets, sources_count, summary, json)"                      \
	" VALUES (" number                                                                           \
	", ?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"               \
	" ON CONFLICT (id) DO UPDATE SET first = min(first, excluded.first),"                        \
	" last = max(last, excluded.last), changed = excluded.changed, state = excluded.state,"      \
	" level = excluded.level, class = excluded.class, kind = excluded.kind,"                     \
	" src = excluded.src, src_block = excluded.src_block, dst = excluded.dst,"                   \
	" packets = excluded.packets, targets = excluded.targets,"                                   \
	" sources_count = excluded.sources_count, summary = excluded.summary,"                       \
	" json = excluded.json RETURNING number"

/* The number it had, or one that nobody has or had. */
#define NUMBER_OF                                                                                  \
	"ifnull((SELECT number FROM temp.number_of WHERE id = ?1),"                                \
	" 1 + max((SELECT ifnull(max(number), 0) FROM incident),"                                  \
	" (SELECT ifnull(max(number), 0) FROM temp.number_of)))"

static const char *const statement_texts[STATEMENTS] = {
	[STATEMENT_INCIDENT] = INSERT_INCIDENT("NULL"),
	[STATEMENT_INCIDENT_NUMBERED] = INSERT_INCIDENT(NUMBER_OF),
	[STATEMENT_CHANGE] =
		"INSERT OR REPLACE INTO incident_change VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?7)",
	[STATEMENT_IMPORT] = "INSERT INTO import VALUES (?1, ?2, ?3, ?4, ?5, ?6)"
			     " ON CONFLICT DO UPDATE SET whole = max(whole, excluded.whole)",
	[STATEMENT_META] = "INSERT OR REPLACE INTO meta VALUES (?1, ?2)",
	[STATEMENT_SOURCE] =
		"INSERT OR IGNORE INTO incident_source (incident, address) VALUES (?1, ?2)",
	[STATEMENT_PORT_HOUR] = "INSERT INTO port_hour VALUES (?1, ?2, ?3, ?6, ?4, ?5)"
				" ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,"
				" touches = touches + excluded.touches",
	[STATEMENT_PORT_DAY] = "INSERT INTO port_day VALUES (?1, ?2, ?3, ?6, ?4, ?5)"
			       " ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,"
			       " touches = touches + excluded.touches",
	[STATEMENT_SOURCE_DAY] = "INSERT INTO source_day VALUES (?1, ?2, ?5, ?3, ?4)"
				 " ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,"
				 " targets = targets + excluded.targets",
	[STATEMENT_KNOCK] = "INSERT INTO knock VALUES (?1, ?2, ?3, ?4, ?5, ?6, ?10, ?7, ?8, ?9)"
			    " ON CONFLICT DO UPDATE SET packets = packets + excluded.packets,"
			    " first = min(first, excluded.first), last = max(last, excluded.last)",
};

struct store {
	struct store_file file;
	bool read_only;
	sqlite3_stmt *statements[STATEMENTS]; /* prepared when first needed */
	bool keeps_numbers;
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
	if (store_file_open(&s->file, dir, read_only, error))
		return s;
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
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->statements[i]);
	store_queue_clear(&s->queue);
	store_file_close(&s->file);
	free(s);
	return ok;
}

/* The statement, ready for binding; null if it cannot be made. */
static sqlite3_stmt *get_statement(struct store *s, enum statement which)
{
	if (s->statements[which] == NULL)
		sqlite3_prepare_v3(s->file.db, statement_texts[which], -1,
			SQLITE_PREPARE_PERSISTENT, &s->statements[which], NULL);
	return s->statements[which];
}

/* Runs a bound statement to its end. */
static int run(sqlite3_stmt *statement)
{
	int rc = sqlite3_step(statement);
	while (rc == SQLITE_ROW)
		rc = sqlite3_step(statement);
	return sqlite3_reset(statement);
}

static void bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

static void bind_count(sqlite3_stmt *statement, int index, uint64_t count)
{
	sqlite3_bind_int64(
		statement, index, (sqlite3_int64)(count < INT64_MAX ? count : INT64_MAX));
}

static void bind_addr(sqlite3_stmt *statement, int index, const struct addr *a)
{
	if (addr_is_none(a))
		sqlite3_bind_null(statement, index);
	else
		bind_text(statement, index, addr_to_text(a).text);
}

static void bind_incident(sqlite3_stmt *q, const struct store_telling *t)
{
	const struct incident *in = &t->incident;
	bool block = !addr_is_none(&in->src_prefix.base) && in->src_prefix.length_bits < 128;
	bind_text(q, 1, in->id.text);
	sqlite3_bind_int64(q, 2, in->first.us);
	sqlite3_bind_int64(q, 3, in->last.us);
	sqlite3_bind_int64(q, 4, in->now.us);
	sqlite3_bind_int(q, 5, (int)in->state);
	sqlite3_bind_int(q, 6, in->level);
	bind_text(q, 7, incident_class_name(in->class));
	bind_text(q, 8, incident_kind_name(in->kind));
	bind_addr(q, 9, &in->src);
	if (block)
		bind_text(q, 10, prefix_to_text(&in->src_prefix).text);
	else
		sqlite3_bind_null(q, 10);
	bind_addr(q, 11, &in->dst);
	bind_count(q, 12, in->packets);
	bind_count(q, 13, in->targets_count);
	bind_count(q, 14, in->sources_count);
	bind_text(q, 15, t->summary);
	bind_text(q, 16, t->json);
}

static int write_change(
	struct store *s, sqlite3_int64 number, const struct store_telling *t, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_CHANGE);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	sqlite3_bind_int64(q, 1, number);
	sqlite3_bind_int64(q, 2, t->incident.now.us);
	sqlite3_bind_int(q, 3, (int)t->incident.state);
	sqlite3_bind_int(q, 4, t->incident.level);
	bind_text(q, 5, incident_kind_name(t->incident.kind));
	bind_text(q, 6, t->json);
	sqlite3_bind_int64(q, 7, recorded);
	return run(q);
}

static int write_sources(struct store *s, sqlite3_int64 number, const struct store_telling *t)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_SOURCE);
	int rc = q == NULL ? sqlite3_errcode(s->file.db) : SQLITE_OK;
	for (unsigned i = 0; rc == SQLITE_OK && i < t->source_count; i++) {
		sqlite3_bind_int64(q, 1, number);
		bind_text(q, 2, addr_to_text(&t->sources[i]).text);
		rc = run(q);
	}
	return rc;
}

static int write_telling(struct store *s, const struct store_telling *t, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(
		s, s->keeps_numbers ? STATEMENT_INCIDENT_NUMBERED : STATEMENT_INCIDENT);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	bind_incident(q, t);
	sqlite3_int64 number = 0;
	if (sqlite3_step(q) == SQLITE_ROW)
		number = sqlite3_column_int64(q, 0);
	int rc = run(q);
	if (rc == SQLITE_OK)
		rc = write_change(s, number, t, recorded);
	return rc == SQLITE_OK ? write_sources(s, number, t) : rc;
}

static int write_port(struct store *s, enum statement which, uint32_t when,
	const struct store_port_count *c, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, which);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	sqlite3_bind_int64(q, 1, when);
	sqlite3_bind_int(q, 2, c->proto);
	sqlite3_bind_int(q, 3, c->port);
	bind_count(q, 4, c->packets);
	bind_count(q, 5, c->touches);
	sqlite3_bind_int64(q, 6, recorded);
	return run(q);
}

static int write_source(struct store *s, const struct store_source_count *c, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_SOURCE_DAY);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	sqlite3_bind_int64(q, 1, c->day);
	bind_text(q, 2, addr_to_text(&c->src).text);
	bind_count(q, 3, c->packets);
	bind_count(q, 4, c->targets);
	sqlite3_bind_int64(q, 5, recorded);
	return run(q);
}

static int write_knock(struct store *s, const struct store_knock *k, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_KNOCK);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	sqlite3_bind_int64(q, 1, k->day);
	bind_text(q, 2, addr_to_text(&k->src).text);
	bind_text(q, 3, addr_to_text(&k->dst).text);
	sqlite3_bind_int(q, 4, k->proto);
	sqlite3_bind_int(q, 5, k->port);
	sqlite3_bind_int(q, 6, k->probe);
	bind_count(q, 7, k->packets);
	sqlite3_bind_int64(q, 8, k->first.us);
	sqlite3_bind_int64(q, 9, k->last.us);
	sqlite3_bind_int64(q, 10, recorded);
	return run(q);
}

static int write_import(struct store *s, const struct store_file_import *in, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_IMPORT);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	bind_text(q, 1, journal_hash_to_text(&in->file.sum).text);
	bind_count(q, 2, in->file.bytes);
	bind_text(q, 3, in->file.name);
	sqlite3_bind_int64(q, 4, in->at.us);
	sqlite3_bind_int(q, 5, in->file.whole);
	sqlite3_bind_int64(q, 6, recorded);
	return run(q);
}

static int write_row(struct store *s, const struct store_row *row)
{
	int rc;
	switch (row->kind) {
	case STORE_ROW_TELLING:
		return write_telling(s, row->of.telling, row->recorded);
	case STORE_ROW_PORT:
		rc = write_port(
			s, STATEMENT_PORT_HOUR, row->of.port.hour, &row->of.port, row->recorded);
		return rc != SQLITE_OK ? rc
				       : write_port(s, STATEMENT_PORT_DAY, row->of.port.hour / 24,
						 &row->of.port, row->recorded);
	case STORE_ROW_SOURCE:
		return write_source(s, &row->of.source, row->recorded);
	case STORE_ROW_KNOCK:
		return write_knock(s, &row->of.knock, row->recorded);
	case STORE_ROW_IMPORT:
		return write_import(s, row->of.import, row->recorded);
	}
	return SQLITE_MISUSE;
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
		int rc = write_row(s, &s->queue.rows[i]);
		if (is_rows_own_fault(rc))
			(*unstorable)++;
		else if (rc != SQLITE_OK)
			return rc;
	}
	return SQLITE_OK;
}

static int write_meta(struct store *s, const char *key, const char *value)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_META);
	if (q == NULL)
		return sqlite3_errcode(s->file.db);
	bind_text(q, 1, key);
	bind_text(q, 2, value);
	return run(q);
}

/* Up to which record the journal is contained, with the rows of that record. */
static int write_place(struct store *s)
{
	char seq[24];
	if (!s->place_changed)
		return SQLITE_OK;
	snprintf(seq, sizeof seq, "%llu", (unsigned long long)s->place.seq);
	int rc = write_meta(s, "journal_seq", seq);
	return rc == SQLITE_OK
		       ? write_meta(s, "journal_hash", journal_hash_to_text(&s->place.hash).text)
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
	s->keeps_numbers = true;
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
	bind_text(q, 1, key);
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
