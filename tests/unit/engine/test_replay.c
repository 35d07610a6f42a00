/* SPDX-License-Identifier: ISC */
/*
 * The same events tell the same stories, byte for byte: at every run, in batches of every size, and
 * whatever the detector is given.
 */
#include "scene.h"
#include "table_check.h"

static const uint16_t busy_ports[] = {22, 23, 53, 80, 123, 443, 3389, 8080, 33440, 5353};

static uint16_t some_port(struct table_check_random *r)
{
	return table_check_random_below(r, 3) ? busy_ports[table_check_random_below(r, 10)]
					      : (uint16_t)table_check_random_next(r);
}

static struct addr some_stranger(struct table_check_random *r)
{
	if (table_check_random_below(r, 4) == 0) {
		struct addr a = event_maker_addr("2001:db8:9::1");
		a.bytes[7] = (uint8_t)table_check_random_below(r, 6);
		a.bytes[15] = (uint8_t)table_check_random_below(r, 3);
		return a;
	}
	return addr_from_v4(UINT32_C(0xc6336400) + table_check_random_below(r, 24));
}

static struct addr some_host(struct table_check_random *r, const struct addr *stranger)
{
	if (addr_is_v4(stranger))
		return scene_host(table_check_random_below(r, 12));
	struct addr a = event_maker_addr("2001:db8:5::1");
	a.bytes[15] = (uint8_t)table_check_random_below(r, 4);
	return a;
}

static void fill_transport(struct event *e, struct table_check_random *r)
{
	e->src_port = some_port(r);
	e->dst_port = some_port(r);
	e->tcp_flags = (uint8_t)table_check_random_next(r);
	e->seq = table_check_random_below(r, 40) * 1000;
	e->ack = e->seq + 1;
	e->window = (uint16_t)(table_check_random_below(r, 2) ? 1024 : table_check_random_next(r));
	e->ip_id = (uint16_t)table_check_random_below(r, 400);
	e->tcp_option_layout = table_check_random_next(r) >> table_check_random_below(r, 64);
	e->tcp_mss = 1460;
	e->icmp_type = (uint8_t)table_check_random_below(r, 20);
	e->sctp_chunk = (uint8_t)table_check_random_below(r, 16);
	e->payload_length = (uint16_t)table_check_random_below(r, 60);
	e->quoted_dst = some_stranger(r);
	e->quoted_src_port = some_port(r);
	e->quoted_dst_port = some_port(r);
	e->quoted_proto = IP_PROTO_UDP;
}

/* Most events make sense, some do not: facts are missing, marks contradict, time steps back. */
static struct event some_event(struct table_check_random *r, int64_t *clock_us)
{
	static const uint8_t protos[] = {IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP,
		IP_PROTO_UDP, IP_PROTO_ICMP, IP_PROTO_ICMPV6, IP_PROTO_SCTP, IP_PROTO_GRE, 0, 255};
	struct addr stranger = some_stranger(r), host = some_host(r, &stranger);
	struct event e = event_maker_between(
		stranger, host, protos[table_check_random_below(r, TABLE_CHECK_ROWS(protos))]);
	if (table_check_random_below(r, 5) == 0)
		e = event_maker_between(host, stranger, e.proto);
	fill_transport(&e, r);
	e.has = (uint16_t)(table_check_random_below(r, 4) ? 0x0fff : table_check_random_next(r));
	if (table_check_random_below(r, 6) == 0)
		e.marks = (uint8_t)table_check_random_next(r);
	e.ttl = (uint8_t)table_check_random_next(r);
	event_name_probe(&e);
	*clock_us += table_check_random_below(r, 50)
			     ? table_check_random_below(r, 20000)
			     : (int64_t)table_check_random_below(r, 3600) * EVENT_MAKER_SECOND;
	int64_t back_us =
		table_check_random_below(r, 40) ? 0 : table_check_random_below(r, 5000000);
	return event_maker_at(e, *clock_us - back_us);
}

/* Questions only, no answers: every source has one story at a time. */
static struct event some_probe(struct table_check_random *r, int64_t *clock_us)
{
	static const uint8_t flags[] = {
		EVENT_TCP_SYN, EVENT_TCP_SYN, EVENT_TCP_SYN, EVENT_TCP_FIN, 0};
	struct addr stranger = some_stranger(r), host = some_host(r, &stranger);
	struct event e = event_maker_between(stranger, host, IP_PROTO_TCP);
	e = event_maker_flags(
		event_maker_ports(e, (uint16_t)table_check_random_next(r), some_port(r)),
		flags[table_check_random_below(r, TABLE_CHECK_ROWS(flags))]);
	*clock_us += table_check_random_below(r, 20 * 1000000);
	return event_maker_at(e, *clock_us);
}

static void fill(struct scene *s, uint64_t seed, unsigned count)
{
	struct table_check_random r = {seed};
	int64_t clock_us = 10 * EVENT_MAKER_SECOND;
	scene_init(s);
	for (unsigned i = 0; i < count; i++)
		scene_add(s, some_event(&r, &clock_us));
}

static void play(struct scene *s, uint64_t seed, unsigned count, size_t batch)
{
	fill(s, seed, count);
	s->batch = batch;
	scene_play_unsorted(s);
	pipeline_finish(s->pipeline);
}

