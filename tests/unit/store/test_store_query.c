/* SPDX-License-Identifier: ISC */
#include "store/store_query.h"

#include "sample_incident.h"
#include "store/store_ports.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdio.h>

#include <cmocka.h>

struct fixture {
	struct sample_dir dir;
	struct store *store;
};

static uint32_t day_of(const char *date)
{
	char text[40];
	snprintf(text, sizeof text, "%sT00:00:00Z", date);
	return (uint32_t)(wall_time_seconds(sample_time(text)) / 86400);
}

/*
 * Number 1: the sample, level 4, updated.  2: noise, level 0, closed, one hour later.
 * 3: an IPv6 /64, level 2, open, two hours later.  4: a group with 192.0.2.1, level 5, open, a day
 * later.
 */
static void put_four_incidents(struct store *s)
{
	static struct incident_member members[1];
	struct incident one = sample_incident(), two = sample_incident_numbered(3600);
	two.class = INCIDENT_CLASS_NOISE;
	two.kind = INCIDENT_KIND_BACKSCATTER;
	two.level = 0;
	two.state = INCIDENT_CLOSE;
	struct incident three = sample_incident_numbered(7200);
	three.src = sample_addr("2001:db8:0:7::1");
	three.src_prefix = prefix_of(&three.src, 64);
	three.level = 2;
	three.state = INCIDENT_OPEN;
	struct incident four = sample_incident_numbered(86400);
	members[0] =
		(struct incident_member){sample_addr("192.0.2.1"), INCIDENT_MEMBER_UNKNOWN, NULL};
	four.src = (struct addr){{0}};
	four.src_prefix = (struct prefix){0};
	four.members = members;
	four.members_shown = 1;
	four.sources_count = 40;
	four.level = 5;
	four.state = INCIDENT_OPEN;
	const struct incident *all[] = {&one, &two, &three, &four};
	for (size_t i = 0; i < 4; i++)
		sample_put(s, all[i]);
}

static void put_counts(struct store *s)
{
	struct addr src = sample_addr("198.51.100.20"), dst = sample_addr("203.0.113.5");
	static const char *const days[] = {"2026-09-30", "2026-10-01", "2026-11-19", "2026-11-20"};
	for (unsigned i = 0; i < 4; i++) {
		uint32_t day = day_of(days[i]);
		struct wall_time t = wall_time_from_parts((int64_t)day * 86400 + 3600, 0);
		store_add_port_counts(
			s, &(struct store_port_count){day * 24 + 1, 6, 23, 100, 10 * (i + 1)}, 1);
		store_add_port_counts(s, &(struct store_port_count){day * 24 + 2, 17, 53, 7, 1}, 1);
		store_add_source_counts(s, &(struct store_source_count){day, src, 5, 2}, 1);
		store_add_knocks(s, &(struct store_knock){src, dst, day, 23, 6, 0, 5, t, t}, 1);
	}
	store_add_port_counts(
		s, &(struct store_port_count){day_of("2026-11-20") * 24, 6, 8728, 900, 300}, 1);
	store_add_source_counts(
		s, &(struct store_source_count){day_of("2026-11-20"), dst, 900, 300}, 1);
}

static int set_up(void **state)
{
	static struct fixture f;
	struct store_error e;
	f.dir = sample_dir_make();
	f.store = store_open(f.dir.path, false, &e);
	assert_non_null(f.store);
	put_four_incidents(f.store);
	put_counts(f.store);
	assert_int_equal(store_flush_now(f.store, &e), STORE_FLUSH_DONE);
	*state = &f;
	return 0;
}

static int tear_down(void **state)
{
	struct fixture *f = *state;
	struct store_error e;
	store_close(f->store, &e);
	sample_dir_remove(&f->dir);
	return 0;
}

/* The numbers of a list as text: "4 3 1". */
static void write_numbers(const struct store_incidents *list, char *out, size_t size)
{
	size_t used = 0;
	out[0] = '\0';
	for (size_t i = 0; i < list->count; i++)
		used += (size_t)snprintf(out + used, size - used, "%s%lld", i ? " " : "",
			(long long)list->rows[i].number);
}

