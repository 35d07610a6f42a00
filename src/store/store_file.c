/* SPDX-License-Identifier: ISC */
#include "store/store_file.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "store/store_schema.h"

#include <errno.h>
#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

enum {
	WRITER_WAIT_MS = 1000, /* the writer is one loop that must go on */
	READER_WAIT_MS = 5000, /* a person can wait for a checkpoint */
};

/* A file up to this size is checked whole when it is opened for writing: about 0.2 s. */
#define CHECK_WHOLE_BYTES (INT64_C(32) << 20)

static char *join_path(const char *dir, const char *suffix)
{
	size_t size = strlen(dir) + sizeof "/" STORE_FILE_NAME + strlen(suffix);
	char *path = memory_calloc(1, size);
	snprintf(path, size, "%s/" STORE_FILE_NAME "%s", dir, suffix);
	return path;
}

static int schema_version(void)
{
	int count = 0;
	while (store_schema_steps[count] != NULL)
		count++;
	return count;
}

/* The reader refuses a missing file; the writer makes it, private to its group. 0, or errno. */
static int prepare_path(const char *dir, const char *path, bool read_only)
{
	struct stat st;
	if (read_only)
		return stat(path, &st) == 0 ? 0 : errno;
	if (mkdir(dir, 0700) != 0 && errno != EEXIST)
		return errno;
	int fd = open(path, O_RDWR | O_CREAT | O_NOFOLLOW | O_CLOEXEC, 0640);
	if (fd < 0)
		return errno;
	close(fd);
	return 0;
}

/* As a file: URI (RFC 8089) with everything but plain characters written as %HH. */
static char *make_uri(const char *path, const char *query)
{
	size_t size = strlen(path) * 3 + strlen(query) + sizeof "file:";
	char *uri = memory_calloc(1, size);
	struct text_buffer b = text_buffer_over(uri, size);
	text_buffer_add(&b, "file:");
	for (const char *p = path; *p; p++) {
		if (strchr("?#%", *p) != NULL)
			text_buffer_printf(&b, "%%%02x", (unsigned char)*p);
		else
			text_buffer_add_bytes(&b, p, 1);
	}
	text_buffer_add(&b, query);
	return uri;
}

static int open_database(struct store_file *file, bool read_only, const char *query)
{
	int flags = SQLITE_OPEN_URI | SQLITE_OPEN_NOMUTEX |
		    (read_only ? SQLITE_OPEN_READONLY : SQLITE_OPEN_READWRITE);
	char *uri = make_uri(file->path, query);
	int rc = sqlite3_open_v2(uri, &file->db, flags, NULL);
	free(uri);
	if (rc != SQLITE_OK)
		return rc;
	sqlite3_extended_result_codes(file->db, 1);
	sqlite3_busy_timeout(file->db, read_only ? READER_WAIT_MS : WRITER_WAIT_MS);
	sqlite3_db_config(file->db, SQLITE_DBCONFIG_DEFENSIVE, 1, (int *)NULL);
	/* The file may come from elsewhere: its schema may not run anything of ours. */
	return sqlite3_exec(file->db,
		"PRAGMA trusted_schema = OFF; PRAGMA cell_size_check = ON; PRAGMA temp_store = "
		"MEMORY;",
		NULL, NULL, NULL);
}

/*
 * In a directory that we may not write to, SQLite cannot make the shared-memory file that a WAL
 * needs. Without a WAL beside it the file is whole and does not change under us: then it is read as
 * such.
 */
static bool is_closed_in_order(const struct store_file *file, const char *dir)
{
	struct stat st;
	char *wal = join_path(dir, "-wal");
	bool closed = (stat(wal, &st) != 0 && errno == ENOENT) || st.st_size == 0;
	free(wal);
	return closed && access(file->path, R_OK) == 0 && access(dir, W_OK) != 0;
}