static void ten_thousand_events_tell_the_same_twice_and_in_any_batches(void **state)
{
	(void)state;
	static const size_t batches[] = {0, 1, 7, 32, 33, 1000};
	struct table_check_random r = table_check_random_start("replay");
	uint64_t seed = r.state;
	struct scene first;
	play(&first, seed, 10000, 0);
	print_message("%zu tellings, %u minutes\n", first.told_count, first.minutes);
	assert_true(first.told_count > 20);
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(batches); i++) {
		struct scene again;
		play(&again, seed, 10000, batches[i]);
		faults += table_check_number(
			"replay", "same as the first run", scene_equals(&first, &again), true);
		faults += table_check_number("replay", "minutes", again.minutes, first.minutes);
		scene_clear(&again);
	}
	scene_clear(&first);
	assert_int_equal(faults, 0);
}

/* Promises that hold whatever comes: one opening and one end for each story, levels never fall. */
static unsigned check_lives(const struct scene *s)
{
	unsigned faults = 0;
	for (size_t i = 0; i < s->told_count; i++) {
		const struct scene_told *t = &s->told[i], *before = NULL;
		for (size_t j = 0; j < i; j++) {
			if (strcmp(s->told[j].id, t->id) == 0)
				before = &s->told[j];
		}
		bool opens = t->state == INCIDENT_OPEN;
		faults += table_check_number(t->id, "opens once and first", before == NULL, opens);
		if (before != NULL) {
			faults += table_check_number(t->id, "told after its end",
				before->state == INCIDENT_CLOSE, false);
			faults += table_check_number(t->id, "level fell",
				t->level < before->level && t->into[0] == '\0', false);
			faults += table_check_number(
				t->id, "packets fell", t->packets < before->packets, 0);
		}
		faults += table_check_number(
			t->id, "last before first", t->last.us < t->first.us, false);
		faults += table_check_range(t->id, "confidence", t->confidence, 0, 1);
		faults += table_check_range(t->id, "level", t->level, 0, 5);
		faults += table_check_number(t->id, "summary", t->summary[0] != '\0', true);
	}
	return faults;
}

static void every_story_has_one_beginning_and_one_end(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("lives");
	struct scene s;
	int64_t clock_us = 0;
	scene_init(&s);
	for (unsigned i = 0; i < 20000; i++)
		scene_add(&s, some_probe(&r, &clock_us));
	s.options.stories.report_interval_us = 6 * EVENT_MAKER_HOUR;
	scene_play_unsorted(&s);
	pipeline_finish(s.pipeline);
	unsigned faults = check_lives(&s), open = scene_count(&s, INCIDENT_OPEN, 0);
	faults += table_check_number("all", "closed", scene_count(&s, INCIDENT_CLOSE, 0), open);
	struct story_book_stats stats = story_book_stats(pipeline_stories(s.pipeline));
	faults += table_check_number("stats", "opened", (long long)stats.opened, open);
	faults += table_check_number("stats", "open now", (long long)stats.open_now, 0);
	faults +=
		table_check_number("stats", "told", (long long)stats.told, (long long)s.told_count);
	long long by_level = 0;
	for (int level = 0; level < 6; level++)
		by_level += (long long)stats.opened_at_level[level];
	faults += table_check_number("stats", "opened at all levels", by_level, open);
	scene_clear(&s);
	assert_int_equal(faults, 0);
}

/* The smallest memory, and many times more sources than it holds. */
static void a_detector_that_is_too_small_still_keeps_its_promises(void **state)
{
	(void)state;
	struct table_check_random r = table_check_random_start("too small");
	struct scene s;
	int64_t clock_us = 0;
	scene_init(&s);
	s.options.detector.memory = memory_plan_make(1, 0);
	for (unsigned i = 0; i < 150000; i++) {
		struct event e = some_event(&r, &clock_us);
		if (addr_is_v4(&e.src) && e.dst.bytes[12] == 192)
			e.src = addr_from_v4(
				UINT32_C(0xc6120000) + table_check_random_below(&r, 20000));
		scene_add(&s, e);
	}
	scene_play_unsorted(&s);
	pipeline_finish(s.pipeline);
	struct detector_stats stats = detector_stats(pipeline_detector(s.pipeline));
	print_message("%zu tellings, %llu sources and %llu dossiers pushed out, %llu refused\n",
		s.told_count, (unsigned long long)stats.evicted_sources,
		(unsigned long long)stats.evicted_dossiers,
		(unsigned long long)stats.refused_dossiers);
	unsigned open = scene_count(&s, INCIDENT_OPEN, 0);
	assert_int_equal(open, scene_count(&s, INCIDENT_CLOSE, 0));
	assert_int_equal(stats.events + stats.refused + stats.granted, 150000);
	scene_clear(&s);
}

/* Small steps back count as now: nothing is lost, nothing is told twice. */
static void time_may_step_back(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 60; i++) {
		int64_t at_us = i * EVENT_MAKER_SECOND - (i % 3 == 2 ? 5 * EVENT_MAKER_SECOND : 0);
		scene_add(&s, event_maker_at(event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST,
						     (uint16_t)(1 + i)),
				      at_us));
	}
	scene_play_unsorted(&s);
	pipeline_finish(s.pipeline);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_non_null(t);
	assert_int_equal(t->targets_count, 60);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	assert_false(t->slow);
	assert_int_equal(t->last.us, event_maker_time(58 * EVENT_MAKER_SECOND).us);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(ten_thousand_events_tell_the_same_twice_and_in_any_batches),
		cmocka_unit_test(every_story_has_one_beginning_and_one_end),
		cmocka_unit_test(a_detector_that_is_too_small_still_keeps_its_promises),
		cmocka_unit_test(time_may_step_back),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