static void incidents_are_found_by_every_filter(void **state)
{
	const struct fixture *f = *state;
	struct addr v4 = sample_addr("198.51.100.20"), block = sample_addr("2001:db8:0:7:a:b:c:d");
	struct addr outside = sample_addr("2001:db8:0:8::1"), member = sample_addr("192.0.2.1");
	struct wall_time sample_last = sample_incident().last;
	struct wall_time later = {sample_last.us + 1},
			 two_hours = {sample_last.us + 7200 * CLOCK_US_PER_S};
	struct wall_time before_first = sample_incident().first;
	const struct {
		const char *name;
		struct store_incident_filter filter;
		const char *wanted;
	} rows[] = {
		{"all, latest first", {.limit = 0}, "4 3 2 1"},
		{"since", {.since = later}, "4 3 2"},
		{"since the last packet", {.since = sample_last}, "4 3 2 1"},
		{"until is outside", {.until = before_first}, ""},
		{"until", {.until = two_hours}, "3 2 1"},
		{"level", {.min_level = 2}, "4 3 1"},
		{"class", {.class = "noise"}, "2"},
		{"no such class", {.class = "art"}, ""},
		{"open", {.open_only = true}, "4 3 1"},
		{"limit", {.limit = 2}, "4 3"},
		{"address", {.address = &v4}, "1"},
		{"address in a block", {.address = &block}, "3"},
		{"address beside the block", {.address = &outside}, ""},
		{"address in a group", {.address = &member}, "4"},
		{"all together",
			{.address = &member, .min_level = 5, .open_only = true, .class = "scan"},
			"4"},
		{"address and level", {.address = &v4, .min_level = 5}, ""},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct store_incidents list;
		struct store_error e;
		char got[64];
		if (!store_query_incidents(f->store, &rows[i].filter, &list, &e))
			fail_msg("%s: %s", rows[i].name, e.text);
		write_numbers(&list, got, sizeof got);
		assert_int_equal(list.more, rows[i].filter.limit == 2);
		store_incidents_clear(&list);
		if (strcmp(got, rows[i].wanted) != 0)
			fail_msg(
				"%s: got \"%s\", wanted \"%s\"", rows[i].name, got, rows[i].wanted);
	}
}

static void a_row_holds_what_was_told(void **state)
{
	const struct fixture *f = *state;
	struct store_incidents list;
	struct store_error e;
	struct incident in = sample_incident();
	assert_true(store_query_incident_named(f->store, "1", &list, &e));
	assert_int_equal(list.count, 1);
	const struct store_incident *row = &list.rows[0];
	assert_string_equal(row->id.text, in.id.text);
	assert_int_equal(row->first.us, in.first.us);
	assert_int_equal(row->last.us, in.last.us);
	assert_int_equal(row->state, INCIDENT_UPDATE);
	assert_int_equal(row->level, 4);
	assert_string_equal(row->class, "scan");
	assert_string_equal(row->kind, "vertical");
	assert_string_equal(row->src, "198.51.100.20");
	assert_string_equal(row->src_block, "");
	assert_string_equal(row->dst, "203.0.113.5");
	assert_int_equal(row->packets, 1991);
	assert_int_equal(row->targets, 1024);
	assert_string_equal(row->summary, in.summary);
	struct incident_json_reading r;
	char error[128];
	assert_true(incident_json_read(row->json, strlen(row->json), &r, error, sizeof error));
	assert_string_equal(r.incident.id.text, in.id.text);
	incident_json_clear(&r);
	store_incidents_clear(&list);
}

