/* SPDX-License-Identifier: ISC */
/*
 * store_rows - runs one SELECT and hands its rows to a function.
 *
 * Parameters are bound by the caller between store_rows_prepare and store_rows_each.
 */
#ifndef KW_STORE_STORE_ROWS_H
#define KW_STORE_STORE_ROWS_H

#include "store/store.h"

#include <stdbool.h>

#include <sqlite3.h>

/* Null with the reason in `error`. */
sqlite3_stmt *store_rows_prepare(const struct store *s, const char *sql, struct store_error *error);

/* Takes one row; false ends the walk early. */
typedef bool store_rows_take(void *context, sqlite3_stmt *row);

/* Walks all rows and finalizes the statement, also on failure. */
bool store_rows_each(const struct store *s, sqlite3_stmt *statement, store_rows_take *take,
	void *context, struct store_error *error);

/* The bound text; null binds NULL. */
void store_rows_bind_text(sqlite3_stmt *statement, int index, const char *text);
/* Copies a text column, cut to `size`; "" for NULL. */
void store_rows_copy_text(sqlite3_stmt *row, int column, char *out, size_t size);
/* A heap copy of a text column; "" for NULL. */
char *store_rows_dup_text(sqlite3_stmt *row, int column);
/* A column as a count; negative numbers, which we never write, count as 0. */
uint64_t store_rows_count(sqlite3_stmt *row, int column);

/* Makes room for one more element of `size` bytes in an array that grows by doubling. */
void *store_rows_grow(void *rows, size_t count, size_t size);

#endif
