/* SPDX-License-Identifier: ISC */
/*
 * store_schema - the tables of knockwatch.db, and the steps from one version to the next.
 *
 * Step i turns version i into version i + 1; an empty file has version 0. All missing steps run in
 * one transaction: either the file has our version afterwards, or nothing changed. The version
 * stands in table meta, key "schema_version".
 */
#ifndef KW_STORE_STORE_SCHEMA_H
#define KW_STORE_STORE_SCHEMA_H

#include <sqlite3.h>

/* The steps of this program, ended by null; their number is the version it writes. */
extern const char *const store_schema_steps[];

enum store_schema_state {
	STORE_SCHEMA_CURRENT, /* as the steps make it */
	STORE_SCHEMA_OLDER,   /* some steps are missing (all, for an empty file) */
	STORE_SCHEMA_NEWER,   /* made by a later program */
	STORE_SCHEMA_FOREIGN, /* a database of another program */
	STORE_SCHEMA_BROKEN   /* SQLite could not tell: sqlite3_errcode has the cause */
};

/* Compares the file with the steps; `version` gets what was found. Reads only. */
enum store_schema_state store_schema_look(sqlite3 *db, const char *const *steps, int *version);

/* Runs the missing steps (none, if another process was faster). On failure the file is as it was
 * and the SQLite code of the cause is returned, else SQLITE_OK. */
int store_schema_bring_up(sqlite3 *db, const char *const *steps);

#endif
