/* SPDX-License-Identifier: ISC */
/*
 * The life of a story: findings about dossiers go in, tellings come out.
 */
#include "verdict/story_book.h"

#include "event/technique.h"
#include "event_maker.h"
#include "table_check.h"

enum { TOLD_MAX = 64 };

struct telling {
	char id[27], into[27];
	enum incident_state state;
	enum incident_kind kind;
	int level;
	struct wall_time now;
	uint64_t packets;
};

/* A book over a detector, and what it told. */
struct desk {
	struct detector *detector;
	struct story_book *book;
	struct telling told[TOLD_MAX];
	unsigned count;
};

static void keep(void *context, const struct incident *in)
{
	struct desk *k = context;
	assert_true(k->count < TOLD_MAX);
	struct telling *t = &k->told[k->count++];
	*t = (struct telling){.state = in->state,
		.kind = in->kind,
		.level = in->level,
		.now = in->now,
		.packets = in->packets};
	memcpy(t->id, in->id.text, sizeof t->id);
	if (in->into != NULL)
		memcpy(t->into, in->into, sizeof t->into);
	assert_non_null(in->summary);
	assert_non_null(in->explain);
}

static struct desk *open_desk(void)
{
	struct desk *k = calloc(1, sizeof *k);
	assert_non_null(k);
	struct story_book_options options = {.report_interval_us = EVENT_MAKER_HOUR,
		.close_after_us = EVENT_MAKER_DAY,
		.on_incident = keep,
		.context = k};
	level_rules_init(&options.rules);
	k->book = story_book_create(&options);
	struct detector_options o = {.memory = memory_plan_make(MEMORY_PLAN_LEAST, 0),
		.hash_seed = 1,
		.on_finding = story_book_take,
		.context = k->book};
	k->detector = detector_create(&o);
	story_book_attach(k->book, k->detector);
	return k;
}

static void close_desk(struct desk *k)
{
	detector_destroy(k->detector);
	story_book_destroy(k->book);
	free(k);
}

/* A dossier of the source with this many ports of one host. */
static struct dossier *open_dossier(struct desk *k, const char *src, unsigned ports, double score)
{
	struct dossier_pool *pool = detector_dossiers(k->detector);
	struct dossier *d = dossier_pool_open(pool, DOSSIER_SOURCE, event_maker_time(0));
	assert_non_null(d);
	d->addr = event_maker_addr(src);
	d->dst = event_maker_addr("192.0.2.5");
	d->techniques = UINT32_C(1) << TECHNIQUE_SYN;
	d->score = score;
	d->packets = ports;
	for (unsigned port = 1; port <= ports; port++)
		target_set_add(&d->targets, (struct target){1, (uint16_t)port, TARGET_TCP, 0});
	return d;
}

static void find(struct desk *k, struct dossier *d, enum finding_what what, enum incident_kind kind,
	int64_t at_us)
{
	struct event e = event_maker_at(event_maker_syn("198.51.100.7", 1, "192.0.2.5", 2), at_us);
	struct finding f = {.what = what, .kind = kind, .dossier = d, .event = &e};
	d->last = e.time;
	story_book_take(k->book, &f);
}

static void a_story_opens_once_and_rises(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	for (int i = 0; i < 10; i++)
		find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, i);
	assert_int_equal(k->count, 1);
	assert_int_equal(k->told[0].state, INCIDENT_OPEN);
	assert_int_equal(k->told[0].level, 1);
	d->score = 10;
	for (int i = 10; i < 20; i++)
		find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, i);
	assert_int_equal(k->count, 2);
	assert_int_equal(k->told[1].state, INCIDENT_UPDATE);
	assert_int_equal(k->told[1].level, 2);
	assert_string_equal(k->told[1].id, k->told[0].id);
	close_desk(k);
}

static void what_no_rule_speaks_of_is_not_told(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 3, 4.5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	story_book_finish(k->book, event_maker_time(9));
	assert_int_equal(k->count, 0);
	assert_int_equal(story_book_stats(k->book).opened, 0);
	close_desk(k);
}

static void a_new_kind_is_news_at_the_same_level(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_BLOCK, 1);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_BLOCK, 2);
	assert_int_equal(k->count, 2);
	assert_int_equal(k->told[1].kind, INCIDENT_KIND_BLOCK);
	assert_int_equal(k->told[1].level, 1);
	close_desk(k);
}

static void the_harmless_may_become_guilty_but_not_the_reverse(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	find(k, d, FINDING_NOISE, INCIDENT_KIND_RETRY, 0);
	assert_int_equal(k->told[0].level, 0);
	find(k, d, FINDING_NOISE, INCIDENT_KIND_HEALTH_CHECK, 1);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 2);
	assert_int_equal(k->count, 3);
	assert_int_equal(k->told[2].level, 1);
	find(k, d, FINDING_NOISE, INCIDENT_KIND_RETRY, 3);
	assert_int_equal(k->count, 3);
	close_desk(k);
}