static enum store_schema_state look(
	struct store_file *file, const char *dir, bool read_only, int *version)
{
	enum store_schema_state state = store_schema_look(file->db, store_schema_steps, version);
	int code = sqlite3_errcode(file->db) & 0xff;
	bool hindered = code == SQLITE_CANTOPEN || code == SQLITE_READONLY;
	if (state != STORE_SCHEMA_BROKEN || !read_only || !hindered ||
		!is_closed_in_order(file, dir))
		return state;
	sqlite3_close(file->db);
	file->db = NULL;
	if (open_database(file, true, "?immutable=1") != SQLITE_OK)
		return STORE_SCHEMA_BROKEN;
	return store_schema_look(file->db, store_schema_steps, version);
}

/* SQLITE_CORRUPT if a file that is not too large does not hold together. */
static int check_whole(sqlite3 *db, const char *path, char *detail, size_t detail_size)
{
	struct stat st;
	sqlite3_stmt *statement = NULL;
	if (stat(path, &st) != 0 || st.st_size > CHECK_WHOLE_BYTES)
		return SQLITE_OK;
	int rc = sqlite3_prepare_v2(db, "PRAGMA quick_check(1)", -1, &statement, NULL);
	if (rc == SQLITE_OK && sqlite3_step(statement) == SQLITE_ROW) {
		const char *word = (const char *)sqlite3_column_text(statement, 0);
		if (word == NULL || strcmp(word, "ok") != 0) {
			snprintf(detail, detail_size, "%s", word != NULL ? word : "unreadable");
			rc = SQLITE_CORRUPT;
		}
	}
	int end = sqlite3_finalize(statement);
	return rc == SQLITE_OK ? end : rc;
}

static int make_ready_for_writing(struct store_file *file, char *detail, size_t detail_size)
{
	int rc = check_whole(file->db, file->path, detail, detail_size);
	if (rc == SQLITE_OK)
		rc = sqlite3_exec(file->db,
			"PRAGMA journal_mode = WAL; PRAGMA synchronous = NORMAL; "
			"PRAGMA mmap_size = 0; PRAGMA cache_size = -2000;" /* KiB */,
			NULL, NULL, NULL);
	return rc == SQLITE_OK ? store_schema_bring_up(file->db, store_schema_steps) : rc;
}

/* True if the file is ours and of our version, or can be made so. */
static bool settle_version(
	struct store_file *file, const char *dir, bool read_only, struct store_error *error)
{
	int version, rc = SQLITE_OK;
	char detail[256] = "";
	switch (look(file, dir, read_only, &version)) {
	case STORE_SCHEMA_NEWER:
		store_error_set_newer(error, file->path, version, schema_version());
		return false;
	case STORE_SCHEMA_FOREIGN:
		store_error_set_foreign(error, file->path);
		return false;
	case STORE_SCHEMA_BROKEN:
		store_error_from_sqlite(error, file->path,
			file->db ? sqlite3_errcode(file->db) : SQLITE_CANTOPEN,
			file->db ? sqlite3_errmsg(file->db) : "cannot be opened");
		return false;
	case STORE_SCHEMA_OLDER:
		if (read_only) {
			store_error_from_system(error, file->path, ENOENT);
			return false;
		}
		break;
	case STORE_SCHEMA_CURRENT:
		break;
	}
	if (!read_only)
		rc = make_ready_for_writing(file, detail, sizeof detail);
	if (rc != SQLITE_OK)
		store_error_from_sqlite(
			error, file->path, rc, detail[0] ? detail : sqlite3_errmsg(file->db));
	return rc == SQLITE_OK;
}

bool store_file_open(
	struct store_file *file, const char *dir, bool read_only, struct store_error *error)
{
	*file = (struct store_file){NULL, join_path(dir, "")};
	*error = (struct store_error){STORE_TROUBLE_NONE, ""};
	int error_number = prepare_path(dir, file->path, read_only);
	if (error_number != 0) {
		store_error_from_system(error, file->path, error_number);
	} else {
		int rc = open_database(file, read_only, "");
		if (rc != SQLITE_OK)
			store_error_from_sqlite(error, file->path, rc,
				file->db ? sqlite3_errmsg(file->db) : sqlite3_errstr(rc));
		else if (settle_version(file, dir, read_only, error))
			return true;
	}
	store_file_close(file);
	return false;
}

void store_file_close(struct store_file *file)
{
	sqlite3_close(file->db);
	free(file->path);
	*file = (struct store_file){NULL, NULL};
}
