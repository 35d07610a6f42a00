/* SPDX-License-Identifier: ISC */
/*
 * Why the keys are as they are: rows arrive in order of time, so day or hour stands first and
 * inserts stay at the warm end of the tree; old days go away as one range. Questions about one
 * address walk the days instead (a year is 365 look-ups), which saves a second tree the size of the
 * first. Tables whose key is most of the row have no hidden row number (WITHOUT ROWID).
 *
 * incident.number is the short name that people type; it never changes once given.
 *
 * `recorded` is the day of the journal's file that a count or telling comes from (0: from the time
 * before there was a journal). So what stems from files that are deleted by now can be told from what the files
 * that are kept will tell again, and reindex counts nothing twice and loses nothing. The meta rows
 * journal_seq and journal_hash name the newest record that is contained.
 */
#include "store/store_schema.h"

#include <stdbool.h>
#include <stddef.h>

const char *const store_schema_steps[] = {
	"CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;"
	"CREATE TABLE incident ("
	" number INTEGER PRIMARY KEY, id TEXT NOT NULL UNIQUE,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" opened INTEGER NOT NULL, changed INTEGER NOT NULL,"
	" state INTEGER NOT NULL, level INTEGER NOT NULL, class TEXT NOT NULL, kind TEXT NOT NULL,"
	" src TEXT, src_block TEXT, dst TEXT,"
	" packets INTEGER NOT NULL, targets INTEGER NOT NULL, sources_count INTEGER NOT NULL,"
	" summary TEXT NOT NULL, json TEXT NOT NULL);"
	"CREATE INDEX incident_last ON incident (last);"
	"CREATE INDEX incident_src ON incident (src);"
	"CREATE INDEX incident_block ON incident (src_block) WHERE src_block IS NOT NULL;"
	"CREATE TABLE incident_change ("
	" incident INTEGER NOT NULL REFERENCES incident (number), at INTEGER NOT NULL,"
	" state INTEGER NOT NULL, level INTEGER NOT NULL, kind TEXT NOT NULL, json TEXT NOT NULL,"
	" PRIMARY KEY (incident, at, state)) WITHOUT ROWID;"
	"CREATE TABLE incident_source ("
	/* In the order of the key: the check of SQLite 3.40 takes any other order for damage. */
	" address TEXT NOT NULL, incident INTEGER NOT NULL REFERENCES incident (number),"
	" PRIMARY KEY (address, incident)) WITHOUT ROWID;"
	"CREATE TABLE knock ("
	" day INTEGER NOT NULL, src TEXT NOT NULL, dst TEXT NOT NULL, proto INTEGER NOT NULL,"
	" port INTEGER NOT NULL, probe INTEGER NOT NULL, packets INTEGER NOT NULL,"
	" first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" PRIMARY KEY (day, src, dst, proto, port, probe)) WITHOUT ROWID;"
	"CREATE TABLE port_hour ("
	" hour INTEGER NOT NULL, proto INTEGER NOT NULL, port INTEGER NOT NULL,"
	" packets INTEGER NOT NULL, touches INTEGER NOT NULL,"
	" PRIMARY KEY (hour, proto, port)) WITHOUT ROWID;"
	"CREATE TABLE port_day ("
	" day INTEGER NOT NULL, proto INTEGER NOT NULL, port INTEGER NOT NULL,"
	" packets INTEGER NOT NULL, touches INTEGER NOT NULL,"
	" PRIMARY KEY (day, proto, port)) WITHOUT ROWID;"
	"CREATE TABLE source_day ("
	" day INTEGER NOT NULL, src TEXT NOT NULL,"
	" packets INTEGER NOT NULL, targets INTEGER NOT NULL,"
	" PRIMARY KEY (day, src)) WITHOUT ROWID;",
	"ALTER TABLE incident_change ADD COLUMN recorded INTEGER NOT NULL DEFAULT 0;"
	"ALTER TABLE knock RENAME TO old_knock;"
	"CREATE TABLE knock ("
	" day INTEGER NOT NULL, src TEXT NOT NULL, dst TEXT NOT NULL, proto INTEGER NOT NULL,"
	" port INTEGER NOT NULL, probe INTEGER NOT NULL, recorded INTEGER NOT NULL,"
	" packets INTEGER NOT NULL, first INTEGER NOT NULL, last INTEGER NOT NULL,"
	" PRIMARY KEY (day, src, dst, proto, port, probe, recorded)) WITHOUT ROWID;"
	"INSERT INTO knock SELECT day, src, dst, proto, port, probe, 0, packets, first, last"
	" FROM old_knock;"
	"DROP TABLE old_knock;"
	"ALTER TABLE port_hour RENAME TO old_port_hour;"
	"CREATE TABLE port_hour ("
	" hour INTEGER NOT NULL, proto INTEGER NOT NULL, port INTEGER NOT NULL,"
	" recorded INTEGER NOT NULL, packets INTEGER NOT NULL, touches INTEGER NOT NULL,"
	" PRIMARY KEY (hour, proto, port, recorded)) WITHOUT ROWID;"
	"INSERT INTO port_hour SELECT hour, proto, port, 0, packets, touches FROM old_port_hour;"
	"DROP TABLE old_port_hour;"
	"ALTER TABLE port_day RENAME TO old_port_day;"
	"CREATE TABLE port_day ("
	" day INTEGER NOT NULL, proto INTEGER NOT NULL, port INTEGER NOT NULL,"
	" recorded INTEGER NOT NULL, packets INTEGER NOT NULL, touches INTEGER NOT NULL,"
	" PRIMARY KEY (day, proto, port, recorded)) WITHOUT ROWID;"
	"INSERT INTO port_day SELECT day, proto, port, 0, packets, touches FROM old_port_day;"
	"DROP TABLE old_port_day;"
	"ALTER TABLE source_day RENAME TO old_source_day;"
	"CREATE TABLE source_day ("
	" day INTEGER NOT NULL, src TEXT NOT NULL, recorded INTEGER NOT NULL,"
	" packets INTEGER NOT NULL, targets INTEGER NOT NULL,"
	" PRIMARY KEY (day, src, recorded)) WITHOUT ROWID;"
	"INSERT INTO source_day SELECT day, src, 0, packets, targets FROM old_source_day;"
	"DROP TABLE old_source_day;",
	"CREATE TABLE import ("
	" sha256 TEXT NOT NULL PRIMARY KEY, bytes INTEGER NOT NULL, name TEXT NOT NULL,"
	" at INTEGER NOT NULL, whole INTEGER NOT NULL, recorded INTEGER NOT NULL) WITHOUT ROWID;",
	NULL,
};

