/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "sample_incident.h"

#include "event/event_json.h"
#include "store/count_json.h"
#include "store/journal_index.h"
#include "store/store_rebuild.h"

#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>

static void append_line(struct journal_scene *s, struct json_line *line)
{
	struct store_error error;
	assert_true(journal_writer_append(s->writer, line->text, line->used) > 0);
	assert_int_equal(journal_writer_flush(s->writer, &error), JOURNAL_WRITER_DONE);
	json_line_clear(line);
}

/* A telling of incident `n` at the scene's time; the first is its opening. */
static void append_incident(struct journal_scene *s, unsigned n, enum incident_state state)
{
	struct json_line line = {0};
	struct incident in = sample_incident_numbered(n);
	struct incident_member members[2] = {{.address = addr_from_v4(0x0a000000 + n)},
		{.address = addr_from_v4(0x0a000100 + n)}};
	in.state = state;
	in.now = in.last = s->now;
	in.members = members;
	in.members_shown = n % 2 ? 2 : 0;
	incident_json_write(&line, &in, &(struct incident_json_names){"minnie", "eth0"});
	append_line(s, &line);
}

static void append_knock(struct journal_scene *s, uint32_t source, uint16_t port)
{
	struct json_line line = {0};
	struct event e;
	event_clear(&e);
	e.time = s->now;
	e.src = addr_from_v4(source);
	e.dst = sample_addr("203.0.113.5");
	e.proto = IP_PROTO_TCP;
	e.dst_port = port;
	e.has = EVENT_HAS_PORTS;
	e.probe = EVENT_PROBE_SYN;
	event_json_write(&line, &e, &(struct event_json_names){.host = "minnie"});
	append_line(s, &line);
}

/* Of the hour that the scene is in, or of one long ago (an old log that is recorded today). */
static void append_count(struct journal_scene *s, uint32_t days_ago, uint16_t port)
{
	struct json_line line = {0};
	struct store_port_count row = {
		(uint32_t)(s->now.us / CLOCK_US_PER_S / 3600) - 24 * days_ago, 6, port, 3, 2};
	count_json_write(&line, &row, 1, s->now, "minnie");
	append_line(s, &line);
}

/* Four days: each has news of its own, of the day before, and of the first. */
static void live(struct journal_scene *s)
{
	journal_scene_open(s);
	for (unsigned day = 0; day < 4; day++) {
		if (day > 0)
			journal_scene_wait(s, 86400);
		for (unsigned i = 0; i <= day; i++)
			append_incident(s, 10 * i, i == day ? INCIDENT_OPEN : INCIDENT_UPDATE);
		append_incident(s, 10 * day + 1, INCIDENT_OPEN);
		append_incident(s, 10 * day + 1, INCIDENT_CLOSE);
		append_knock(s, 0xc6336414, (uint16_t)(20 + day));
		append_knock(s, 0xc6336414, 23);
		append_knock(s, 0xc6336415 + day, 23);
		append_count(s, 0, 23);
		append_count(s, day, 23);
		append_count(s, day / 2, (uint16_t)(1000 + day));
	}
	journal_scene_close(s);
}

static void index_journal(const struct journal_scene *s)
{
	struct store_error error;
	struct store *store = store_open(s->state, false, &error);
	assert_non_null(store);
	struct journal_index *index = journal_index_open(s->state, store, &error);
	assert_non_null(index);
	while (journal_index_follow(index, 100) > 0)
		continue;
	assert_int_equal(journal_index_skipped(index), 0);
	journal_index_close(index);
	assert_true(store_close(store, &error));
}

/* All rows of all tables, a line each, in the order of their keys. */
static char *dump(const struct journal_scene *s)
{
	static const char *const tables[] = {"incident", "incident_change", "incident_source",
		"knock", "port_hour", "port_day", "source_day", "meta"};
	struct store_error error;
	struct store *store = store_open(s->state, true, &error);
	assert_non_null(store);
	char *text = NULL;
	size_t size = 0;
	FILE *out = open_memstream(&text, &size);
	for (size_t i = 0; i < sizeof tables / sizeof tables[0]; i++) {
		char sql[64];
		sqlite3_stmt *q = NULL;
		snprintf(sql, sizeof sql, "SELECT * FROM %s", tables[i]);
		assert_int_equal(
			sqlite3_prepare_v2(store_database(store), sql, -1, &q, NULL), SQLITE_OK);
		while (sqlite3_step(q) == SQLITE_ROW) {
			fprintf(out, "%s", tables[i]);
			for (int c = 0; c < sqlite3_column_count(q); c++)
				fprintf(out, "|%s", (const char *)sqlite3_column_text(q, c));
			fputc('\n', out);
		}
		sqlite3_finalize(q);
	}
	fclose(out);
	store_close(store, &error);
	return text;
}

static struct store_rebuild_report rebuild(const struct journal_scene *s)
{
	struct store_rebuild_report report;
	struct store_error error;
	if (!store_rebuild_run(s->state, &(struct store_rebuild_options){0}, &report, &error))
		fail_msg("%s", error.text);
	return report;
}

static char *file_of(const struct journal_scene *s, const char *name)
{
	static char path[256];
	snprintf(path, sizeof path, "%s/%s", s->state, name);
	return path;
}