static void an_incident_answers_to_number_id_and_beginning(void **state)
{
	const struct fixture *f = *state;
	struct incident in = sample_incident();
	char beginning[24], lower[27];
	snprintf(beginning, sizeof beginning, "%.20s", in.id.text);
	for (size_t i = 0; i < sizeof lower; i++)
		lower[i] = (char)(in.id.text[i] >= 'A' ? in.id.text[i] + 32 : in.id.text[i]);
	const struct {
		const char *name;
		size_t wanted;
	} rows[] = {
		{"1", 1},
		{"#4", 1},
		{"5", 0},
		{"#01", 1},
		{in.id.text, 1},
		{beginning, 1},
		{lower, 1},
		{"0", 4},
		{"01", 4},
		{"", 0},
		{"x' OR 1", 0},
		{"99999999999999999999", 0},
		{"%", 0},
		{"-1", 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct store_incidents list;
		struct store_error e;
		assert_true(store_query_incident_named(f->store, rows[i].name, &list, &e));
		if (list.count != rows[i].wanted)
			fail_msg("\"%s\": got %zu, wanted %zu", rows[i].name, list.count,
				rows[i].wanted);
		store_incidents_clear(&list);
	}
}

static void all_tellings_of_an_incident_come_in_order(void **state)
{
	const struct fixture *f = *state;
	struct store_changes list;
	struct store_error e;
	struct incident in = sample_incident();
	in.state = INCIDENT_CLOSE;
	in.now.us += 86400 * CLOCK_US_PER_S;
	sample_put(f->store, &in);
	in.state = INCIDENT_OPEN;
	in.now = in.first;
	sample_put(f->store, &in);
	assert_int_equal(store_flush_now(f->store, &e), STORE_FLUSH_DONE);
	assert_true(store_query_changes(f->store, 1, &list, &e));
	assert_int_equal(list.count, 3);
	assert_int_equal(list.rows[0].state, INCIDENT_OPEN);
	assert_int_equal(list.rows[1].state, INCIDENT_UPDATE);
	assert_int_equal(list.rows[2].state, INCIDENT_CLOSE);
	assert_string_equal(list.rows[2].kind, "vertical");
	store_changes_clear(&list);
}

static void days_and_knocks_of_an_address_are_found(void **state)
{
	const struct fixture *f = *state;
	struct addr src = sample_addr("198.51.100.20"), nobody = sample_addr("192.0.2.77");
	struct store_days days;
	struct store_knocks knocks;
	struct store_error e;
	assert_true(store_query_days(f->store, &src, &days, &e));
	assert_int_equal(days.count, 4);
	assert_int_equal(days.rows[0].day, day_of("2026-09-30"));
	assert_int_equal(days.rows[3].day, day_of("2026-11-20"));
	assert_int_equal(days.rows[3].packets, 5);
	store_days_clear(&days);
	assert_true(store_query_knocks(f->store, &src, 3, &knocks, &e));
	assert_int_equal(knocks.count, 3);
	assert_true(knocks.more);
	assert_int_equal(knocks.rows[0].day, day_of("2026-11-20"));
	assert_int_equal(knocks.rows[0].port, 23);
	assert_int_equal(knocks.rows[0].packets, 5);
	store_knocks_clear(&knocks);
	assert_true(store_query_days(f->store, &nobody, &days, &e));
	assert_int_equal(days.count, 0);
	store_days_clear(&days);
	assert_true(store_query_knocks(f->store, &nobody, 0, &knocks, &e));
	assert_int_equal(knocks.count, 0);
	assert_false(knocks.more);
	store_knocks_clear(&knocks);
}

static void totals_count_what_is_there(void **state)
{
	const struct fixture *f = *state;
	struct store_totals t;
	struct store_error e;
	assert_true(store_query_totals(f->store, sample_time("2026-11-20T20:00:00Z"), &t, &e));
	assert_int_equal(t.incidents, 4);
	assert_int_equal(t.open, 3);
	assert_int_equal(t.by_level[0], 1);
	assert_int_equal(t.by_level[4], 1);
	assert_int_equal(t.packets_today, 905);
	assert_int_equal(t.sources_today, 2);
	assert_int_equal(t.packets_yesterday, 5);
	assert_int_equal(t.sources_yesterday, 1);
	assert_int_equal(t.packets, 4 * 107 + 900);
	assert_int_equal(t.ports, 3);
	assert_int_equal(t.first_day, day_of("2026-09-30"));
	assert_int_equal(t.last_day, day_of("2026-11-20"));
	assert_true(t.file_bytes > 0);
}

static void ports_are_spread_over_months(void **state)
{
	const struct fixture *f = *state;
	struct store_ports p;
	struct store_error e;
	struct store_ports_question q = {STORE_PORTS_BY_MONTH, day_of("2026-11-20"), 3, 2};
	assert_true(store_ports_ask(f->store, &q, &p, &e));
	assert_int_equal(p.columns, 3);
	assert_int_equal(p.starts[0], day_of("2026-09-01"));
	assert_int_equal(p.starts[2], day_of("2026-11-01"));
	assert_int_equal(p.starts[3], day_of("2026-12-01"));
	assert_int_equal(p.count, 2);
	assert_int_equal(p.rows[0].port, 8728);
	assert_int_equal(p.rows[0].touches[2], 300);
	assert_int_equal(p.rows[1].port, 23);
	assert_int_equal(p.rows[1].touches[0], 10);
	assert_int_equal(p.rows[1].touches[1], 20);
	assert_int_equal(p.rows[1].touches[2], 70);
	assert_int_equal(p.rows[1].touches_sum, 100);
	assert_int_equal(p.rows[1].packets_sum, 400);
	assert_int_equal(p.sums[0], 11);
	assert_int_equal(p.ports_all, 3);
	assert_int_equal(p.touches_all, 404);
	store_ports_clear(&p);
}

static void ports_are_spread_over_days_and_across_a_year(void **state)
{
	const struct fixture *f = *state;
	struct store_ports p;
	struct store_error e;
	struct store_ports_question q = {STORE_PORTS_BY_DAY, day_of("2026-11-20"), 2, 10};
	assert_true(store_ports_ask(f->store, &q, &p, &e));
	assert_int_equal(p.starts[0], day_of("2026-11-19"));
	assert_int_equal(p.count, 3);
	assert_int_equal(p.rows[1].touches[0], 30);
	assert_int_equal(p.rows[1].touches[1], 40);
	store_ports_clear(&p);
	q = (struct store_ports_question){STORE_PORTS_BY_MONTH, day_of("2027-01-31"), 3, 1};
	assert_true(store_ports_ask(f->store, &q, &p, &e));
	assert_int_equal(p.starts[0], day_of("2026-11-01"));
	assert_int_equal(p.starts[2], day_of("2027-01-01"));
	assert_int_equal(p.starts[3], day_of("2027-02-01"));
	store_ports_clear(&p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			incidents_are_found_by_every_filter, set_up, tear_down),
		cmocka_unit_test_setup_teardown(a_row_holds_what_was_told, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_incident_answers_to_number_id_and_beginning, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			all_tellings_of_an_incident_come_in_order, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			days_and_knocks_of_an_address_are_found, set_up, tear_down),
		cmocka_unit_test_setup_teardown(totals_count_what_is_there, set_up, tear_down),
		cmocka_unit_test_setup_teardown(ports_are_spread_over_months, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			ports_are_spread_over_days_and_across_a_year, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
