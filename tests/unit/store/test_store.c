/* SPDX-License-Identifier: ISC */
#include "store/store.h"

#include "sample_incident.h"
#include "store/store_query.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

static struct store *open_for_writing(const struct sample_dir *d)
{
	struct store_error e;
	struct store *s = store_open(d->path, false, &e);
	if (s == NULL)
		fail_msg("%s", e.text);
	return s;
}

static void close_well(struct store *s)
{
	struct store_error e;
	if (!store_close(s, &e))
		fail_msg("%s", e.text);
}

/* The one number that a statement gives. */
static int64_t ask(const struct store *s, const char *sql)
{
	sqlite3_stmt *q = NULL;
	assert_int_equal(sqlite3_prepare_v2(store_database(s), sql, -1, &q, NULL), SQLITE_OK);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	int64_t n = sqlite3_column_int64(q, 0);
	sqlite3_finalize(q);
	return n;
}

static void what_was_flushed_is_there_after_reopening(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	struct incident in = sample_incident();
	sample_put(s, &in);
	assert_int_equal(store_flush_now(s, &e), STORE_FLUSH_DONE);
	assert_int_equal(store_rows_waiting(s), 0);
	close_well(s);
	s = store_open(d.path, true, &e);
	assert_non_null(s);
	assert_int_equal(ask(s, "SELECT count(*) FROM incident"), 1);
	close_well(s);
	sample_dir_remove(&d);
}

static void closing_writes_what_still_waits(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store *s = open_for_writing(&d);
	struct incident in = sample_incident();
	sample_put(s, &in);
	close_well(s);
	s = open_for_writing(&d);
	assert_int_equal(ask(s, "SELECT count(*) FROM incident"), 1);
	close_well(s);
	sample_dir_remove(&d);
}

static void an_incident_told_again_keeps_its_number_and_shows_its_last_state(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	struct incident in = sample_incident(), other = sample_incident_numbered(1);
	struct wall_time opened = in.now;
	in.state = INCIDENT_OPEN;
	in.level = 2;
	sample_put(s, &in);
	sample_put(s, &other);
	in.state = INCIDENT_CLOSE;
	in.level = 4;
	in.now.us += 60 * CLOCK_US_PER_S;
	sample_put(s, &in);
	sample_put(s, &in); /* the same telling twice is one change */
	assert_int_equal(store_flush_now(s, &e), STORE_FLUSH_DONE);
	assert_int_equal(ask(s, "SELECT count(*) FROM incident"), 2);
	assert_int_equal(ask(s, "SELECT state FROM incident WHERE number = 1"), INCIDENT_CLOSE);
	assert_int_equal(ask(s, "SELECT level FROM incident WHERE number = 1"), 4);
	assert_int_equal(ask(s, "SELECT opened FROM incident WHERE number = 1"), opened.us);
	assert_int_equal(ask(s, "SELECT changed FROM incident WHERE number = 1"), in.now.us);
	assert_int_equal(ask(s, "SELECT count(*) FROM incident_change WHERE incident = 1"), 2);
	close_well(s);
	sample_dir_remove(&d);
}

static void counts_add_up_by_hour_and_by_day(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	const struct store_port_count ports[] = {{24, 6, 23, 10, 5}, {24, 6, 23, 1, 1},
		{47, 6, 23, 2, 1}, {48, 6, 23, 4, 4}, {24, 17, 23, 9, 9}};
	struct addr src = sample_addr("192.0.2.9"), dst = sample_addr("203.0.113.5");
	const struct store_source_count sources[] = {
		{7, src, 3, 1}, {7, src, 4, 2}, {8, src, 1, 1}};
	const struct store_knock knocks[] = {{src, dst, 7, 23, 6, 0, 2, {5000}, {6000}},
		{src, dst, 7, 23, 6, 0, 3, {4000}, {5500}}};
	store_add_port_counts(s, ports, 5);
	store_add_source_counts(s, sources, 3);
	store_add_knocks(s, knocks, 2);
	assert_int_equal(store_flush_now(s, &e), STORE_FLUSH_DONE);
	static const struct {
		const char *sql;
		int64_t wanted;
	} rows[] = {
		{"SELECT packets FROM port_hour WHERE hour = 24 AND proto = 6 AND port = 23", 11},
		{"SELECT count(*) FROM port_hour", 4},
		{"SELECT packets FROM port_day WHERE day = 1 AND proto = 6 AND port = 23", 13},
		{"SELECT touches FROM port_day WHERE day = 1 AND proto = 6 AND port = 23", 7},
		{"SELECT count(*) FROM port_day", 3},
		{"SELECT packets FROM source_day WHERE day = 7", 7},
		{"SELECT targets FROM source_day WHERE day = 7", 3},
		{"SELECT packets FROM knock", 5},
		{"SELECT first FROM knock", 4000},
		{"SELECT last FROM knock", 6000},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		int64_t got = ask(s, rows[i].sql);
		if (got != rows[i].wanted)
			fail_msg("%s: got %lld, wanted %lld", rows[i].sql, (long long)got,
				(long long)rows[i].wanted);
	}
	close_well(s);
	sample_dir_remove(&d);
}

