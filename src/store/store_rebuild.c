/* SPDX-License-Identifier: ISC */
#include "store/store_rebuild.h"

#include "base/memory.h"
#include "store/journal_files.h"
#include "store/journal_index.h"
#include "store/store_file.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define FRESH_DIRECTORY "reindex.tmp" /* below the state directory: renaming stays on one disk */

enum { BATCH = 10000 };

struct rebuild {
	const char *state;
	char fresh[PATH_MAX]; /* the directory of the new file */
	struct store *store;  /* the new one */
	struct store_rebuild_report *report;
	struct store_error *error;
};

static bool make_path(char *out, const char *directory, const char *name, struct store_error *error)
{
	if (snprintf(out, PATH_MAX, "%s/%s", directory, name) < PATH_MAX)
		return true;
	store_error_from_system(error, directory, ENAMETOOLONG);
	return false;
}

static void remove_file(const char *directory, const char *name)
{
	char path[PATH_MAX];
	struct store_error error;
	if (make_path(path, directory, name, &error))
		unlink(path);
}

static void remove_fresh(const struct rebuild *r)
{
	remove_file(r->fresh, STORE_FILE_NAME);
	remove_file(r->fresh, STORE_FILE_NAME "-wal");
	remove_file(r->fresh, STORE_FILE_NAME "-shm");
	rmdir(r->fresh);
}

/* --- the old index ---------------------------------------------------------------------------- */

/* Brings it to our version, and all of it into its one file. False where there is no use in it; sets
 * `refused` where nothing may be done. */
static bool settle_old(struct rebuild *r, bool *refused)
{
	struct store_error error;
	struct store *old = store_open(r->state, false, &error);
	*refused = false;
	if (old == NULL) {
		*refused = error.trouble != STORE_TROUBLE_DAMAGED;
		if (*refused)
			*r->error = error;
		return false;
	}
	int busy = 1;
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(
		store_database(old), "PRAGMA wal_checkpoint(TRUNCATE)", -1, &q, NULL);
	if (rc == SQLITE_OK && sqlite3_step(q) == SQLITE_ROW)
		busy = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	if (busy != 0) {
		store_error_from_sqlite(
			r->error, store_path(old), SQLITE_BUSY, "a reader keeps it open");
		*refused = true;
	}
	store_close(old, &error);
	return busy == 0;
}

static const char *const take_over[] = {
	"CREATE TEMP TABLE number_of (id TEXT PRIMARY KEY, number INTEGER NOT NULL)",
	"INSERT INTO number_of SELECT id, number FROM old.incident",
	"INSERT INTO main.port_day SELECT * FROM old.port_day WHERE recorded < ?1",
	"INSERT INTO main.port_hour SELECT * FROM old.port_hour WHERE recorded < ?1",
	"INSERT INTO main.source_day SELECT * FROM old.source_day WHERE recorded < ?1",
	"INSERT INTO main.knock SELECT * FROM old.knock WHERE recorded < ?1",
	"INSERT INTO main.import SELECT * FROM old.import WHERE recorded < ?1",
	"INSERT INTO main.incident SELECT * FROM old.incident WHERE number IN (SELECT incident FROM old.incident_change WHERE recorded < ?1)",
	"INSERT INTO main.incident_change SELECT * FROM old.incident_change WHERE recorded < ?1",
	"INSERT INTO main.incident_source SELECT * FROM old.incident_source WHERE incident IN (SELECT number FROM main.incident)",
	NULL,
};

static int run_with_day(sqlite3 *db, const char *sql, uint32_t day)
{
	sqlite3_stmt *q = NULL;
	int rc = sqlite3_prepare_v2(db, sql, -1, &q, NULL);
	if (rc != SQLITE_OK)
		return rc;
	if (sqlite3_bind_parameter_count(q) > 0)
		sqlite3_bind_int64(q, 1, day);
	sqlite3_step(q);
	return sqlite3_finalize(q);
}

static int attach_old(struct rebuild *r)
{
	char path[PATH_MAX];
	sqlite3_stmt *q = NULL;
	if (!make_path(path, r->state, STORE_FILE_NAME, r->error))
		return SQLITE_CANTOPEN;
	int rc = sqlite3_prepare_v2(store_database(r->store), "ATTACH ?1 AS old", -1, &q, NULL);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_bind_text(q, 1, path, -1, SQLITE_TRANSIENT);
	sqlite3_step(q);
	return sqlite3_finalize(q);
}

static bool take_over_old(struct rebuild *r)
{
	sqlite3 *db = store_database(r->store);
	int rc = attach_old(r);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "BEGIN", NULL, NULL, NULL);
	for (const char *const *sql = take_over; rc == SQLITE_OK && *sql != NULL; sql++)
		rc = run_with_day(db, *sql, r->report->journal_from);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "COMMIT", NULL, NULL, NULL);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(db, "DETACH old", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		store_error_from_sqlite(r->error, store_path(r->store), rc, sqlite3_errmsg(db));
	store_keep_numbers(r->store);
	return rc == SQLITE_OK;
}

/* --- the new one ------------------------------------------------------------------------------ */