static void the_same_journal_makes_the_same_index(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	char *before = dump(&s);
	struct store_rebuild_report r = rebuild(&s);
	assert_true(r.records > 40);
	assert_int_equal(r.skipped, 0);
	assert_false(r.old_lost);
	char *after = dump(&s);
	assert_string_equal(after, before);
	free(after);
	/* and without an old one to learn numbers from */
	unlink(file_of(&s, "knockwatch.db"));
	rebuild(&s);
	after = dump(&s);
	assert_string_equal(after, before);
	free(after);
	free(before);
	assert_int_not_equal(access(file_of(&s, "reindex.tmp"), F_OK), 0);
	journal_scene_end(&s);
}

static void what_stems_from_days_that_are_gone_is_taken_over(void **state)
{
	(void)state;
	static const char *const days[] = {
		"2026-11-20.jsonl", "2026-11-21.jsonl", "2026-11-22.jsonl"};
	struct journal_scene s;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	char *before = dump(&s);
	for (size_t i = 0; i < 3; i++) {
		unlink(journal_scene_path(&s, days[i]));
		for (int again = 0; again < 2; again++) {
			rebuild(&s);
			char *after = dump(&s);
			assert_string_equal(after, before);
			free(after);
		}
	}
	free(before);
	journal_scene_end(&s);
}

static void what_the_journal_does_not_tell_goes_from_the_index(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	char *before = dump(&s);
	struct store *store = store_open(s.state, false, &error);
	assert_int_equal(
		sqlite3_exec(store_database(store),
			"UPDATE port_day SET packets = packets * 2; DELETE FROM knock;"
			"UPDATE incident SET summary = 'nothing happened', level = 0;"
			"DELETE FROM incident_source; UPDATE incident_change SET level = 0;",
			NULL, NULL, NULL),
		SQLITE_OK);
	store_close(store, &error);
	rebuild(&s);
	char *after = dump(&s);
	assert_string_equal(after, before);
	free(after);
	free(before);
	journal_scene_end(&s);
}

static void a_damaged_index_is_kept_aside(void **state)
{
	(void)state;
	struct journal_scene s;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	char *before = dump(&s);
	int fd = open(file_of(&s, "knockwatch.db"), O_WRONLY | O_CLOEXEC);
	char noise[3000];
	memset(noise, 0x5a, sizeof noise);
	assert_int_equal(pwrite(fd, noise, sizeof noise, 100), (ssize_t)sizeof noise);
	close(fd);
	struct store_rebuild_report r = rebuild(&s);
	assert_true(r.old_lost);
	assert_string_equal(r.aside, "knockwatch.db.damaged");
	assert_int_equal(access(file_of(&s, r.aside), F_OK), 0);
	char *after = dump(&s);
	assert_string_equal(after, before);
	free(after);
	free(before);
	journal_scene_end(&s);
}

static void a_newer_or_foreign_index_stays(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	struct store_rebuild_report report;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	struct store *store = store_open(s.state, false, &error);
	sqlite3_exec(store_database(store),
		"UPDATE meta SET value = '999' WHERE key = 'schema_version'", NULL, NULL, NULL);
	store_close(store, &error);
	assert_false(
		store_rebuild_run(s.state, &(struct store_rebuild_options){0}, &report, &error));
	assert_int_equal(error.trouble, STORE_TROUBLE_NEWER);
	assert_int_equal(access(file_of(&s, "knockwatch.db"), F_OK), 0);
	journal_scene_end(&s);
	journal_scene_begin(&s); /* and where there is no journal */
	assert_false(
		store_rebuild_run(s.state, &(struct store_rebuild_options){0}, &report, &error));
	assert_int_equal(error.trouble, STORE_TROUBLE_MISSING);
	assert_int_not_equal(access(file_of(&s, "knockwatch.db"), F_OK), 0);
	journal_scene_end(&s);
}

/* A question that is open while the file is replaced must neither fail nor harm the new one. */
static void a_reader_of_the_old_one_does_no_harm(void **state)
{
	(void)state;
	struct journal_scene s;
	struct store_error error;
	journal_scene_begin(&s);
	live(&s);
	index_journal(&s);
	char *before = dump(&s);
	struct store *reader = store_open(s.state, true, &error);
	sqlite3_stmt *q = NULL;
	sqlite3_prepare_v2(store_database(reader), "SELECT count(*) FROM incident", -1, &q, NULL);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	sqlite3_reset(q);
	rebuild(&s);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	assert_int_equal(sqlite3_column_int(q, 0), 8);
	sqlite3_finalize(q);
	store_close(reader, &error);
	char *after = dump(&s);
	assert_string_equal(after, before);
	free(after);
	free(before);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_same_journal_makes_the_same_index),
		cmocka_unit_test(what_stems_from_days_that_are_gone_is_taken_over),
		cmocka_unit_test(what_the_journal_does_not_tell_goes_from_the_index),
		cmocka_unit_test(a_damaged_index_is_kept_aside),
		cmocka_unit_test(a_newer_or_foreign_index_stays),
		cmocka_unit_test(a_reader_of_the_old_one_does_no_harm),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
