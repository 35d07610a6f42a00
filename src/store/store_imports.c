/* SPDX-License-Identifier: ISC */
#include "store/store_imports.h"

#include "store/store_rows.h"

#include <stdlib.h>
#include <string.h>

static bool take_import(void *context, sqlite3_stmt *row)
{
	struct store_imports *list = context;
	struct store_import in = {.file = {.has_sum = true}};
	char sum[JOURNAL_HASH_DIGITS + 1];
	store_rows_copy_text(row, 0, sum, sizeof sum);
	in.file.bytes = store_rows_count(row, 1);
	store_rows_copy_text(row, 2, in.file.name, sizeof in.file.name);
	in.at.us = sqlite3_column_int64(row, 3);
	in.file.whole = sqlite3_column_int(row, 4) != 0;
	if (!journal_hash_parse(sum, strlen(sum), &in.file.sum))
		return true;
	list->rows = store_rows_grow(list->rows, list->count, sizeof *list->rows);
	list->rows[list->count++] = in;
	return list->count < STORE_IMPORTS_MAX;
}

bool store_imports_ask(const struct store *s, struct store_imports *out, struct store_error *error)
{
	*out = (struct store_imports){0};
	sqlite3_stmt *q = store_rows_prepare(
		s, "SELECT sha256, bytes, name, at, whole FROM import ORDER BY bytes", error);
	if (q == NULL)
		return false;
	if (store_rows_each(s, q, take_import, out, error))
		return true;
	store_imports_clear(out);
	return false;
}

void store_imports_clear(struct store_imports *list)
{
	free(list->rows);
	*list = (struct store_imports){0};
}