static bool find_oldest(struct rebuild *r)
{
	struct journal_files files;
	int directory = journal_files_open_directory(r->state, false, r->error);
	if (directory < 0)
		return false;
	bool listed = journal_files_list(directory, &files);
	if (!listed)
		store_error_from_system(r->error, r->state, errno);
	else if (files.count == 0)
		store_error_from_system(r->error, r->state, ENOENT);
	listed = listed && files.count > 0;
	if (listed)
		r->report->journal_from = files.items[0].day;
	journal_files_clear(&files);
	close(directory);
	return listed;
}

static bool open_fresh(struct rebuild *r)
{
	if (!make_path(r->fresh, r->state, FRESH_DIRECTORY, r->error))
		return false;
	remove_fresh(r);
	r->store = store_open(r->fresh, false, r->error);
	/* It gets to disk in one piece, at the end. */
	return r->store != NULL &&
	       sqlite3_exec(store_database(r->store), "PRAGMA synchronous = OFF", NULL, NULL,
		       NULL) == SQLITE_OK;
}

static bool read_journal(struct rebuild *r, const struct store_rebuild_options *options)
{
	struct journal_index *index = journal_index_open(r->state, r->store, r->error);
	if (index == NULL)
		return false;
	enum store_flush_result flushed = STORE_FLUSH_DONE;
	for (size_t n = BATCH; n > 0 && flushed == STORE_FLUSH_DONE;) {
		n = journal_index_follow(index, BATCH);
		r->report->records += n;
		flushed = store_flush_now(r->store, r->error);
		if (options->progress != NULL)
			options->progress(options->context, r->report->records);
	}
	r->report->skipped = journal_index_skipped(index);
	journal_index_close(index);
	return flushed == STORE_FLUSH_DONE;
}

static bool sync_path(const char *path, int flags)
{
	int fd = open(path, flags | O_CLOEXEC | O_NOFOLLOW);
	bool done = fd >= 0 && fsync(fd) == 0;
	if (fd >= 0)
		close(fd);
	return done;
}

/* Everything into the one file, and that to disk. */
static bool close_fresh(struct rebuild *r)
{
	char path[PATH_MAX];
	int rc = sqlite3_exec(store_database(r->store),
		"PRAGMA wal_checkpoint(TRUNCATE); PRAGMA journal_mode = DELETE", NULL, NULL, NULL);
	if (rc != SQLITE_OK)
		store_error_from_sqlite(r->error, store_path(r->store), rc,
			sqlite3_errmsg(store_database(r->store)));
	bool good = store_close(r->store, r->error) && rc == SQLITE_OK;
	r->store = NULL;
	if (!good || !make_path(path, r->fresh, STORE_FILE_NAME, r->error))
		return false;
	if (sync_path(path, O_RDONLY))
		return true;
	store_error_from_system(r->error, path, errno);
	return false;
}

/* A damaged one may still be of use to somebody. */
static void keep_damaged(struct rebuild *r, const char *path)
{
	char aside[PATH_MAX];
	snprintf(r->report->aside, sizeof r->report->aside, STORE_FILE_NAME ".damaged");
	if (!make_path(aside, r->state, r->report->aside, r->error))
		return;
	unlink(aside);
	if (link(path, aside) != 0)
		r->report->aside[0] = '\0';
}

/* The write-ahead log of the old one must not be taken for one of the new: it is empty, or of a damaged file. */
static bool put_in_place(struct rebuild *r)
{
	char from[PATH_MAX], to[PATH_MAX];
	if (!make_path(from, r->fresh, STORE_FILE_NAME, r->error) ||
		!make_path(to, r->state, STORE_FILE_NAME, r->error))
		return false;
	if (r->report->old_lost)
		keep_damaged(r, to);
	remove_file(r->state, STORE_FILE_NAME "-wal");
	remove_file(r->state, STORE_FILE_NAME "-shm");
	if (rename(from, to) == 0 && sync_path(r->state, O_RDONLY | O_DIRECTORY))
		return true;
	store_error_from_system(r->error, to, errno);
	return false;
}

static bool rebuild(struct rebuild *r, const struct store_rebuild_options *options)
{
	bool refused;
	if (!find_oldest(r))
		return false;
	bool usable = settle_old(r, &refused);
	if (refused || !open_fresh(r))
		return false;
	r->report->old_lost = !usable;
	if (usable && !take_over_old(r))
		return false;
	if (!read_journal(r, options))
		return false;
	if (options->prune_before.us > 0 && !store_prune(r->store, options->prune_before, r->error))
		return false;
	return close_fresh(r) && put_in_place(r);
}

bool store_rebuild_run(const char *state, const struct store_rebuild_options *options,
	struct store_rebuild_report *out, struct store_error *error)
{
	struct store_error ignored;
	*out = (struct store_rebuild_report){0};
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	struct rebuild r = {.state = state, .report = out, .error = error};
	bool good = rebuild(&r, options);
	store_close(r.store, &ignored);
	if (r.fresh[0] != '\0')
		remove_fresh(&r);
	return good;
}
