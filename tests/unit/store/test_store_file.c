/* SPDX-License-Identifier: ISC */
/* What can be wrong with the file and its directory, and what may never be lost whatever happens.
 */
#define _GNU_SOURCE
#include "store/store_file.h"

#include "sample_incident.h"

#include <fcntl.h>
#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>
#include <sys/stat.h>
#include <sys/wait.h>
#include <time.h>

#include <cmocka.h>

static void write_file(const struct sample_dir *d, const void *bytes, size_t size)
{
	char path[128];
	snprintf(path, sizeof path, "%s/knockwatch.db", d->path);
	FILE *f = fopen(path, "w");
	assert_non_null(f);
	assert_int_equal(fwrite(bytes, 1, size, f), size);
	fclose(f);
}

static void make_store_with(const struct sample_dir *d, unsigned incidents)
{
	struct store_error e;
	struct store *s = store_open(d->path, false, &e);
	assert_non_null(s);
	for (unsigned i = 0; i < incidents; i++) {
		struct incident in = sample_incident_numbered(i);
		sample_put(s, &in);
	}
	assert_true(store_close(s, &e));
}

static void run_sql(const struct sample_dir *d, const char *sql)
{
	char path[128];
	sqlite3 *db;
	snprintf(path, sizeof path, "%s/knockwatch.db", d->path);
	assert_int_equal(sqlite3_open(path, &db), SQLITE_OK);
	assert_int_equal(sqlite3_exec(db, sql, NULL, NULL, NULL), SQLITE_OK);
	sqlite3_close(db);
}

static int64_t count_incidents(const struct sample_dir *d)
{
	struct store_error e;
	struct store *s = store_open(d->path, true, &e);
	sqlite3_stmt *q;
	if (s == NULL)
		fail_msg("%s", e.text);
	sqlite3_prepare_v2(store_database(s), "SELECT count(*) FROM incident", -1, &q, NULL);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	store_close(s, &e);
	return n;
}

static void expect_refusal(
	const struct sample_dir *d, bool read_only, enum store_trouble trouble, const char *words)
{
	struct store_error e;
	assert_null(store_open(d->path, read_only, &e));
	if (e.trouble != trouble || strstr(e.text, words) == NULL ||
		strstr(e.text, d->path) != e.text)
		fail_msg("got trouble %d \"%s\", wanted %d \"...%s...\"", (int)e.trouble, e.text,
			(int)trouble, words);
}

static void a_reader_of_nothing_is_told_so_and_makes_nothing(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	expect_refusal(&d, true, STORE_TROUBLE_MISSING, "nothing has been recorded there yet");
	assert_int_equal(rmdir(d.path), 0);
	expect_refusal(&d, true, STORE_TROUBLE_MISSING, "nothing has been recorded there yet");
	make_store_with(&d, 1); /* the writer makes the directory, private */
	struct stat st;
	assert_int_equal(stat(d.path, &st), 0);
	assert_int_equal(st.st_mode & 0777, 0700);
	sample_dir_remove(&d);
}

static void a_directory_inside_a_missing_one_is_not_made(void **state)
{
	(void)state;
	struct sample_dir d = {"/tmp/knockwatch-test-none/deeper"};
	expect_refusal(&d, false, STORE_TROUBLE_MISSING, "No such file");
}

static void a_newer_version_is_refused_and_not_touched(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct stat before, after;
	char path[128];
	make_store_with(&d, 1);
	run_sql(&d, "PRAGMA journal_mode = DELETE; UPDATE meta SET value = '99'");
	snprintf(path, sizeof path, "%s/knockwatch.db", d.path);
	assert_int_equal(stat(path, &before), 0);
	expect_refusal(&d, false, STORE_TROUBLE_NEWER, "store version 99");
	expect_refusal(&d, true, STORE_TROUBLE_NEWER, "use the newer program");
	assert_int_equal(stat(path, &after), 0);
	assert_memory_equal(&before.st_mtim, &after.st_mtim, sizeof before.st_mtim);
	sample_dir_remove(&d);
}

static void another_programs_database_is_refused(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	run_sql(&d, "CREATE TABLE bookmarks (url)");
	expect_refusal(&d, false, STORE_TROUBLE_FOREIGN, "another program");
	sample_dir_remove(&d);
}

