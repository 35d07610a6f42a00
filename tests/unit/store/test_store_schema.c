/* SPDX-License-Identifier: ISC */
#include "store/store_schema.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static const char meta[] = "CREATE TABLE meta (key TEXT PRIMARY KEY, value TEXT NOT NULL);";
static const char *const one_step[] = {meta, NULL};
static const char *const two_steps[] = {meta, "CREATE TABLE second (x);", NULL};
static const char *const broken_third[] = {
	meta, "CREATE TABLE second (x);", "CREATE TABLE third (x); no such words;", NULL};

static sqlite3 *open_empty(void)
{
	sqlite3 *db;
	assert_int_equal(sqlite3_open(":memory:", &db), SQLITE_OK);
	return db;
}

static int count_tables(sqlite3 *db)
{
	sqlite3_stmt *q;
	sqlite3_prepare_v2(
		db, "SELECT count(*) FROM sqlite_schema WHERE type = 'table'", -1, &q, NULL);
	sqlite3_step(q);
	int count = sqlite3_column_int(q, 0);
	sqlite3_finalize(q);
	return count;
}

static void an_empty_file_becomes_our_version(void **state)
{
	(void)state;
	sqlite3 *db = open_empty();
	int version;
	assert_int_equal(store_schema_look(db, store_schema_steps, &version), STORE_SCHEMA_OLDER);
	assert_int_equal(version, 0);
	assert_int_equal(store_schema_bring_up(db, store_schema_steps), SQLITE_OK);
	assert_int_equal(store_schema_look(db, store_schema_steps, &version), STORE_SCHEMA_CURRENT);
	sqlite3_close(db);
}

static void an_older_version_gets_only_the_missing_steps(void **state)
{
	(void)state;
	sqlite3 *db = open_empty();
	int version;
	assert_int_equal(store_schema_bring_up(db, one_step), SQLITE_OK);
	assert_int_equal(store_schema_look(db, two_steps, &version), STORE_SCHEMA_OLDER);
	assert_int_equal(version, 1);
	assert_int_equal(store_schema_bring_up(db, two_steps), SQLITE_OK);
	assert_int_equal(store_schema_look(db, two_steps, &version), STORE_SCHEMA_CURRENT);
	assert_int_equal(version, 2);
	assert_int_equal(store_schema_bring_up(db, two_steps), SQLITE_OK);
	sqlite3_close(db);
}

static void a_step_that_fails_leaves_the_file_as_it_was(void **state)
{
	(void)state;
	sqlite3 *db = open_empty();
	int version;
	assert_int_equal(store_schema_bring_up(db, one_step), SQLITE_OK);
	assert_int_not_equal(store_schema_bring_up(db, broken_third), SQLITE_OK);
	assert_int_equal(count_tables(db), 1);
	assert_int_equal(store_schema_look(db, one_step, &version), STORE_SCHEMA_CURRENT);
	assert_int_not_equal(sqlite3_get_autocommit(db), 0);
	sqlite3_close(db);
}

static void newer_and_foreign_files_are_known_as_such(void **state)
{
	(void)state;
	static const struct {
		const char *name, *sql;
		enum store_schema_state wanted;
	} rows[] = {
		{"newer",
			"CREATE TABLE meta (key, value); INSERT INTO meta VALUES "
			"('schema_version', '99');",
			STORE_SCHEMA_NEWER},
		{"other program", "CREATE TABLE bookmarks (url);", STORE_SCHEMA_FOREIGN},
		{"other meta", "CREATE TABLE meta (name, content);", STORE_SCHEMA_FOREIGN},
		{"no version", "CREATE TABLE meta (key, value);", STORE_SCHEMA_FOREIGN},
		{"no number",
			"CREATE TABLE meta (key, value); INSERT INTO meta VALUES "
			"('schema_version', 'x');",
			STORE_SCHEMA_FOREIGN},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		sqlite3 *db = open_empty();
		int version;
		assert_int_equal(sqlite3_exec(db, rows[i].sql, NULL, NULL, NULL), SQLITE_OK);
		enum store_schema_state got = store_schema_look(db, store_schema_steps, &version);
		if (got != rows[i].wanted)
			fail_msg("%s: got %d, wanted %d", rows[i].name, (int)got,
				(int)rows[i].wanted);
		sqlite3_close(db);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(an_empty_file_becomes_our_version),
		cmocka_unit_test(an_older_version_gets_only_the_missing_steps),
		cmocka_unit_test(a_step_that_fails_leaves_the_file_as_it_was),
		cmocka_unit_test(newer_and_foreign_files_are_known_as_such),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