static void a_level_never_falls(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 60, 20);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	d->score = 1;
	find(k, d, FINDING_SCAN, INCIDENT_KIND_BLOCK, 1);
	story_book_finish(k->book, event_maker_time(2));
	assert_int_equal(k->count, 3);
	for (unsigned i = 0; i < k->count; i++)
		assert_int_equal(k->told[i].level, 3);
	close_desk(k);
}

/* Ticks come once a minute, as the pipeline gives them. */
static void tick(struct desk *k, int64_t from_us, int64_t to_us)
{
	for (int64_t at = from_us; at <= to_us; at += EVENT_MAKER_MINUTE)
		story_book_tick(k->book, event_maker_time(at));
}

static void a_running_story_is_told_again_after_the_interval(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	tick(k, EVENT_MAKER_MINUTE, 3 * EVENT_MAKER_HOUR);
	assert_int_equal(k->count, 1); /* nothing happened */
	d->packets += 5;
	d->last = event_maker_time(3 * EVENT_MAKER_HOUR);
	tick(k, 3 * EVENT_MAKER_HOUR, 5 * EVENT_MAKER_HOUR);
	assert_int_equal(k->count, 2); /* once, for what happened */
	assert_int_equal(k->told[1].state, INCIDENT_UPDATE);
	assert_int_equal(k->told[1].packets, 9);
	close_desk(k);
}

static void silence_closes_a_story_and_frees_its_dossier(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	uint32_t number = d->number;
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	tick(k, EVENT_MAKER_MINUTE, EVENT_MAKER_DAY);
	assert_int_equal(k->count, 1);
	tick(k, EVENT_MAKER_DAY, EVENT_MAKER_DAY + 20 * EVENT_MAKER_MINUTE);
	assert_int_equal(k->count, 2);
	assert_int_equal(k->told[1].state, INCIDENT_CLOSE);
	assert_string_equal(k->told[1].id, k->told[0].id);
	assert_null(dossier_pool_get(detector_dossiers(k->detector), number));
	tick(k, 2 * EVENT_MAKER_DAY, 4 * EVENT_MAKER_DAY);
	story_book_finish(k->book, event_maker_time(4 * EVENT_MAKER_DAY));
	assert_int_equal(k->count, 2);
	close_desk(k);
}

/* Four targets in three days: the next one may well come after more than a day. */
static void the_pauses_of_a_slow_source_are_waited_for(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	d->new_targets = 4;
	d->first = event_maker_time(0);
	d->last = d->last_new = event_maker_time(3 * EVENT_MAKER_DAY);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 3 * EVENT_MAKER_DAY);
	tick(k, 5 * EVENT_MAKER_DAY, 6 * EVENT_MAKER_DAY - EVENT_MAKER_MINUTE);
	assert_int_equal(k->told[k->count - 1].state, INCIDENT_OPEN);
	tick(k, 6 * EVENT_MAKER_DAY, 6 * EVENT_MAKER_DAY + 20 * EVENT_MAKER_MINUTE);
	assert_int_equal(k->told[k->count - 1].state, INCIDENT_CLOSE);
	close_desk(k);
}

static void a_story_that_is_folded_ends_and_names_the_group(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	struct dossier *untold = open_dossier(k, "198.51.100.8", 1, 1);
	struct dossier *group = dossier_pool_open(
		detector_dossiers(k->detector), DOSSIER_DISTRIBUTED, event_maker_time(1));
	assert_non_null(group);
	group->addr = group->dst = event_maker_addr("192.0.2.5");
	for (uint32_t i = 0; i < 9; i++) {
		struct addr member = addr_from_v4(UINT32_C(0xc6120000) + i);
		dossier_add_member(group, &member, NULL, false);
	}
	group->score = 13.8;
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	find(k, group, FINDING_SCAN, INCIDENT_KIND_DISTRIBUTED, 1);
	struct finding fold = {.what = FINDING_FOLDED,
		.kind = INCIDENT_KIND_DISTRIBUTED,
		.dossier = d,
		.into = group};
	story_book_take(k->book, &fold);
	fold.dossier = untold;
	story_book_take(k->book, &fold);
	assert_int_equal(k->count, 3);
	assert_int_equal(k->told[2].state, INCIDENT_CLOSE);
	assert_string_equal(k->told[2].id, k->told[0].id);
	assert_string_equal(k->told[2].into, k->told[1].id);
	assert_int_equal(story_book_stats(k->book).open_now, 1);
	close_desk(k);
}