static void a_damaged_file_is_refused_with_what_to_type(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	char rubbish[8192];
	memset(rubbish, 'r', sizeof rubbish);
	write_file(&d, rubbish, sizeof rubbish);
	expect_refusal(&d, false, STORE_TROUBLE_DAMAGED, ".recover | sqlite3");
	expect_refusal(&d, true, STORE_TROUBLE_DAMAGED, "mv ");
	sample_dir_remove(&d);
}

static void a_file_broken_in_the_middle_is_refused_for_writing(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	char path[128], rubbish[4096];
	make_store_with(&d, 200);
	snprintf(path, sizeof path, "%s/knockwatch.db", d.path);
	int fd = open(path, O_WRONLY);
	memset(rubbish, 'r', sizeof rubbish);
	for (off_t page = 20; page < 30; page++)
		assert_int_equal(pwrite(fd, rubbish, sizeof rubbish, page * 4096), sizeof rubbish);
	close(fd);
	expect_refusal(&d, false, STORE_TROUBLE_DAMAGED, "To save what is readable");
	sample_dir_remove(&d);
}

static void an_empty_file_is_a_new_store(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	write_file(&d, "", 0);
	expect_refusal(&d, true, STORE_TROUBLE_MISSING, "nothing has been recorded");
	make_store_with(&d, 2);
	assert_int_equal(count_incidents(&d), 2);
	sample_dir_remove(&d);
}

/* Runs `work` as an unprivileged user in a child; its exit code. */
static int as_nobody(const struct sample_dir *d, int (*work)(const struct sample_dir *))
{
	pid_t child = fork();
	if (child == 0) {
		if (geteuid() == 0 && (setgid(65534) != 0 || setuid(65534) != 0))
			_exit(99);
		_exit(work(d));
	}
	int status;
	assert_int_equal(waitpid(child, &status, 0), child);
	return WIFEXITED(status) ? WEXITSTATUS(status) : 100;
}

static int read_two_incidents(const struct sample_dir *d)
{
	struct store_error e;
	struct store *s = store_open(d->path, true, &e);
	sqlite3_stmt *q;
	if (s == NULL) {
		fprintf(stderr, "%s\n", e.text);
		return 1;
	}
	sqlite3_prepare_v2(store_database(s), "SELECT count(*) FROM incident", -1, &q, NULL);
	return sqlite3_step(q) == SQLITE_ROW && sqlite3_column_int(q, 0) == 2 ? 0 : 2;
}

static int fail_to_write(const struct sample_dir *d)
{
	struct store_error e;
	return store_open(d->path, false, &e) == NULL && e.trouble == STORE_TROUBLE_DENIED ? 0 : 1;
}

static void a_directory_without_write_permission_can_be_read(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	make_store_with(&d, 2);
	char path[128];
	snprintf(path, sizeof path, "%s/knockwatch.db", d.path);
	chmod(path, 0444);
	chmod(d.path, 0555);
	assert_int_equal(as_nobody(&d, read_two_incidents), 0);
	assert_int_equal(as_nobody(&d, fail_to_write), 0);
	chmod(d.path, 0700);
	sample_dir_remove(&d);
}

/* Caps the file at the pages it has and a few more: what a full disk looks like to SQLite. */
static void cap_pages(struct store *s, int more)
{
	sqlite3_stmt *q;
	char sql[64];
	sqlite3_prepare_v2(store_database(s), "PRAGMA page_count", -1, &q, NULL);
	sqlite3_step(q);
	snprintf(sql, sizeof sql, "PRAGMA max_page_count = %d", sqlite3_column_int(q, 0) + more);
	sqlite3_finalize(q);
	sqlite3_exec(store_database(s), sql, NULL, NULL, NULL);
}

static void a_full_disk_is_said_once_and_loses_nothing(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	make_store_with(&d, 5);
	struct store *s = store_open(d.path, false, &e);
	struct wall_time now = {0};
	cap_pages(s, 0);
	for (unsigned i = 10; i < 60; i++) {
		struct incident in = sample_incident_numbered(i);
		sample_put(s, &in);
	}
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_STUCK);
	assert_int_equal(e.trouble, STORE_TROUBLE_FULL);
	assert_non_null(strstr(e.text, "What was stored is safe"));
	for (int i = 0; i < 5; i++) {
		now.us += CLOCK_US_PER_S;
		assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_WAITS);
	}
	assert_int_equal(store_rows_waiting(s), 50);
	assert_int_equal(count_incidents(&d), 5);
	cap_pages(s, 100000);
	now.us += CLOCK_US_PER_S;
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_RESUMED);
	assert_non_null(strstr(e.text, "0 rows were lost"));
	assert_true(store_close(s, &e));
	assert_int_equal(count_incidents(&d), 55);
	sample_dir_remove(&d);
}