static int count_steps(const char *const *steps)
{
	int count = 0;
	while (steps[count] != NULL)
		count++;
	return count;
}

/* One whole number from a statement with one row; `absent` where there is no row or it is no
 * number. False if SQLite failed. */
static bool ask_number(sqlite3 *db, const char *sql, int absent, int *out)
{
	sqlite3_stmt *statement = NULL;
	*out = absent;
	if (sqlite3_prepare_v2(db, sql, -1, &statement, NULL) != SQLITE_OK)
		return false;
	int rc = sqlite3_step(statement);
	if (rc == SQLITE_ROW)
		*out = sqlite3_column_int(statement, 0);
	sqlite3_finalize(statement);
	return rc == SQLITE_ROW || rc == SQLITE_DONE;
}

enum store_schema_state store_schema_look(sqlite3 *db, const char *const *steps, int *version)
{
	int tables, metas;
	*version = 0;
	if (!ask_number(db, "SELECT count(*) FROM sqlite_schema", 0, &tables) ||
		!ask_number(
			db, "SELECT count(*) FROM sqlite_schema WHERE name = 'meta'", 0, &metas))
		return STORE_SCHEMA_BROKEN;
	if (tables == 0)
		return STORE_SCHEMA_OLDER;
	if (metas == 0)
		return STORE_SCHEMA_FOREIGN;
	if (!ask_number(db, "SELECT value FROM meta WHERE key = 'schema_version'", 0, version))
		return sqlite3_errcode(db) == SQLITE_ERROR ? STORE_SCHEMA_FOREIGN
							   : STORE_SCHEMA_BROKEN;
	int ours = count_steps(steps);
	if (*version <= 0)
		return STORE_SCHEMA_FOREIGN;
	if (*version > ours)
		return STORE_SCHEMA_NEWER;
	return *version == ours ? STORE_SCHEMA_CURRENT : STORE_SCHEMA_OLDER;
}

static int write_version(sqlite3 *db, int version)
{
	sqlite3_stmt *statement = NULL;
	int rc = sqlite3_prepare_v2(db, "INSERT OR REPLACE INTO meta VALUES ('schema_version', ?1)",
		-1, &statement, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_int(statement, 1, version);
	sqlite3_step(statement);
	return sqlite3_finalize(statement);
}

/* Inside the transaction: looks again, for another process may have been faster. */
static int run_missing_steps(sqlite3 *db, const char *const *steps)
{
	int version, ours = count_steps(steps), rc = SQLITE_OK;
	switch (store_schema_look(db, steps, &version)) {
	case STORE_SCHEMA_CURRENT:
		return SQLITE_OK;
	case STORE_SCHEMA_OLDER:
		break;
	case STORE_SCHEMA_NEWER:
	case STORE_SCHEMA_FOREIGN:
		return SQLITE_SCHEMA;
	case STORE_SCHEMA_BROKEN:
		return sqlite3_errcode(db);
	}
	for (int i = version; rc == SQLITE_OK && i < ours; i++)
		rc = sqlite3_exec(db, steps[i], NULL, NULL, NULL);
	return rc == SQLITE_OK ? write_version(db, ours) : rc;
}

int store_schema_bring_up(sqlite3 *db, const char *const *steps)
{
	int rc = sqlite3_exec(db, "BEGIN IMMEDIATE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		return rc;
	rc = run_missing_steps(db, steps);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc != SQLITE_OK && !sqlite3_get_autocommit(db))
		sqlite3_exec(db, "ROLLBACK", NULL, NULL, NULL);
	return rc;
}
