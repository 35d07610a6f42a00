/* SPDX-License-Identifier: ISC */
#include "store/store_query.h"

#include "base/text_buffer.h"
#include "net/prefix.h"
#include "store/store_rows.h"

#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>

#define INCIDENT_COLUMNS                                                                           \
	"SELECT number, id, first, last, opened, changed, state, level, class, kind, src, "        \
	"src_block,"                                                                               \
	" dst, packets, targets, sources_count, summary, json FROM incident "

enum {
	NAMED_MAX = 10,        /* rows of an ambiguous name: enough to choose from */
	BLOCK_BITS_MIN_V4 = 8, /* larger blocks are never scored as one source */
	BLOCK_BITS_MIN_V6 = 32,
};

static struct wall_time column_time(sqlite3_stmt *row, int column)
{
	return (struct wall_time){sqlite3_column_int64(row, column)};
}

static enum incident_state column_state(sqlite3_stmt *row, int column)
{
	int n = sqlite3_column_int(row, column);
	return n >= 0 && n < INCIDENT_STATES ? (enum incident_state)n : INCIDENT_UPDATE;
}

static int column_level(sqlite3_stmt *row, int column)
{
	int n = sqlite3_column_int(row, column);
	return n < 0 ? 0 : n > 5 ? 5 : n;
}

/* A list that stops at its limit and knows that there was more. */
struct incident_take {
	struct store_incidents *list;
	size_t limit;
};

static bool take_incident(void *context, sqlite3_stmt *row)
{
	struct incident_take *take = context;
	struct store_incidents *list = take->list;
	if (list->count == take->limit) {
		list->more = true;
		return false;
	}
	list->rows = store_rows_grow(list->rows, list->count, sizeof *list->rows);
	struct store_incident *in = &list->rows[list->count++];
	memset(in, 0, sizeof *in);
	in->number = sqlite3_column_int64(row, 0);
	store_rows_copy_text(row, 1, in->id.text, sizeof in->id.text);
	in->first = column_time(row, 2);
	in->last = column_time(row, 3);
	in->opened = column_time(row, 4);
	in->changed = column_time(row, 5);
	in->state = column_state(row, 6);
	in->level = column_level(row, 7);
	store_rows_copy_text(row, 8, in->class, sizeof in->class);
	store_rows_copy_text(row, 9, in->kind, sizeof in->kind);
	store_rows_copy_text(row, 10, in->src, sizeof in->src);
	store_rows_copy_text(row, 11, in->src_block, sizeof in->src_block);
	store_rows_copy_text(row, 12, in->dst, sizeof in->dst);
	in->packets = store_rows_count(row, 13);
	in->targets = store_rows_count(row, 14);
	in->sources_count = store_rows_count(row, 15);
	in->summary = store_rows_dup_text(row, 16);
	in->json = store_rows_dup_text(row, 17);
	return true;
}

static bool walk_incidents(const struct store *s, sqlite3_stmt *statement, size_t limit,
	struct store_incidents *out, struct store_error *error)
{
	struct incident_take take = {out, limit};
	*out = (struct store_incidents){0};
	if (store_rows_each(s, statement, take_incident, &take, error))
		return true;
	store_incidents_clear(out);
	return false;
}

/* Every block that can hold the address, as a JSON list of texts: ["192.0.2.0/24", ...]. */
static void write_blocks(const struct addr *a, struct text_buffer *b)
{
	unsigned max = addr_is_v4(a) ? 32 : 128;
	unsigned min = addr_is_v4(a) ? BLOCK_BITS_MIN_V4 : BLOCK_BITS_MIN_V6;
	text_buffer_add(b, "[");
	for (unsigned bits = min; bits < max; bits++) {
		struct prefix p = prefix_of(a, bits);
		text_buffer_printf(b, "%s\"%s\"", bits == min ? "" : ",", prefix_to_text(&p).text);
	}
	text_buffer_add(b, "]");
}

bool store_query_incidents(const struct store *s, const struct store_incident_filter *filter,
	struct store_incidents *out, struct store_error *error)
{
	static const char sql[] = INCIDENT_COLUMNS
		"WHERE (?1 = 0 OR last >= ?1) AND (?2 = 0 OR first < ?2) AND level >= ?3"
		" AND (?4 IS NULL OR class = ?4) AND (?5 = 0 OR state <> ?6)"
		" ORDER BY last DESC, number DESC";
	static const char sql_of_address[] = INCIDENT_COLUMNS
		"WHERE number IN (SELECT number FROM incident WHERE src = ?7 UNION"
		" SELECT number FROM incident WHERE src_block IN (SELECT value FROM json_each(?8)) "
		"UNION"
		" SELECT incident FROM incident_source WHERE address = ?7)"
		" AND (?1 = 0 OR last >= ?1) AND (?2 = 0 OR first < ?2) AND level >= ?3"
		" AND (?4 IS NULL OR class = ?4) AND (?5 = 0 OR state <> ?6)"
		" ORDER BY last DESC, number DESC";
	const struct addr *a = filter->address;
	sqlite3_stmt *q = store_rows_prepare(s, a != NULL ? sql_of_address : sql, error);
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, filter->since.us);
	sqlite3_bind_int64(q, 2, filter->until.us);
	sqlite3_bind_int(q, 3, filter->min_level);
	store_rows_bind_text(q, 4, filter->class);
	sqlite3_bind_int(q, 5, filter->open_only);
	sqlite3_bind_int(q, 6, INCIDENT_CLOSE);
	if (a != NULL) {
		char blocks[128 * 60]; /* one text of at most 56 and its quotes for each length */
		struct text_buffer b = text_buffer_over(blocks, sizeof blocks);
		write_blocks(a, &b);
		store_rows_bind_text(q, 7, addr_to_text(a).text);
		store_rows_bind_text(q, 8, blocks);
	}
	size_t limit = filter->limit != 0 && filter->limit < STORE_QUERY_LIMIT_MAX
			       ? filter->limit
			       : STORE_QUERY_LIMIT_MAX;
	return walk_incidents(s, q, limit, out, error);
}