static struct dossier *open_flood(struct desk *k, uint16_t port)
{
	struct dossier *d = dossier_pool_open(
		detector_dossiers(k->detector), DOSSIER_FLOOD, event_maker_time(0));
	assert_non_null(d);
	d->addr = d->dst = event_maker_addr("192.0.2.5");
	d->score = 13.8;
	target_set_add(&d->targets, (struct target){1, port, TARGET_TCP, 0});
	return d;
}

static void floods_of_one_second_have_names_of_their_own(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	find(k, open_flood(k, 80), FINDING_FLOOD, INCIDENT_KIND_SYN_FLOOD, 0);
	find(k, open_flood(k, 443), FINDING_FLOOD, INCIDENT_KIND_SYN_FLOOD, 0);
	assert_int_equal(k->count, 2);
	assert_string_not_equal(k->told[0].id, k->told[1].id);
	close_desk(k);
}

static void a_dossier_that_leaves_ends_its_story(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	dossier_pool_free(detector_dossiers(k->detector), d);
	assert_int_equal(k->count, 2);
	assert_int_equal(k->told[1].state, INCIDENT_CLOSE);
	/* The next tenant of the place is somebody else. */
	d = open_dossier(k, "198.51.100.8", 4, 5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 1);
	assert_int_equal(k->count, 3);
	assert_int_equal(k->told[2].state, INCIDENT_OPEN);
	assert_string_not_equal(k->told[2].id, k->told[0].id);
	close_desk(k);
}

static void the_end_of_the_input_ends_every_story_once(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	for (unsigned i = 1; i <= 5; i++) {
		char src[32] = "198.51.100.1";
		src[11] = (char)('0' + i);
		find(k, open_dossier(k, src, 4, 5), FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	}
	story_book_finish(k->book, event_maker_time(EVENT_MAKER_MINUTE));
	story_book_finish(k->book, event_maker_time(EVENT_MAKER_MINUTE));
	assert_int_equal(k->count, 10);
	for (unsigned i = 5; i < 10; i++) {
		assert_int_equal(k->told[i].state, INCIDENT_CLOSE);
		assert_int_equal(k->told[i].now.us, event_maker_time(EVENT_MAKER_MINUTE).us);
	}
	struct story_book_stats stats = story_book_stats(k->book);
	assert_int_equal(stats.opened, 5);
	assert_int_equal(stats.open_now, 0);
	assert_int_equal(stats.told, 10);
	assert_int_equal(stats.opened_at_level[1], 5);
	close_desk(k);
}

static void stats_count_a_story_at_its_highest_level(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	d->score = 10;
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 1);
	find(k, open_dossier(k, "198.51.100.8", 60, 20), FINDING_SCAN, INCIDENT_KIND_VERTICAL, 2);
	find(k, open_dossier(k, "198.51.100.9", 1, 0), FINDING_NOISE, INCIDENT_KIND_RETRY, 3);
	static const uint64_t wanted[6] = {1, 0, 1, 1, 0, 0};
	struct story_book_stats stats = story_book_stats(k->book);
	for (int level = 0; level < 6; level++)
		assert_int_equal(stats.opened_at_level[level], wanted[level]);
	close_desk(k);
}

static void changed_rules_apply_to_open_stories(void **state)
{
	(void)state;
	struct desk *k = open_desk();
	struct dossier *d = open_dossier(k, "198.51.100.7", 4, 5);
	struct level_rules rules;
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 0);
	level_rules_init(&rules);
	level_rules_adjust(&rules, "many-targets", 4, 4);
	story_book_reconfigure(k->book, &(struct story_book_options){.rules = rules});
	find(k, d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, 1);
	assert_int_equal(k->count, 2);
	assert_int_equal(k->told[1].level, 4);
	close_desk(k);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_story_opens_once_and_rises),
		cmocka_unit_test(what_no_rule_speaks_of_is_not_told),
		cmocka_unit_test(a_new_kind_is_news_at_the_same_level),
		cmocka_unit_test(the_harmless_may_become_guilty_but_not_the_reverse),
		cmocka_unit_test(a_level_never_falls),
		cmocka_unit_test(a_running_story_is_told_again_after_the_interval),
		cmocka_unit_test(silence_closes_a_story_and_frees_its_dossier),
		cmocka_unit_test(the_pauses_of_a_slow_source_are_waited_for),
		cmocka_unit_test(a_story_that_is_folded_ends_and_names_the_group),
		cmocka_unit_test(floods_of_one_second_have_names_of_their_own),
		cmocka_unit_test(a_dossier_that_leaves_ends_its_story),
		cmocka_unit_test(the_end_of_the_input_ends_every_story_once),
		cmocka_unit_test(stats_count_a_story_at_its_highest_level),
		cmocka_unit_test(changed_rules_apply_to_open_stories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