static void a_disk_that_stays_full_is_told_at_the_end_too(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	make_store_with(&d, 5);
	struct store *s = store_open(d.path, false, &e);
	cap_pages(s, 0);
	struct store_port_count c = {0, 6, 0, 1, 1};
	for (c.hour = 0; c.hour < 2 * STORE_QUEUE_ROWS_MAX; c.hour++)
		store_add_port_counts(s, &c, 1); /* bounded, and no attempt for each row */
	assert_int_equal(store_rows_waiting(s), STORE_QUEUE_COUNTS_MAX);
	assert_int_equal(store_rows_lost(s), 2 * STORE_QUEUE_ROWS_MAX - STORE_QUEUE_COUNTS_MAX);
	assert_int_equal(store_flush(s, (struct wall_time){0}, &e), STORE_FLUSH_STUCK);
	assert_false(store_close(s, &e));
	assert_int_equal(e.trouble, STORE_TROUBLE_FULL);
	assert_int_equal(count_incidents(&d), 5);
	sample_dir_remove(&d);
}

/* Writes until killed; after every flush the number of stored incidents goes into the pipe. */
static void write_and_acknowledge(const struct sample_dir *d, int pipe_end)
{
	struct store_error e;
	struct store *s = store_open(d->path, false, &e);
	for (unsigned n = 1; s != NULL; n++) {
		struct incident in = sample_incident_numbered(n);
		sample_put(s, &in);
		if (n % 7 != 0)
			continue;
		if (store_flush_now(s, &e) != STORE_FLUSH_DONE ||
			write(pipe_end, &n, sizeof n) != sizeof n)
			break;
	}
	_exit(1);
}

static unsigned kill_a_writer_after(const struct sample_dir *d, long microseconds)
{
	int ends[2];
	unsigned acknowledged = 0, n;
	assert_int_equal(pipe(ends), 0);
	pid_t child = fork();
	if (child == 0)
		write_and_acknowledge(d, ends[1]);
	close(ends[1]);
	assert_int_equal(read(ends[0], &n, sizeof n), sizeof n); /* it is at work */
	nanosleep(&(struct timespec){0, microseconds * 1000}, NULL);
	kill(child, SIGKILL);
	acknowledged = n;
	while (read(ends[0], &n, sizeof n) == sizeof n)
		acknowledged = n;
	close(ends[0]);
	waitpid(child, NULL, 0);
	return acknowledged;
}

static void everything_acknowledged_survives_a_killed_writer(void **state)
{
	(void)state;
	unsigned seed = (unsigned)time(NULL);
	print_message("seed %u\n", seed);
	srand(seed);
	for (int i = 0; i < 20; i++) {
		struct sample_dir d = sample_dir_make();
		unsigned acknowledged = kill_a_writer_after(&d, rand() % 30000);
		int64_t found = count_incidents(&d);
		if (found < (int64_t)acknowledged)
			fail_msg("round %d: %u acknowledged, %lld found", i, acknowledged,
				(long long)found);
		make_store_with(&d, 1); /* passes the whole check, and can be written again */
		sample_dir_remove(&d);
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_reader_of_nothing_is_told_so_and_makes_nothing),
		cmocka_unit_test(a_directory_inside_a_missing_one_is_not_made),
		cmocka_unit_test(a_newer_version_is_refused_and_not_touched),
		cmocka_unit_test(another_programs_database_is_refused),
		cmocka_unit_test(a_damaged_file_is_refused_with_what_to_type),
		cmocka_unit_test(a_file_broken_in_the_middle_is_refused_for_writing),
		cmocka_unit_test(an_empty_file_is_a_new_store),
		cmocka_unit_test(a_directory_without_write_permission_can_be_read),
		cmocka_unit_test(a_full_disk_is_said_once_and_loses_nothing),
		cmocka_unit_test(a_disk_that_stays_full_is_told_at_the_end_too),
		cmocka_unit_test(everything_acknowledged_survives_a_killed_writer),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
