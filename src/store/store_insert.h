/* SPDX-License-Identifier: ISC */
/*
 * store_insert - writes rows into the tables of knockwatch.db: what each kind of row means there.
 *
 * Statements are prepared when they are first needed. The caller has the transaction.
 */
#ifndef KW_STORE_STORE_INSERT_H
#define KW_STORE_STORE_INSERT_H

#include "store/store_queue.h"

#include <sqlite3.h>

#define STORE_INSERT_STATEMENTS 10

struct store_insert {
	sqlite3 *db;        /* borrowed */
	bool keeps_numbers; /* incidents keep the numbers that they have in temp.number_of */
	sqlite3_stmt *statements[STORE_INSERT_STATEMENTS];
};

/* Frees the statements; before the database is closed. */
void store_insert_clear(struct store_insert *s);

/* Each returns an SQLite result code. */
int store_insert_row(struct store_insert *s, const struct store_row *row);
int store_insert_meta(struct store_insert *s, const char *key, const char *value);

#endif
