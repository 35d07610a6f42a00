/* SPDX-License-Identifier: ISC */
#include "daemon/access_twins.h"

#include "table_check.h"


enum { LOG = EVENT_ORIGIN_LOG, JOURNAL = EVENT_ORIGIN_JOURNAL, WRAPPER = EVENT_ORIGIN_WRAPPER };

static struct access_event make(unsigned origin, uint32_t pid, int64_t time_ms)
{
	struct access_event a;
	access_event_clear(&a);
	a.time = (struct wall_time){INT64_C(1795183780000000) + time_ms * 1000};
	a.origin = (uint8_t)origin;
	a.pid = pid;
	(void)addr_parse("192.0.2.7", 9, &a.client);
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	return a;
}

static void by_another_way_it_is_the_same_decision(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		unsigned first, second;
		uint32_t pid, other_pid;
		int64_t apart_ms;
		bool twin;
	} rows[] = {{"log and wrapper", LOG, WRAPPER, 7, 7, 900, true},
		{"wrapper and log", WRAPPER, LOG, 7, 7, 900, true},
		{"log and journal, which tells no process", LOG, JOURNAL, 7, 0, 10, true},
		{"the stamp of a line is cut to the second", WRAPPER, LOG, 7, 7, -999, true},
		{"the same way twice", LOG, LOG, 7, 7, 0, false},
		{"another process", LOG, WRAPPER, 7, 8, 0, false},
		{"long ago", LOG, WRAPPER, 7, 7, 6000, false}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		static struct access_twins t;
		memset(&t, 0, sizeof t);
		struct access_event a = make(rows[i].first, rows[i].pid, 0);
		struct access_event b = make(rows[i].second, rows[i].other_pid, rows[i].apart_ms);
		faults += table_check_number(rows[i].name, "first", access_twins_knows(&t, &a), 0);
		faults += table_check_number(
			rows[i].name, "second", access_twins_knows(&t, &b), rows[i].twin);
	}
	assert_int_equal(faults, 0);
}

static void what_differs_is_another_decision(void **state)
{
	(void)state;
	static struct access_twins t;
	struct access_event a = make(LOG, 7, 0), b = make(WRAPPER, 7, 0);
	assert_false(access_twins_knows(&t, &a));
	b.access = EVENT_ACCESS_GRANTED;
	assert_false(access_twins_knows(&t, &b));
	b = make(WRAPPER, 7, 0);
	ACCESS_EVENT_SET(&b, service, text_slice_of("in.ftpd"));
	assert_false(access_twins_knows(&t, &b));
	b = make(WRAPPER, 7, 0);
	b.client.bytes[15]++;
	assert_false(access_twins_knows(&t, &b));
	b = make(WRAPPER, 7, 0);
	ACCESS_EVENT_SET(&a, host, text_slice_of("gate"));
	memset(&t, 0, sizeof t);
	assert_false(access_twins_knows(&t, &a));
	ACCESS_EVENT_SET(&b, host, text_slice_of("south.example"));
	assert_false(access_twins_knows(&t, &b));
	ACCESS_EVENT_SET(&b, host, text_slice_of("gate.example"));
	b.pid = 7;
	b.origin = EVENT_ORIGIN_JOURNAL;
	assert_true(access_twins_knows(&t, &b));
}

static void each_is_the_twin_of_one(void **state)
{
	(void)state;
	static struct access_twins t;
	memset(&t, 0, sizeof t);
	for (unsigned i = 0; i < 3; i++) { /* three lines that look alike: the journal tells no process */
		struct access_event a = make(LOG, 0, i);
		assert_false(access_twins_knows(&t, &a));
	}
	for (unsigned i = 0; i < 4; i++) {
		struct access_event b = make(JOURNAL, 0, i);
		assert_int_equal(access_twins_knows(&t, &b), i < 3);
	}
}

static void names_without_an_address_are_compared(void **state)
{
	(void)state;
	static struct access_twins t;
	struct access_event a = make(LOG, 0, 0), b = make(JOURNAL, 0, 0);
	memset(&t, 0, sizeof t);
	a.client = b.client = (struct addr){{0}};
	ACCESS_EVENT_SET(&a, name, text_slice_of("a.example"));
	ACCESS_EVENT_SET(&b, name, text_slice_of("b.example"));
	assert_false(access_twins_knows(&t, &a));
	assert_false(access_twins_knows(&t, &b));
	b.origin = EVENT_ORIGIN_WRAPPER;
	ACCESS_EVENT_SET(&b, name, text_slice_of("a.example"));
	assert_true(access_twins_knows(&t, &b));
}

static void what_may_be_made_up_is_the_twin_of_the_same_process_alone(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		uint32_t pid, other_pid;
		bool twin;
	} rows[] = {{"the same process", 7, 7, true}, {"another one", 7, 8, false},
		{"the line tells none", 0, 7, false}, {"the kernel tells none", 7, 0, false}};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		static struct access_twins t;
		memset(&t, 0, sizeof t);
		struct access_event line = make(LOG, rows[i].pid, 0);
		struct access_event told = make(WRAPPER, rows[i].other_pid, 10);
		access_twins_add(&t, &line);
		faults += table_check_number(
			rows[i].name, "first", access_twins_finds(&t, &told), rows[i].twin);
		faults += table_check_number(
			rows[i].name, "again", access_twins_finds(&t, &told), false);
	}
	assert_int_equal(faults, 0);
}

static void a_storm_makes_it_forget_the_oldest(void **state)
{
	(void)state;
	static struct access_twins t;
	memset(&t, 0, sizeof t);
	for (uint32_t i = 1; i <= ACCESS_TWINS_MOST + 10; i++) {
		struct access_event a = make(LOG, i, 0);
		assert_false(access_twins_knows(&t, &a));
	}
	struct access_event oldest = make(WRAPPER, 1, 0);
	struct access_event latest = make(WRAPPER, ACCESS_TWINS_MOST + 10, 0);
	assert_true(access_twins_knows(&t, &latest));
	assert_false(access_twins_knows(&t, &oldest));
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(by_another_way_it_is_the_same_decision),
		cmocka_unit_test(what_differs_is_another_decision),
		cmocka_unit_test(each_is_the_twin_of_one),
		cmocka_unit_test(names_without_an_address_are_compared),
		cmocka_unit_test(what_may_be_made_up_is_the_twin_of_the_same_process_alone),
		cmocka_unit_test(a_storm_makes_it_forget_the_oldest),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