/* "12" and "#12" are numbers; ids begin with 0 for the next thousand years, so "012" is one. */
static bool read_number(const char *name, int64_t *out)
{
	bool marked = *name == '#';
	const char *p = name + marked;
	size_t length = strspn(p, "0123456789");
	if (length == 0 || length > 15 || p[length] != '\0' || (*p == '0' && !marked))
		return false;
	*out = strtoll(p, NULL, 10);
	return true;
}

bool store_query_incident_named(const struct store *s, const char *name,
	struct store_incidents *out, struct store_error *error)
{
	int64_t number;
	bool by_number = read_number(name, &number);
	/* An id is an index of its own; 'z' sorts behind every character of base 32. */
	sqlite3_stmt *q = store_rows_prepare(s,
		by_number ? INCIDENT_COLUMNS "WHERE number = ?1"
			  : INCIDENT_COLUMNS
			"WHERE id >= upper(?1) AND id < upper(?1) || 'z' ORDER BY id",
		error);
	if (q == NULL)
		return false;
	if (by_number)
		sqlite3_bind_int64(q, 1, number);
	else
		store_rows_bind_text(q, 1, *name != '\0' ? name : "z");
	return walk_incidents(s, q, NAMED_MAX, out, error);
}

void store_incidents_clear(struct store_incidents *list)
{
	for (size_t i = 0; i < list->count; i++) {
		free(list->rows[i].summary);
		free(list->rows[i].json);
	}
	free(list->rows);
	*list = (struct store_incidents){0};
}

static bool take_change(void *context, sqlite3_stmt *row)
{
	struct store_changes *list = context;
	if (list->count == STORE_QUERY_LIMIT_MAX)
		return false;
	list->rows = store_rows_grow(list->rows, list->count, sizeof *list->rows);
	struct store_change *c = &list->rows[list->count++];
	c->at = column_time(row, 0);
	c->state = column_state(row, 1);
	c->level = column_level(row, 2);
	store_rows_copy_text(row, 3, c->kind, sizeof c->kind);
	c->json = store_rows_dup_text(row, 4);
	return true;
}

bool store_query_changes(
	const struct store *s, int64_t number, struct store_changes *out, struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		"SELECT at, state, level, kind, json FROM incident_change WHERE incident = ?1"
		" ORDER BY at, state",
		error);
	if (q == NULL)
		return false;
	*out = (struct store_changes){0};
	sqlite3_bind_int64(q, 1, number);
	if (store_rows_each(s, q, take_change, out, error))
		return true;
	store_changes_clear(out);
	return false;
}

void store_changes_clear(struct store_changes *list)
{
	for (size_t i = 0; i < list->count; i++)
		free(list->rows[i].json);
	free(list->rows);
	*list = (struct store_changes){0};
}

struct knock_take {
	struct store_knocks *list;
	size_t limit;
	struct addr src;
};

static bool take_knock(void *context, sqlite3_stmt *row)
{
	struct knock_take *take = context;
	struct store_knocks *list = take->list;
	if (list->count == take->limit) {
		list->more = true;
		return false;
	}
	const char *dst = (const char *)sqlite3_column_text(row, 1);
	list->rows = store_rows_grow(list->rows, list->count, sizeof *list->rows);
	struct store_knock *k = &list->rows[list->count++];
	memset(k, 0, sizeof *k);
	k->src = take->src;
	k->day = (uint32_t)sqlite3_column_int64(row, 0);
	if (dst != NULL)
		(void)addr_parse(dst, strlen(dst), &k->dst);
	k->proto = (uint8_t)sqlite3_column_int(row, 2);
	k->port = (uint16_t)sqlite3_column_int(row, 3);
	k->probe = (uint8_t)sqlite3_column_int(row, 4);
	k->packets = store_rows_count(row, 5);
	k->first = column_time(row, 6);
	k->last = column_time(row, 7);
	return true;
}

/* Days from the first to the last of a table, one by one: each is then one look-up for an address.
 */