static void rows_are_written_once_a_second_or_by_the_thousand(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	struct store_port_count c = {24, 6, 23, 1, 1};
	struct wall_time now = {1000 * CLOCK_US_PER_S};
	store_add_port_counts(s, &c, 1);
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_DONE);
	store_add_port_counts(s, &c, 1);
	now.us += CLOCK_US_PER_S / 2;
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_LATER);
	assert_int_equal(store_rows_waiting(s), 1);
	now.us += CLOCK_US_PER_S / 2;
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_DONE);
	store_add_port_counts(s, &c, 1);
	now.us -= 5 * CLOCK_US_PER_S; /* a clock set back does not stop the writing */
	assert_int_equal(store_flush(s, now, &e), STORE_FLUSH_DONE);
	for (int i = 0; i < STORE_ROWS_PER_TRANSACTION - 1; i++)
		store_add_port_counts(s, &c, 1);
	assert_int_equal(store_rows_waiting(s), STORE_ROWS_PER_TRANSACTION - 1);
	store_add_port_counts(s, &c, 1);
	assert_int_equal(store_rows_waiting(s), 0);
	assert_int_equal(ask(s, "SELECT packets FROM port_day"), 3 + STORE_ROWS_PER_TRANSACTION);
	close_well(s);
	sample_dir_remove(&d);
}

static void pruning_takes_old_knocks_and_hours_and_nothing_else(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	struct addr a = sample_addr("192.0.2.9");
	for (uint32_t day = 100; day < 110; day++) {
		store_add_port_counts(s, &(struct store_port_count){day * 24, 6, 23, 1, 1}, 1);
		store_add_source_counts(s, &(struct store_source_count){day, a, 1, 1}, 1);
		store_add_knocks(
			s, &(struct store_knock){.src = a, .dst = a, .day = day, .packets = 1}, 1);
	}
	assert_int_equal(store_flush_now(s, &e), STORE_FLUSH_DONE);
	assert_true(store_prune(s, wall_time_from_parts(107 * INT64_C(86400) + 1800, 0), &e));
	assert_int_equal(ask(s, "SELECT min(day) FROM knock"), 107);
	assert_int_equal(ask(s, "SELECT min(hour) FROM port_hour"), 107 * 24);
	assert_int_equal(ask(s, "SELECT count(*) FROM port_day"), 10);
	assert_int_equal(ask(s, "SELECT count(*) FROM source_day"), 10);
	close_well(s);
	sample_dir_remove(&d);
}

static void a_reader_sees_what_a_writer_flushed_and_never_blocks_it(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *writer = open_for_writing(&d), *reader = store_open(d.path, true, &e);
	sqlite3_stmt *q;
	assert_non_null(reader);
	for (unsigned i = 0; i < 5; i++) {
		struct incident in = sample_incident_numbered(i);
		sample_put(writer, &in);
	}
	assert_int_equal(store_flush_now(writer, &e), STORE_FLUSH_DONE);
	sqlite3_prepare_v2(store_database(reader), "SELECT number FROM incident", -1, &q, NULL);
	assert_int_equal(sqlite3_step(q), SQLITE_ROW);
	struct incident more = sample_incident_numbered(9);
	sample_put(writer, &more);
	assert_int_equal(store_flush_now(writer, &e), STORE_FLUSH_DONE);
	sqlite3_finalize(q);
	assert_int_equal(ask(reader, "SELECT count(*) FROM incident"), 6);
	close_well(reader);
	close_well(writer);
	sample_dir_remove(&d);
}

static void a_group_is_stored_with_all_its_sources(void **state)
{
	(void)state;
	struct sample_dir d = sample_dir_make();
	struct store_error e;
	struct store *s = open_for_writing(&d);
	struct incident_member members[2] = {
		{sample_addr("192.0.2.1"), INCIDENT_MEMBER_UNKNOWN, NULL},
		{sample_addr("2001:db8::9"), INCIDENT_MEMBER_UNKNOWN, NULL}};
	struct incident in = sample_incident();
	in.src = (struct addr){{0}};
	in.members = members;
	in.members_shown = 2;
	in.sources_count = 2;
	sample_put(s, &in);
	sample_put(s, &in);
	assert_int_equal(store_flush_now(s, &e), STORE_FLUSH_DONE);
	assert_int_equal(ask(s, "SELECT count(*) FROM incident_source"), 2);
	assert_int_equal(ask(s, "SELECT src IS NULL FROM incident"), 1);
	close_well(s);
	sample_dir_remove(&d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(what_was_flushed_is_there_after_reopening),
		cmocka_unit_test(closing_writes_what_still_waits),
		cmocka_unit_test(an_incident_told_again_keeps_its_number_and_shows_its_last_state),
		cmocka_unit_test(counts_add_up_by_hour_and_by_day),
		cmocka_unit_test(rows_are_written_once_a_second_or_by_the_thousand),
		cmocka_unit_test(pruning_takes_old_knocks_and_hours_and_nothing_else),
		cmocka_unit_test(a_reader_sees_what_a_writer_flushed_and_never_blocks_it),
		cmocka_unit_test(a_group_is_stored_with_all_its_sources),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
