/* SPDX-License-Identifier: ISC */
#include "store/store_insert.h"

#include <assert.h>

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

#define INSERT_INCIDENT(number)                                                                    \
	("INSERT INTO incident (number, id, first, last, opened, changed, state, level, class,"    \
	 " kind, src, src_block, dst, packets, targets, sources_count, summary, json)"             \
	 " VALUES (" number                                                                        \
	 ", ?1, ?2, ?3, ?4, ?4, ?5, ?6, ?7, ?8, ?9, ?10, ?11, ?12, ?13, ?14, ?15, ?16)"            \
	 " ON CONFLICT (id) DO UPDATE SET first = min(first, excluded.first),"                     \
	 " last = max(last, excluded.last), changed = excluded.changed, state = excluded.state,"   \
	 " level = excluded.level, class = excluded.class, kind = excluded.kind,"                  \
	 " src = excluded.src, src_block = excluded.src_block, dst = excluded.dst,"                \
	 " packets = excluded.packets, targets = excluded.targets,"                                \
	 " sources_count = excluded.sources_count, summary = excluded.summary,"                    \
	 " json = excluded.json RETURNING number")

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

_Static_assert(STATEMENTS == STORE_INSERT_STATEMENTS, "a place for each");

void store_insert_clear(struct store_insert *s)
{
	for (int i = 0; i < STATEMENTS; i++)
		sqlite3_finalize(s->statements[i]);
	*s = (struct store_insert){0};
}

/* The statement, ready for binding; null if it cannot be made. */
static sqlite3_stmt *get_statement(struct store_insert *s, enum statement which)
{
	if (s->statements[which] == NULL)
		sqlite3_prepare_v3(s->db, statement_texts[which], -1, SQLITE_PREPARE_PERSISTENT,
			&s->statements[which], NULL);
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

static int write_change(struct store_insert *s, sqlite3_int64 number, const struct store_telling *t,
	uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_CHANGE);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	sqlite3_bind_int64(q, 1, number);
	sqlite3_bind_int64(q, 2, t->incident.now.us);
	sqlite3_bind_int(q, 3, (int)t->incident.state);
	sqlite3_bind_int(q, 4, t->incident.level);
	bind_text(q, 5, incident_kind_name(t->incident.kind));
	bind_text(q, 6, t->json);
	sqlite3_bind_int64(q, 7, recorded);
	return run(q);
}

static int write_sources(
	struct store_insert *s, sqlite3_int64 number, const struct store_telling *t)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_SOURCE);
	int rc = q == NULL ? sqlite3_errcode(s->db) : SQLITE_OK;
	for (unsigned i = 0; rc == SQLITE_OK && i < t->source_count; i++) {
		sqlite3_bind_int64(q, 1, number);
		bind_text(q, 2, addr_to_text(&t->sources[i]).text);
		rc = run(q);
	}
	return rc;
}

static int write_telling(struct store_insert *s, const struct store_telling *t, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(
		s, s->keeps_numbers ? STATEMENT_INCIDENT_NUMBERED : STATEMENT_INCIDENT);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	bind_incident(q, t);
	sqlite3_int64 number = 0;
	if (sqlite3_step(q) == SQLITE_ROW)
		number = sqlite3_column_int64(q, 0);
	int rc = run(q);
	if (rc == SQLITE_OK)
		rc = write_change(s, number, t, recorded);
	return rc == SQLITE_OK ? write_sources(s, number, t) : rc;
}

static int write_port(struct store_insert *s, enum statement which, uint32_t when,
	const struct store_port_count *c, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, which);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	sqlite3_bind_int64(q, 1, when);
	sqlite3_bind_int(q, 2, c->proto);
	sqlite3_bind_int(q, 3, c->port);
	bind_count(q, 4, c->packets);
	bind_count(q, 5, c->touches);
	sqlite3_bind_int64(q, 6, recorded);
	return run(q);
}

static int write_source(
	struct store_insert *s, const struct store_source_count *c, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_SOURCE_DAY);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	sqlite3_bind_int64(q, 1, c->day);
	bind_text(q, 2, addr_to_text(&c->src).text);
	bind_count(q, 3, c->packets);
	bind_count(q, 4, c->targets);
	sqlite3_bind_int64(q, 5, recorded);
	return run(q);
}

static int write_knock(struct store_insert *s, const struct store_knock *k, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_KNOCK);
	if (q == NULL)
		return sqlite3_errcode(s->db);
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

static int write_import(
	struct store_insert *s, const struct store_file_import *in, uint32_t recorded)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_IMPORT);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	bind_text(q, 1, journal_hash_to_text(&in->file.sum).text);
	bind_count(q, 2, in->file.bytes);
	bind_text(q, 3, in->file.name);
	sqlite3_bind_int64(q, 4, in->at.us);
	sqlite3_bind_int(q, 5, in->file.whole);
	sqlite3_bind_int64(q, 6, recorded);
	return run(q);
}

int store_insert_row(struct store_insert *s, const struct store_row *row)
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

int store_insert_meta(struct store_insert *s, const char *key, const char *value)
{
	sqlite3_stmt *q = get_statement(s, STATEMENT_META);
	if (q == NULL)
		return sqlite3_errcode(s->db);
	bind_text(q, 1, key);
	bind_text(q, 2, value);
	return run(q);
}
