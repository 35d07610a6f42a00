/* SPDX-License-Identifier: ISC */
#include "track/dossier.h"

#include "table_check.h"

#include <stdio.h>

static struct wall_time at_second(int64_t second)
{
	return wall_time_from_parts(INT64_C(1767571200) + second, 0);
}

static struct addr source(uint32_t number)
{
	return addr_from_v4(UINT32_C(0xc6120000) + number);
}

struct leaving {
	uint32_t numbers[64];
	unsigned count;
};

static void note_leaving(void *context, struct dossier *d)
{
	struct leaving *l = context;
	assert_true(l->count < TABLE_CHECK_ROWS(l->numbers));
	assert_int_not_equal(d->form, DOSSIER_FREE);
	l->numbers[l->count++] = d->number;
}

struct worth {
	enum dossier_form form;
	double score;
	uint32_t new_targets;
	int64_t last_s;
};

struct victim_row {
	const char *name;
	struct worth dossiers[3];
	unsigned victim;
};

static const struct victim_row victim_rows[] = {
	{"the oldest of equals",
		{{DOSSIER_SOURCE, 9, 5, 30}, {DOSSIER_SOURCE, 9, 5, 10},
			{DOSSIER_SOURCE, 9, 5, 20}},
		1},
	{"harmless before guilty",
		{{DOSSIER_SOURCE, 9, 5, 1}, {DOSSIER_SOURCE, 9, 5, 2}, {DOSSIER_REPLIES, 0, 0, 99}},
		2},
	{"callers and local noise are harmless",
		{{DOSSIER_CALLERS, 0, 500, 5}, {DOSSIER_SOURCE, 9, 5, 2}, {DOSSIER_LAN, 0, 500, 6}},
		0},
	{"a source below the notice is harmless",
		{{DOSSIER_SOURCE, 9, 5, 1}, {DOSSIER_SOURCE, 4.5, 5, 99},
			{DOSSIER_SOURCE, 4.7, 5, 2}},
		1},
	{"small before large",
		{{DOSSIER_SOURCE, 9, 100, 1}, {DOSSIER_SOURCE, 9, 5000, 2},
			{DOSSIER_SOURCE, 9, 99, 50}},
		2},
	{"a flood is not harmless",
		{{DOSSIER_FLOOD, 13.8, 1, 1}, {DOSSIER_SOURCE, 0, 1, 99},
			{DOSSIER_DECOYS, 9, 1, 2}},
		1},
};

static unsigned check_victim(const struct victim_row *row)
{
	struct leaving left = {.count = 0};
	struct dossier_pool *p = dossier_pool_create(3, 1 << 20);
	uint32_t numbers[3];
	dossier_pool_on_leave(p, note_leaving, &left);
	for (unsigned i = 0; i < 3; i++) {
		const struct worth *w = &row->dossiers[i];
		struct dossier *d = dossier_pool_open(p, w->form, at_second(w->last_s));
		d->score = w->score;
		d->new_targets = w->new_targets;
		numbers[i] = d->number;
	}
	assert_non_null(dossier_pool_open(p, DOSSIER_SOURCE, at_second(10000)));
	unsigned faults = table_check_number(row->name, "left", left.count, 1);
	faults += table_check_number(row->name, "who left", left.numbers[0], numbers[row->victim]);
	for (unsigned i = 0; i < 3; i++)
		faults += table_check_number(row->name, "is still there",
			dossier_pool_get(p, numbers[i]) != NULL, i != row->victim);
	faults += table_check_number(row->name, "drops", (long long)dossier_pool_evictions(p), 1);
	dossier_pool_destroy(p);
	return faults;
}

static void the_least_valuable_makes_room(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(victim_rows); i++)
		faults += check_victim(&victim_rows[i]);
	assert_int_equal(faults, 0);
}

static void a_fresh_dossier_presumes_nothing(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(2, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(5));
	assert_int_equal(d->first.us, at_second(5).us);
	assert_int_equal(d->last.us, at_second(5).us);
	assert_int_equal(d->block_bits, 128);
	assert_true(d->spoofable);
	assert_int_equal(d->signature, -1);
	assert_int_equal(d->signature_level, -1);
	assert_int_equal(d->packets, 0);
	assert_int_equal(target_set_count(&d->targets).targets, 0);
	assert_true(d->number != 0);
	assert_true(dossier_place(d->number) <= dossier_pool_size(p));
	dossier_pool_destroy(p);
	dossier_pool_destroy(NULL);
}

/* A number is a place and a generation: an old number never reaches the new tenant. */
static void a_number_outlives_nobody(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	uint32_t before = 0;
	assert_null(dossier_pool_get(p, 0));
	for (int i = 0; i < 1000; i++) {
		struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(i));
		assert_non_null(d);
		assert_int_not_equal(d->number, before);
		assert_null(dossier_pool_get(p, before));
		assert_ptr_equal(dossier_pool_get(p, d->number), d);
		before = d->number;
		if (i % 3 == 0) {
			dossier_pool_free(p, d);
			assert_null(dossier_pool_get(p, before));
		}
	}
	dossier_pool_destroy(p);
}

