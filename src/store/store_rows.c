/* SPDX-License-Identifier: ISC */
#include "store/store_rows.h"

#include "base/memory.h"

#include <stdio.h>

static void tell(const struct store *s, struct store_error *error)
{
	sqlite3 *db = store_database(s);
	store_error_from_sqlite(error, store_path(s), sqlite3_errcode(db), sqlite3_errmsg(db));
}

sqlite3_stmt *store_rows_prepare(const struct store *s, const char *sql, struct store_error *error)
{
	sqlite3_stmt *statement = NULL;
	if (sqlite3_prepare_v2(store_database(s), sql, -1, &statement, NULL) == SQLITE_OK)
		return statement;
	tell(s, error);
	return NULL;
}

bool store_rows_each(const struct store *s, sqlite3_stmt *statement, store_rows_take *take,
	void *context, struct store_error *error)
{
	int rc = sqlite3_step(statement);
	while (rc == SQLITE_ROW && take(context, statement))
		rc = sqlite3_step(statement);
	bool ok = rc == SQLITE_ROW || rc == SQLITE_DONE;
	if (!ok)
		tell(s, error);
	sqlite3_finalize(statement);
	return ok;
}

void store_rows_bind_text(sqlite3_stmt *statement, int index, const char *text)
{
	if (text == NULL)
		sqlite3_bind_null(statement, index);
	else
		sqlite3_bind_text(statement, index, text, -1, SQLITE_TRANSIENT);
}

void store_rows_copy_text(sqlite3_stmt *row, int column, char *out, size_t size)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	snprintf(out, size, "%s", text != NULL ? text : "");
}

char *store_rows_dup_text(sqlite3_stmt *row, int column)
{
	const char *text = (const char *)sqlite3_column_text(row, column);
	return memory_strdup(text != NULL ? text : "");
}

uint64_t store_rows_count(sqlite3_stmt *row, int column)
{
	sqlite3_int64 n = sqlite3_column_int64(row, column);
	return n > 0 ? (uint64_t)n : 0;
}

void *store_rows_grow(void *rows, size_t count, size_t size)
{
	bool full = count == 0 || (count >= 8 && (count & (count - 1)) == 0);
	if (!full)
		return rows;
	return memory_realloc(rows, (count == 0 ? 8 : count * 2) * size);
}
