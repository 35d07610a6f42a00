/* SPDX-License-Identifier: ISC */
/*
 * store_file - opens knockwatch.db of a state directory, or says why not.
 *
 * Nothing is changed before the version is known: a newer, foreign or damaged file stays as it is.
 * A writer makes the directory (0700) and the file (0640) if they are missing. A reader of a
 * directory it may not write to reads a file that was closed in order.
 */
#ifndef KW_STORE_STORE_FILE_H
#define KW_STORE_STORE_FILE_H

#include "store/store_error.h"

#include <stdbool.h>

#include <sqlite3.h>

#define STORE_FILE_NAME "knockwatch.db"

struct store_file {
	sqlite3 *db;
	char *path; /* DIR/knockwatch.db */
};

/* False with the reason in `error`; `file` then needs no closing. */
bool store_file_open(
	struct store_file *file, const char *dir, bool read_only, struct store_error *error);

/* Accepts a file that is all zero. */
void store_file_close(struct store_file *file);

#endif