static void everybody_is_walked_once(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(10, 1 << 20);
	struct dossier *opened[10];
	bool met[11] = {false};
	for (int i = 0; i < 10; i++)
		opened[i] = dossier_pool_open(p, DOSSIER_SOURCE, at_second(i));
	for (int i = 0; i < 10; i += 3)
		dossier_pool_free(p, opened[i]);
	uint32_t cursor = 0;
	unsigned walked = 0;
	for (struct dossier *d; (d = dossier_pool_next(p, &cursor)) != NULL; walked++) {
		assert_false(met[dossier_place(d->number)]);
		met[dossier_place(d->number)] = true;
	}
	assert_int_equal(walked, 6);
	assert_int_equal(dossier_pool_size(p), 10);
	dossier_pool_destroy(p);
}

/* Where the room is used up, a set becomes a sketch and goes on counting; nobody is pushed out. */
static void sets_that_find_no_room_become_sketches(void **state)
{
	(void)state;
	enum { COUNT = 100, MORE = 128 * 1024 };
	struct dossier_pool *p = dossier_pool_create(COUNT, MORE);
	unsigned sketches = 0;
	for (uint32_t i = 0; i < COUNT; i++) {
		uint32_t targets = 20 + i % 10 * 200;
		struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(i));
		for (uint32_t port = 0; port < targets; port++) {
			struct target t = {i, (uint16_t)port, TARGET_TCP, 0};
			target_set_add(&d->targets, t);
		}
		bool sketch = d->targets.form == TARGET_FORM_SKETCH;
		struct target_counts c = target_set_count(&d->targets);
		sketches += sketch;
		assert_true(targets > 48 || !sketch); /* these fit into its cell */
		assert_true(sketch ? c.targets > targets / 2 : c.targets == targets);
	}
	assert_in_range(sketches, 50, 90);
	assert_int_equal(dossier_pool_evictions(p), 0);
	dossier_pool_destroy(p);
}

/* Sets may take all but what groups need; when there are as many groups as may be, one of them goes. */
static void a_group_always_finds_room_for_some_members(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(200, 64 * 1024);
	for (uint32_t i = 0; i < 100; i++) {
		struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(i));
		for (uint32_t port = 0; port < 1000; port++)
			target_set_add(
				&d->targets, (struct target){i, (uint16_t)port, TARGET_TCP, 0});
	}
	for (uint32_t i = 0; i < 50; i++) {
		struct dossier *d = dossier_pool_open(p, DOSSIER_FLOOD, at_second(200));
		assert_non_null(d);
		for (uint32_t j = 0; j < 100; j++) {
			struct addr a = source(j);
			dossier_add_member(d, &a, NULL, false);
		}
		assert_in_range(d->members_kept, 23, DOSSIER_CALLERS_MAX);
		assert_in_range(dossier_sources(d), 80, 120);
	}
	assert_true(dossier_pool_evictions(p) >= 40);
	uint32_t cursor = 0;
	unsigned scans = 0;
	for (struct dossier *d; (d = dossier_pool_next(p, &cursor)) != NULL;)
		scans += d->form == DOSSIER_SOURCE;
	assert_int_equal(scans, 100); /* no scan made room for a flood */
	dossier_pool_destroy(p);
}

/* Room that is given back can be used again, whatever form the set had. */
static void the_budget_is_whole_again_when_all_are_gone(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(8, 256 * 1024);
	for (int round = 0; round < 50; round++) {
		struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(round));
		for (uint32_t port = 0; port < 65536; port += 1 + (uint32_t)round)
			target_set_add(
				&d->targets, (struct target){1, (uint16_t)port, TARGET_TCP, 0});
		assert_int_equal(d->targets.form, TARGET_FORM_DENSE);
		dossier_pool_free(p, d);
	}
	dossier_pool_destroy(p);
}

struct refusal_row {
	const char *name;
	struct worth tenants; /* all of them */
	enum dossier_form newcomer;
	int64_t at_s;
	bool refused;
};

static const struct refusal_row refusal_rows[] = {
	{"scanners that are at work stay", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_SOURCE, 200, true},
	{"... for an hour of silence", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_SOURCE, 3699, true},
	{"... and then give way", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_SOURCE, 3700, false},
	{"the harmless give way at once", {DOSSIER_REPLIES, 0, 0, 100}, DOSSIER_SOURCE, 101, false},
	{"noise is refused too", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_REPLIES, 200, true},
	{"a flood is never refused", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_FLOOD, 200, false},
	{"decoys are never refused", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_DECOYS, 200, false},
	{"a distributed scan is never refused", {DOSSIER_SOURCE, 9, 5, 100}, DOSSIER_DISTRIBUTED,
		200, false},
};

