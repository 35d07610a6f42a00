/* SPDX-License-Identifier: ISC */
/*
 * Three questions: who is on top (one pass over the range), each of these port by port and day by
 * day (look-ups by the whole key), and the sums of the columns (one more pass). A pivot in one
 * statement would carry all ports through every column.
 */
#include "store/store_ports.h"

#include "store/store_rows.h"

#include <assert.h>
#include <stdlib.h>

/* The first day of the month that lies `back` months before that of `day`. */
static uint32_t month_start(uint32_t day, unsigned back)
{
	int64_t year;
	int month, dom;
	clock_civil_from_days(day, &year, &month, &dom);
	int64_t months = year * 12 + (month - 1) - (int64_t)back;
	int64_t start = clock_days_from_civil(months / 12, (int)(months % 12) + 1, 1);
	return start > 0 ? (uint32_t)start : 0;
}

static uint32_t day_start(uint32_t day, unsigned back)
{
	return day > back ? day - back : 0;
}

static void lay_columns(const struct store_ports_question *q, struct store_ports *out)
{
	bool months = q->by == STORE_PORTS_BY_MONTH;
	out->columns = q->columns;
	for (unsigned i = 0; i < q->columns; i++) {
		unsigned back = q->columns - 1 - i;
		out->starts[i] =
			months ? month_start(q->last_day, back) : day_start(q->last_day, back);
	}
	/* 31 days behind the first of a month lies in the next one. */
	out->starts[q->columns] =
		months ? month_start(out->starts[q->columns - 1] + 31, 0) : q->last_day + 1;
}

static unsigned column_of_day(const struct store_ports *p, uint32_t day)
{
	unsigned c = 0;
	while (c + 1 < p->columns && day >= p->starts[c + 1])
		c++;
	return c;
}

static bool take_top(void *context, sqlite3_stmt *row)
{
	struct store_ports *p = context;
	p->rows = store_rows_grow(p->rows, p->count, sizeof *p->rows);
	p->rows[p->count++] = (struct store_ports_row){.proto = (uint8_t)sqlite3_column_int(row, 0),
		.port = (uint16_t)sqlite3_column_int(row, 1),
		.touches_sum = store_rows_count(row, 2),
		.packets_sum = store_rows_count(row, 3)};
	return true;
}

static bool ask_top(const struct store *s, const struct store_ports_question *question,
	struct store_ports *out, struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		"SELECT proto, port, sum(touches) AS t, sum(packets) FROM port_day"
		" WHERE day >= ?1 AND day < ?2 GROUP BY proto, port ORDER BY t DESC, proto, port "
		"LIMIT ?3",
		error);
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, out->starts[0]);
	sqlite3_bind_int64(q, 2, out->starts[out->columns]);
	sqlite3_bind_int64(q, 3, question->rows);
	return store_rows_each(s, q, take_top, out, error);
}

struct cell_take {
	const struct store_ports *table;
	uint64_t *cells; /* one for each column */
};

static bool take_cell(void *context, sqlite3_stmt *row)
{
	struct cell_take *take = context;
	uint32_t day = (uint32_t)sqlite3_column_int64(row, 0);
	take->cells[column_of_day(take->table, day)] += store_rows_count(row, 1);
	return true;
}

static bool ask_cells(const struct store *s, struct store_ports *p, struct store_ports_row *row,
	struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		"WITH RECURSIVE days (x) AS (SELECT ?1 UNION ALL SELECT x + 1 FROM days WHERE x + "
		"1 < ?2)"
		" SELECT day, touches FROM days CROSS JOIN port_day"
		" ON day = x AND proto = ?3 AND port = ?4",
		error);
	struct cell_take take = {p, row->touches};
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, p->starts[0]);
	sqlite3_bind_int64(q, 2, p->starts[p->columns]);
	sqlite3_bind_int(q, 3, row->proto);
	sqlite3_bind_int(q, 4, row->port);
	return store_rows_each(s, q, take_cell, &take, error);
}

static bool ask_column_sums(const struct store *s, struct store_ports *p, struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		"SELECT day, sum(touches) FROM port_day WHERE day >= ?1 AND day < ?2 GROUP BY day",
		error);
	struct cell_take take = {p, p->sums};
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, p->starts[0]);
	sqlite3_bind_int64(q, 2, p->starts[p->columns]);
	return store_rows_each(s, q, take_cell, &take, error);
}

static bool take_port_count(void *context, sqlite3_stmt *row)
{
	*(uint64_t *)context = store_rows_count(row, 0);
	return false;
}

static bool ask_port_count(const struct store *s, struct store_ports *p, struct store_error *error)
{
	sqlite3_stmt *q = store_rows_prepare(s,
		"SELECT count(*) FROM (SELECT DISTINCT proto, port FROM port_day"
		" WHERE day >= ?1 AND day < ?2)",
		error);
	if (q == NULL)
		return false;
	sqlite3_bind_int64(q, 1, p->starts[0]);
	sqlite3_bind_int64(q, 2, p->starts[p->columns]);
	return store_rows_each(s, q, take_port_count, &p->ports_all, error);
}

bool store_ports_ask(const struct store *s, const struct store_ports_question *question,
	struct store_ports *out, struct store_error *error)
{
	assert(question->columns >= 1 && question->columns <= STORE_PORTS_COLUMNS_MAX);
	assert(question->rows >= 1 && question->rows <= STORE_PORTS_ROWS_MAX);
	*out = (struct store_ports){0};
	lay_columns(question, out);
	bool ok = ask_top(s, question, out, error) && ask_column_sums(s, out, error) &&
		  ask_port_count(s, out, error);
	for (size_t i = 0; ok && i < out->count; i++)
		ok = ask_cells(s, out, &out->rows[i], error);
	for (unsigned i = 0; i < out->columns; i++)
		out->touches_all += out->sums[i];
	if (!ok)
		store_ports_clear(out);
	return ok;
}

void store_ports_clear(struct store_ports *p)
{
	free(p->rows);
	*p = (struct store_ports){0};
}
