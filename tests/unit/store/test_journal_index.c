/* SPDX-License-Identifier: ISC */
#include "journal_scene.h"
#include "sample_incident.h"

#include "event/event_json.h"
#include "store/count_json.h"
#include "store/journal_index.h"
#include "store/store_query.h"

#include <stdio.h>

static int64_t ask(const struct store *s, const char *sql)
{
	sqlite3_stmt *q = NULL;
	assert_int_equal(sqlite3_prepare_v2(store_database(s), sql, -1, &q, NULL), SQLITE_OK);
	int64_t n = sqlite3_step(q) == SQLITE_ROW ? sqlite3_column_int64(q, 0) : -1;
	sqlite3_finalize(q);
	return n;
}

static void append_line(struct journal_scene *s, const struct json_line *line)
{
	struct store_error error;
	assert_true(journal_writer_append(s->writer, line->text, line->used) > 0);
	assert_int_equal(journal_writer_flush(s->writer, &error), JOURNAL_WRITER_DONE);
}

static void append_incident(struct journal_scene *s, unsigned n)
{
	struct json_line line = {0};
	struct incident in = sample_incident_numbered(n);
	incident_json_write(&line, &in, &(struct incident_json_names){"minnie", "eth0"});
	append_line(s, &line);
	json_line_clear(&line);
}

static void append_knock(struct journal_scene *s, uint16_t port)
{
	struct json_line line = {0};
	struct event e;
	event_clear(&e);
	e.time = s->now;
	e.src = sample_addr("198.51.100.20");
	e.dst = sample_addr("203.0.113.5");
	e.proto = IP_PROTO_TCP;
	e.dst_port = port;
	e.has = EVENT_HAS_PORTS;
	e.probe = EVENT_PROBE_SYN;
	event_json_write(&line, &e, &(struct event_json_names){.host = "minnie"});
	append_line(s, &line);
	json_line_clear(&line);
}

static void append_count(struct journal_scene *s, uint64_t packets)
{
	struct json_line line = {0};
	struct store_port_count row = {
		(uint32_t)(s->now.us / CLOCK_US_PER_S / 3600), 6, 23, packets, 1};
	count_json_write(&line, &row, 1, s->now, "minnie");
	append_line(s, &line);
	json_line_clear(&line);
}

static struct store *open_index(struct journal_scene *s, struct journal_index **index)
{
	struct store_error error;
	struct store *store = store_open(s->state, false, &error);
	assert_non_null(store);
	*index = journal_index_open(s->state, store, &error);
	return store;
}

static void close_index(struct store *store, struct journal_index *index)
{
	struct store_error error;
	journal_index_close(index);
	assert_true(store_close(store, &error));
}

static void records_become_rows(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_index *index;
	struct journal_place newest;
	struct store_error error;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	append_incident(&s, 1);
	append_knock(&s, 22);
	append_knock(&s, 22);
	append_count(&s, 7);
	append_count(&s, 4);
	journal_scene_append(&s, 3); /* no knocks that could be understood */
	struct store *store = open_index(&s, &index);
	assert_int_equal(journal_index_follow(index, 4), 4);
	assert_int_equal(journal_index_follow(index, 100), 5);
	assert_int_equal(journal_index_skipped(index), 3);
	assert_int_equal(store_flush_now(store, &error), STORE_FLUSH_DONE);
	assert_int_equal(ask(store, "SELECT count(*) FROM incident"), 1);
	assert_int_equal(ask(store, "SELECT packets FROM knock WHERE port = 22"), 2);
	assert_int_equal(ask(store, "SELECT packets FROM port_day WHERE port = 23"), 11);
	assert_int_equal(ask(store, "SELECT packets FROM source_day"), 2);
	assert_int_equal(
		ask(store, "SELECT recorded FROM source_day"), s.now.us / CLOCK_US_PER_S / 86400);
	assert_true(store_newest_record(store, &newest, &error));
	assert_int_equal(newest.seq, 9);
	close_index(store, index);
	journal_scene_end(&s);
}

static void the_line_of_an_incident_is_as_it_was_told(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_index *index;
	struct store_error error;
	struct store_incidents list;
	struct incident in = sample_incident_numbered(1);
	char *line = sample_line(&in, &(struct incident_json_names){"minnie", "eth0"});
	journal_scene_begin(&s);
	journal_scene_open(&s);
	append_incident(&s, 1);
	struct store *store = open_index(&s, &index);
	journal_index_follow(index, 100);
	store_flush_now(store, &error);
	assert_true(
		store_query_incidents(store, &(struct store_incident_filter){0}, &list, &error));
	assert_int_equal(list.count, 1);
	assert_string_equal(list.rows[0].json, line);
	store_incidents_clear(&list);
	free(line);
	close_index(store, index);
	journal_scene_end(&s);
}

/* Whatever was in the index when the process died, and in whichever record: nothing twice, nothing left out. */
static void it_goes_on_behind_the_last_record_that_is_on_disk(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_index *index;
	struct store_error error;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	for (unsigned i = 0; i < 20; i++) {
		append_count(&s, 1);
		append_knock(&s, 80);
	}
	for (unsigned step = 1; step < 9; step++) {
		struct store *store = open_index(&s, &index);
		assert_non_null(index);
		journal_index_follow(index, step);
		store_flush_now(store, &error);
		close_index(store, index);
	}
	struct store *store = open_index(&s, &index);
	journal_index_follow(index, 1000);
	store_flush_now(store, &error);
	assert_int_equal(ask(store, "SELECT packets FROM port_day"), 20);
	assert_int_equal(ask(store, "SELECT packets FROM knock"), 20);
	close_index(store, index);
	journal_scene_end(&s);
}

static void the_index_of_another_journal_is_refused(void **state)
{
	(void)state;
	struct journal_scene s;
	struct journal_index *index;
	struct store_error error;
	journal_scene_begin(&s);
	journal_scene_open(&s);
	journal_scene_append(&s, 3);
	struct store *store = open_index(&s, &index);
	journal_index_follow(index, 100);
	close_index(store, index);
	journal_scene_close(&s);
	char path[256];
	snprintf(path, sizeof path, "%s", journal_scene_path(&s, "2026-11-20.jsonl"));
	unlink(path);
	journal_scene_open(&s);
	journal_scene_append(&s, 3);
	store = store_open(s.state, false, &error);
	assert_null(journal_index_open(s.state, store, &error));
	assert_int_equal(error.trouble, STORE_TROUBLE_FOREIGN);
	assert_non_null(strstr(error.text, "reindex"));
	store_close(store, &error);
	journal_scene_end(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(records_become_rows),
		cmocka_unit_test(the_line_of_an_incident_is_as_it_was_told),
		cmocka_unit_test(it_goes_on_behind_the_last_record_that_is_on_disk),
		cmocka_unit_test(the_index_of_another_journal_is_refused),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
