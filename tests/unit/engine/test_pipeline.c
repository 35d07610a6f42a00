/* SPDX-License-Identifier: ISC */
#include "scene.h"
#include "table_check.h"

struct minute_row {
	const char *name;
	int64_t times_s[5]; /* of events; ends with the first negative */
	unsigned minutes;   /* ended before the input does */
};

static const struct minute_row minute_rows[] = {
	{"nothing", {-1}, 0},
	{"within one minute", {5, 30, 59, -1}, 0},
	{"the next minute begins at its first microsecond", {59, 60, -1}, 1},
	{"minutes are those of the clock, not of the first event", {59, 61, -1}, 1},
	{"three minutes", {0, 60, 120, 180, -1}, 3},
	{"a long silence is one step", {0, 100000, -1}, 1},
	{"a step back opens nothing", {130, 20, 140, -1}, 0},
};

static void minutes_of_packet_time_end_where_they_end(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(minute_rows); i++) {
		const struct minute_row *row = &minute_rows[i];
		struct scene s;
		scene_init(&s);
		for (int n = 0; row->times_s[n] >= 0; n++)
			scene_add(
				&s, event_maker_at(event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 2),
					    row->times_s[n] * EVENT_MAKER_SECOND));
		scene_play_unsorted(&s);
		faults += table_check_number(row->name, "minutes", s.minutes, row->minutes);
		pipeline_finish(s.pipeline);
		faults +=
			table_check_number(row->name, "with the end", s.minutes, row->minutes + 1);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void now_is_the_time_of_the_latest_event(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_send(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 2), 90 * EVENT_MAKER_SECOND);
	scene_send(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 2), -30 * EVENT_MAKER_SECOND);
	scene_send(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 2), 0);
	scene_play_unsorted(&s);
	assert_int_equal(pipeline_now(s.pipeline).us, event_maker_time(90 * EVENT_MAKER_SECOND).us);
	pipeline_advance(s.pipeline, event_maker_time(EVENT_MAKER_HOUR));
	assert_int_equal(pipeline_now(s.pipeline).us, event_maker_time(EVENT_MAKER_HOUR).us);
	pipeline_advance(s.pipeline, event_maker_time(0));
	assert_int_equal(pipeline_now(s.pipeline).us, event_maker_time(EVENT_MAKER_HOUR).us);
	scene_clear(&s);
}

static void silence_closes_stories_while_time_goes_on(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 1; port <= 20; port++)
		scene_send(&s, event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, port), 1000);
	scene_wait(&s, 23 * EVENT_MAKER_HOUR);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 0), 0);
	scene_wait(&s, 2 * EVENT_MAKER_HOUR);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 0), 1);
	assert_int_equal(detector_dossiers(pipeline_detector(s.pipeline)) != NULL, true);
	pipeline_finish(s.pipeline);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 0), 1);
	scene_clear(&s);
}

static void a_pipeline_that_saw_nothing_ends_in_peace(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_end(&s);
	assert_int_equal(s.told_count, 0);
	scene_clear(&s);
	pipeline_destroy(NULL);
}

static void the_counters_tell_what_came(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 1; i <= 10; i++) {
		scene_send(&s, event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, i), 10);
		scene_send(&s, event_maker_syn(SCENE_HOST, 40000, SCENE_SOURCE, i), 10);
		scene_send(&s,
			event_maker_tcp(
				SCENE_SOURCE, i, SCENE_HOST, 40000, EVENT_TCP_RST | EVENT_TCP_ACK),
			10);
		scene_send(&s, event_maker_tcp(SCENE_SOURCE, 443, SCENE_HOST, 40000, EVENT_TCP_ACK),
			10);
		scene_send(&s, event_maker_udp("fe80::1", 5353, "ff02::fb", 5353), 10);
		scene_send(&s, event_maker_syn("203.0.113.1", 1, "203.0.113.2", 2), 10);
	}
	scene_play(&s);
	struct detector_stats stats = detector_stats(pipeline_detector(s.pipeline));
	assert_int_equal(stats.events, 60);
	assert_int_equal(stats.probes, 10);
	assert_int_equal(stats.outgoing, 10);
	assert_int_equal(stats.replies, 10);
	assert_int_equal(stats.streams, 10);
	assert_int_equal(stats.local, 10);
	assert_int_equal(stats.rest, 10);
	assert_int_equal(stats.sources_new, 1);
	assert_int_equal(stats.promoted, 1);
	scene_clear(&s);
}

struct tally_sum {
	uint64_t packets, touches;
};

static struct tally_sum drain(struct tally *t)
{
	struct tally_sum sum = {0, 0};
	struct tally_count counts[16];
	for (unsigned n; (n = tally_drain(t, counts, 16)) > 0;) {
		for (unsigned i = 0; i < n; i++) {
			sum.packets += counts[i].packets;
			sum.touches += counts[i].touches;
		}
	}
	return sum;
}

/* Every knock is in the tally once, a source's first packet at a door as a touch. */
static void the_tally_counts_every_knock(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned source = 1; source <= 50; source++) {
		for (unsigned again = 0; again < 3; again++) {
			struct event e = event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 22);
			e.src.bytes[15] = (uint8_t)source;
			scene_send(&s, e, 1000);
		}
	}
	scene_play(&s);
	struct tally_sum sum = drain(detector_tally(pipeline_detector(s.pipeline)));
	assert_int_equal(sum.packets, 150);
	assert_int_equal(sum.touches, 50);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(minutes_of_packet_time_end_where_they_end),
		cmocka_unit_test(now_is_the_time_of_the_latest_event),
		cmocka_unit_test(silence_closes_stories_while_time_goes_on),
		cmocka_unit_test(a_pipeline_that_saw_nothing_ends_in_peace),
		cmocka_unit_test(the_counters_tell_what_came),
		cmocka_unit_test(the_tally_counts_every_knock),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