static void a_newcomer_does_not_push_out_those_at_work(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(refusal_rows); i++) {
		const struct refusal_row *row = &refusal_rows[i];
		struct dossier_pool *p = dossier_pool_create(3, 1 << 20);
		for (int n = 0; n < 3; n++) {
			struct dossier *d = dossier_pool_open(
				p, row->tenants.form, at_second(row->tenants.last_s));
			d->score = row->tenants.score;
			d->new_targets = row->tenants.new_targets;
		}
		struct dossier *d = dossier_pool_open(p, row->newcomer, at_second(row->at_s));
		faults += table_check_number(row->name, "refused", d == NULL, row->refused);
		faults += table_check_number(
			row->name, "refusals", (long long)dossier_pool_refusals(p), row->refused);
		faults += table_check_number(
			row->name, "drops", (long long)dossier_pool_evictions(p), !row->refused);
		dossier_pool_destroy(p);
	}
	assert_int_equal(faults, 0);
}

static void members_are_listed_once_and_stay_real(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_DECOYS, at_second(0));
	struct addr a = source(1), b = source(2);
	dossier_add_member(d, &a, NULL, false);
	dossier_add_member(d, &b, NULL, true);
	dossier_add_member(d, &a, NULL, true);
	dossier_add_member(d, &b, NULL, false);
	assert_int_equal(d->members_kept, 2);
	assert_int_equal(dossier_sources(d), 2);
	assert_true(d->members[0].real);
	assert_true(d->members[1].real);
	dossier_pool_destroy(p);
}

static void a_full_list_of_members_stays_as_it_is(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_DISTRIBUTED, at_second(0));
	for (uint32_t i = 0; i < DOSSIER_MEMBERS_MAX + 50; i++) {
		struct addr a = source(i);
		dossier_add_member(d, &a, NULL, false);
		dossier_add_member(d, &a, NULL, false);
	}
	assert_int_equal(d->members_kept, DOSSIER_MEMBERS_MAX);
	/* Beyond the list they are estimated: 6.5 % is one standard error. */
	uint32_t all = dossier_sources(d);
	assert_in_range(
		all, (DOSSIER_MEMBERS_MAX + 50) * 80 / 100, (DOSSIER_MEMBERS_MAX + 50) * 120 / 100);
	struct addr last = source(DOSSIER_MEMBERS_MAX - 1);
	dossier_add_member(d, &last, NULL, true);
	assert_true(d->members[DOSSIER_MEMBERS_MAX - 1].real);
	assert_int_equal(dossier_sources(d), all);
	dossier_pool_destroy(p);
}

static void a_source_alone_has_no_members(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(0));
	struct addr a = source(1);
	dossier_add_member(d, &a, NULL, true);
	assert_int_equal(d->members_kept, 0);
	dossier_pool_destroy(p);
}

static void an_answer_is_kept_with_its_first_circumstances(void **state)
{
	(void)state;
	struct dossier_pool *p = dossier_pool_create(1, 1 << 20);
	struct dossier *d = dossier_pool_open(p, DOSSIER_SOURCE, at_second(0));
	assert_null(dossier_find_answer(d, TARGET_TCP, 22));
	assert_true(
		dossier_add_answer(d, (struct target){0, 22, TARGET_TCP, 0}, 40000, at_second(1)));
	assert_false(
		dossier_add_answer(d, (struct target){0, 22, TARGET_TCP, 0}, 40001, at_second(2)));
	assert_true(
		dossier_add_answer(d, (struct target){0, 22, TARGET_UDP, 0}, 40002, at_second(3)));
	const struct dossier_answer *a = dossier_find_answer(d, TARGET_TCP, 22);
	assert_non_null(a);
	assert_int_equal(a->src_port, 40000);
	assert_int_equal(a->found_s, wall_time_seconds(at_second(1)));
	assert_int_equal(d->answered_count, 2);
	for (uint16_t port = 100; port < 100 + DOSSIER_ANSWERED_MAX; port++)
		dossier_add_answer(d, (struct target){0, port, TARGET_TCP, 0}, 1, at_second(4));
	assert_int_equal(d->answered_kept, DOSSIER_ANSWERED_MAX);
	dossier_pool_destroy(p);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_least_valuable_makes_room),
		cmocka_unit_test(a_fresh_dossier_presumes_nothing),
		cmocka_unit_test(a_number_outlives_nobody),
		cmocka_unit_test(everybody_is_walked_once),
		cmocka_unit_test(sets_that_find_no_room_become_sketches),
		cmocka_unit_test(a_group_always_finds_room_for_some_members),
		cmocka_unit_test(the_budget_is_whole_again_when_all_are_gone),
		cmocka_unit_test(a_newcomer_does_not_push_out_those_at_work),
		cmocka_unit_test(members_are_listed_once_and_stay_real),
		cmocka_unit_test(a_full_list_of_members_stays_as_it_is),
		cmocka_unit_test(a_source_alone_has_no_members),
		cmocka_unit_test(an_answer_is_kept_with_its_first_circumstances),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
