/* SPDX-License-Identifier: ISC */
/*
 * Many SYNs at doors that are offered: business or a flood. Every scene is played twice: as a capture
 * of both directions tells it, and as a live watch hears it, with SYNs alone and the kernel's count of
 * handshakes. Both must say the same.
 */
#include "base/memory.h"
#include "net/door_set.h"
#include "scene.h"
#include "table_check.h"

#include <stdlib.h>

#define TURN_US 200000 /* a live watch looks at the kernel's count this often */

struct offer_row {
	const char *name;
	uint32_t honest;     /* connections a second at port 443 */
	int64_t way_us;      /* from SYN to the third packet */
	uint32_t forged;     /* SYNs a second ... */
	uint16_t port;       /* ... there */
	int64_t for_us;      /* both */
	int64_t honest_from; /* microseconds before the forged ones begin */
	bool told;
};

static const struct offer_row rows[] = {
	{"a very busy server", 50000, 50000, 0, 0, 1500000, 0, false},
	{"a very busy server far away", 50000, 400000, 0, 0, 1500000, 0, false},
	{"a storm of clients that come back", 30000, 300000, 0, 0, 100000, 0, false},
	{"a busy server", 500, 80000, 0, 0, 10000000, 0, false},
	{"a short flood", 0, 0, 10000, 22, 300000, 0, true},
	{"a flood of 150 a second", 0, 0, 150, 22, 8000000, 0, true},
	{"forged SYNs, 100 a second", 0, 0, 100, 22, 8000000, 0, false},
	{"a flood among a few clients", 20, 80000, 5000, 443, 2000000, 2000000, true},
	{"a flood at a busy server", 2000, 80000, 20000, 443, 5000000, 2000000, true},
	{"a flood beside a busy server", 1000, 80000, 10000, 22, 5000000, 2000000, true},
	{"a few forged SYNs at a busy server", 2000, 80000, 1500, 443, 5000000, 1000000, false},
};

/* Every client and every forged source is another one. */
static struct addr source_of(uint32_t number, bool forged)
{
	uint32_t base = forged ? UINT32_C(0xf0000000) : UINT32_C(0x0b000000);
	return addr_from_v4(base + number * UINT32_C(2654435761) % UINT32_C(0x00ffffff));
}

static void add_segment(struct scene *s, const struct addr *source, uint16_t src_port,
	uint16_t port, uint8_t flags, int64_t at_us)
{
	struct event e = event_maker_tcp(SCENE_SOURCE, src_port, SCENE_HOST, port, flags);
	uint32_t ack = flags & EVENT_TCP_ACK ? addr_v4(source) + 1 : 0;
	e = event_maker_seq(event_maker_from(e, *source), 77, ack);
	scene_add(s, event_maker_at(e, at_us));
}

static void add_answer(
	struct scene *s, const struct addr *source, uint16_t src_port, uint16_t port, int64_t at_us)
{
	struct event e = event_maker_tcp(
		SCENE_HOST, port, SCENE_SOURCE, src_port, EVENT_TCP_SYN | EVENT_TCP_ACK);
	e = event_maker_seq(event_maker_to(e, *source), addr_v4(source), 78);
	e.marks |= EVENT_MARK_OUTGOING;
	scene_add(s, event_maker_at(e, at_us));
}

/* What a live watch is told beside its packets. */
struct kernel_count {
	uint32_t *turns; /* handshakes completed in each turn */
	size_t count;
};

static void add_call(struct scene *s, struct kernel_count *kernel, uint32_t number, bool forged,
	uint16_t port, int64_t at_us, int64_t way_us)
{
	struct addr source = source_of(number, forged);
	uint16_t src_port = (uint16_t)(1024 + number % 60000);
	add_segment(s, &source, src_port, port, EVENT_TCP_SYN, at_us);
	if (kernel == NULL)
		add_answer(s, &source, src_port, port, at_us + 20);
	if (forged)
		return;
	size_t turn = (size_t)((at_us + way_us) / TURN_US);
	if (kernel == NULL)
		add_segment(s, &source, src_port, port, EVENT_TCP_ACK, at_us + way_us);
	else if (turn < kernel->count)
		kernel->turns[turn]++;
}

static void add_calls(struct scene *s, const struct offer_row *row, struct kernel_count *kernel)
{
	int64_t lead = row->honest_from, end = lead + row->for_us;
	for (uint32_t i = 0; row->honest > 0 && (int64_t)i * 1000000 / row->honest < end; i++)
		add_call(s, kernel, i, false, 443, (int64_t)i * 1000000 / row->honest, row->way_us);
	for (uint32_t i = 0; row->forged > 0 && (int64_t)i * 1000000 / row->forged < row->for_us;
		i++)
		add_call(s, kernel, i, true, row->port, lead + (int64_t)i * 1000000 / row->forged,
			0);
}