#define DAYS_OF(table)                                                                             \
	"WITH RECURSIVE days (x) AS (SELECT min(day) FROM " table                                  \
	" UNION ALL SELECT x + 1 FROM days WHERE x < (SELECT max(day) FROM " table ")) "

bool store_query_knocks(const struct store *s, const struct addr *src, unsigned limit,
	struct store_knocks *out, struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		DAYS_OF("knock") "SELECT day, dst, proto, port, probe, sum(packets), min(first),"
				 " max(last) AS latest"
				 " FROM days CROSS JOIN knock ON day = x AND src = ?1"
				 " GROUP BY day, dst, proto, port, probe"
				 " ORDER BY latest DESC, dst, proto, port, probe",
		error);
	if (q == NULL)
		return false;
	*out = (struct store_knocks){0};
	store_rows_bind_text(q, 1, addr_to_text(src).text);
	bool bounded = limit != 0 && limit < STORE_QUERY_LIMIT_MAX;
	struct knock_take take = {out, bounded ? limit : STORE_QUERY_LIMIT_MAX, *src};
	if (store_rows_each(s, q, take_knock, &take, error))
		return true;
	store_knocks_clear(out);
	return false;
}

void store_knocks_clear(struct store_knocks *list)
{
	free(list->rows);
	*list = (struct store_knocks){0};
}

static bool take_day(void *context, sqlite3_stmt *row)
{
	struct store_days *list = context;
	if (list->count == STORE_QUERY_LIMIT_MAX)
		return false;
	list->rows = store_rows_grow(list->rows, list->count, sizeof *list->rows);
	list->rows[list->count++] = (struct store_day){(uint32_t)sqlite3_column_int64(row, 0),
		store_rows_count(row, 1), store_rows_count(row, 2)};
	return true;
}

bool store_query_days(const struct store *s, const struct addr *src, struct store_days *out,
	struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		DAYS_OF("source_day") "SELECT day, sum(packets), sum(targets) FROM days"
				      " CROSS JOIN source_day ON day = x AND src = ?1"
				      " GROUP BY day ORDER BY day",
		error);
	if (q == NULL)
		return false;
	*out = (struct store_days){0};
	store_rows_bind_text(q, 1, addr_to_text(src).text);
	if (store_rows_each(s, q, take_day, out, error))
		return true;
	store_days_clear(out);
	return false;
}

void store_days_clear(struct store_days *list)
{
	free(list->rows);
	*list = (struct store_days){0};
}

static bool take_totals(void *context, sqlite3_stmt *row)
{
	struct store_totals *t = context;
	uint64_t *const columns[] = {&t->incidents, &t->open, &t->by_level[0], &t->by_level[1],
		&t->by_level[2], &t->by_level[3], &t->by_level[4], &t->by_level[5],
		&t->packets_today, &t->sources_today, &t->packets_yesterday, &t->sources_yesterday,
		&t->packets, &t->ports};
	int count = sizeof columns / sizeof columns[0];
	for (int i = 0; i < count; i++)
		*columns[i] = store_rows_count(row, i);
	t->first_day = (uint32_t)store_rows_count(row, count);
	t->last_day = (uint32_t)store_rows_count(row, count + 1);
	return false;
}

bool store_query_totals(const struct store *s, struct wall_time now, struct store_totals *out,
	struct store_error *error)
{
	static const char sql[] =
		"SELECT (SELECT count(*) FROM incident),"
		" (SELECT count(*) FROM incident WHERE state <> ?2),"
		" (SELECT count(*) FROM incident WHERE level = 0),"
		" (SELECT count(*) FROM incident WHERE level = 1),"
		" (SELECT count(*) FROM incident WHERE level = 2),"
		" (SELECT count(*) FROM incident WHERE level = 3),"
		" (SELECT count(*) FROM incident WHERE level = 4),"
		" (SELECT count(*) FROM incident WHERE level = 5),"
		" (SELECT sum(packets) FROM source_day WHERE day = ?1),"
		" (SELECT count(DISTINCT src) FROM source_day WHERE day = ?1),"
		" (SELECT sum(packets) FROM source_day WHERE day = ?1 - 1),"
		" (SELECT count(DISTINCT src) FROM source_day WHERE day = ?1 - 1),"
		" (SELECT sum(packets) FROM port_day),"
		" (SELECT count(*) FROM (SELECT DISTINCT proto, port FROM port_day)),"
		" (SELECT min(day) FROM port_day), (SELECT max(day) FROM port_day)";
	struct stat st;
	sqlite3_stmt *q = store_rows_prepare(s, sql, error);
	if (q == NULL)
		return false;
	*out = (struct store_totals){0};
	sqlite3_bind_int64(q, 1, wall_time_seconds(now) / 86400);
	sqlite3_bind_int(q, 2, INCIDENT_CLOSE);
	if (!store_rows_each(s, q, take_totals, out, error))
		return false;
	if (stat(store_path(s), &st) == 0)
		out->file_bytes = (uint64_t)st.st_size;
	return true;
}