static void offer_doors(struct detector *d)
{
	struct door_set *doors = memory_calloc(1, sizeof *doors);
	static const struct addr any;
	door_set_add(doors, &any, false, PORT_SET_TCP, 22);
	door_set_add(doors, &any, false, PORT_SET_TCP, 443);
	detector_set_listening(d, doors, NULL);
	free(doors);
}

/* Turn by turn, as watch_loop does it. */
static void play_live(struct scene *s, const struct kernel_count *kernel)
{
	struct event *all = s->events;
	size_t count = s->count, done = 0;
	s->events = NULL;
	s->count = s->room = 0;
	scene_play(s);
	struct detector *d = pipeline_detector(s->pipeline);
	offer_doors(d);
	for (size_t turn = 0; turn < kernel->count; turn++) {
		struct wall_time now = event_maker_time((int64_t)(turn + 1) * TURN_US);
		size_t from = done;
		while (done < count && all[done].time.us < now.us)
			done++;
		pipeline_feed(s->pipeline, all + from, done - from);
		/* Every fifth is a second: those it gets in any case. */
		if (turn % 5 == 4 || detector_asks_for_handshakes(d)) {
			uint32_t completed = 0;
			for (size_t i = 0; i <= turn; i++) {
				completed += kernel->turns[i];
				kernel->turns[i] = 0;
			}
			detector_note_handshakes(d, now, completed);
		}
	}
	free(all);
}

static int by_time(const void *a, const void *b)
{
	const struct event *x = a, *y = b;
	return x->time.us < y->time.us ? -1 : x->time.us > y->time.us;
}

static void play(struct scene *s, const struct offer_row *row, bool live)
{
	struct kernel_count kernel = {
		.count = (size_t)((row->honest_from + row->for_us) / TURN_US) + 20};
	kernel.turns = memory_calloc(kernel.count, sizeof *kernel.turns);
	scene_init(s);
	add_calls(s, row, live ? &kernel : NULL);
	if (live) {
		qsort(s->events, s->count, sizeof *s->events, by_time);
		play_live(s, &kernel);
	}
	scene_end(s);
	free(kernel.turns);
}

static unsigned check(const struct offer_row *row, bool live)
{
	struct scene s;
	play(&s, row, live);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_SYN_FLOOD);
	const char *how = live ? "live" : "read";
	unsigned faults = table_check_number(row->name, how, t != NULL, row->told);
	faults += table_check_number(
		row->name, "stories", scene_count(&s, INCIDENT_OPEN, 0), row->told);
	if (t != NULL && row->told) {
		const char *door = row->port == 22 ? "tcp/22" : "tcp/443";
		faults += table_check_text(row->name, "door", t->ports, door);
		double forged = row->forged * (double)row->for_us / 1e6;
		double all =
			forged +
			(row->port == 443 ? row->honest * (double)(row->honest_from + row->for_us) /
						    1e6
					  : 0);
		faults += table_check_range(
			row->name, "packets", (double)t->packets, forged * 0.9, all);
		faults += table_check_range(
			row->name, "sources", t->sources_count, forged * 0.7, all * 1.3);
	}
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void many_syns_are_a_flood_only_if_no_connections_follow(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++)
		faults += check(&rows[i], false) + check(&rows[i], true);
	assert_int_equal(faults, 0);
}

/* Without the kernel's count nothing can be said: better nothing than every busy server. */
static void a_live_watch_that_is_not_told_of_handshakes_tells_no_flood(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_play(&s);
	offer_doors(pipeline_detector(s.pipeline));
	struct kernel_count none = {.turns = NULL, .count = 0};
	add_calls(&s, &rows[4], &none);
	scene_end(&s);
	assert_int_equal(s.told_count, 0);
	scene_clear(&s);
}

/* A flood that goes on is one story; after a minute of peace another one is another. */
static void a_flood_is_told_once_and_anew_after_a_pause(void **state)
{
	(void)state;
	struct scene s;
	uint32_t number = 0;
	scene_init(&s);
	for (unsigned flood = 0; flood < 2; flood++) {
		for (unsigned i = 0; i < 30000; i++)
			add_call(&s, NULL, number++, true, 22,
				flood * 2 * EVENT_MAKER_MINUTE + i * INT64_C(1000), 0);
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_OPEN, 1), 2);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_SYN_FLOOD);
	assert_in_range(t->packets, 29000, 30000);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(many_syns_are_a_flood_only_if_no_connections_follow),
		cmocka_unit_test(a_live_watch_that_is_not_told_of_handshakes_tells_no_flood),
		cmocka_unit_test(a_flood_is_told_once_and_anew_after_a_pause),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
