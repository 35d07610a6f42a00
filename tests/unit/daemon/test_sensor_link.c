/* SPDX-License-Identifier: ISC */
#include "daemon/sensor_link.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>

#include <cmocka.h>

#include "event_maker.h"

struct scene {
	struct sensor_link link;
	struct sensor_link_hearer hearer;
	struct channel_frame frame;
	struct event last;
	unsigned events, doors, handshakes, ticks, execs, decisions;
};

static void count_events(void *context, struct event *events, size_t count)
{
	struct scene *s = context;
	assert_non_null(events);
	s->events += (unsigned)count;
	s->last = events[count - 1];
}

static void count_doors(void *context)
{
	((struct scene *)context)->doors++;
}

static void count_handshakes(void *context, struct wall_time now, uint32_t count)
{
	(void)now;
	((struct scene *)context)->handshakes += count;
}

static void count_ticks(void *context, struct wall_time now, bool behind)
{
	(void)now;
	(void)behind;
	((struct scene *)context)->ticks++;
}

static void count_execs(void *context, const struct exec_event *event)
{
	assert_int_equal(event->euid, 0);
	((struct scene *)context)->execs++;
}

static void count_decisions(void *context, const struct access_event *decision)
{
	assert_string_equal(decision->service, "sshd");
	((struct scene *)context)->decisions++;
}

static int set_up(void **state)
{
	struct scene *s = calloc(1, sizeof *s);
	if (s == NULL)
		return -1;
	sensor_link_init(&s->link, name_table_create());
	s->hearer = (struct sensor_link_hearer){
		count_events, count_doors, count_handshakes, count_ticks, count_execs, count_decisions,
		s};
	*state = s;
	return 0;
}

static int tear_down(void **state)
{
	struct scene *s = *state;
	struct name_table *names = s->link.names;
	sensor_link_close(&s->link);
	name_table_destroy(names);
	free(s);
	return 0;
}

static bool say(struct scene *s, enum sensor_frame type, const void *body, size_t length)
{
	s->frame.type = (uint16_t)type;
	s->frame.length = (uint32_t)length;
	if (length > 0)
		memcpy(s->frame.body, body, length);
	return sensor_link_take(&s->link, &s->frame, &s->hearer);
}

static bool say_name(struct scene *s, uint16_t number, const char *text)
{
	struct sensor_frame_name n = {.number = number};
	strncpy(n.text, text, sizeof n.text);
	return say(s, SENSOR_FRAME_NAME, &n, sizeof n);
}

static void events_are_heard_as_they_were_said(void **state)
{
	struct scene *s = *state;
	struct event two[2] = {event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53),
		event_maker_udp("198.51.100.8", 40000, "203.0.113.5", 53)};
	assert_true(say(s, SENSOR_FRAME_EVENTS, two, sizeof two));
	assert_int_equal(s->events, 2);
	two[1].iface = 1;
	assert_false(say(s, SENSOR_FRAME_EVENTS, two, sizeof two));
	assert_int_equal(s->events, 2);
	assert_true(say_name(s, 1, "eth0"));
	assert_true(say(s, SENSOR_FRAME_EVENTS, two, sizeof two));
	assert_int_equal(s->events, 4);
	assert_string_equal(name_table_name(s->link.names, 1), "eth0");
}

static struct access_event make_decision(void)
{
	struct access_event a;
	access_event_clear(&a);
	a.time = (struct wall_time){1000000};
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	return a;
}

static void decisions_are_heard_whole_or_not_at_all(void **state)
{
	struct scene *s = *state;
	struct access_event a = make_decision();
	assert_true(say(s, SENSOR_FRAME_ACCESS, &a, sizeof a));
	assert_int_equal(s->decisions, 1);
	assert_false(say(s, SENSOR_FRAME_ACCESS, &a, sizeof a - 1));
	a.access = EVENT_ACCESSES;
	assert_false(say(s, SENSOR_FRAME_ACCESS, &a, sizeof a));
	a = make_decision();
	memset(a.rule, 'x', sizeof a.rule);
	assert_false(say(s, SENSOR_FRAME_ACCESS, &a, sizeof a));
	assert_int_equal(s->decisions, 1);
}

static void no_packet_passes_for_a_decision(void **state)
{
	struct scene *s = *state;
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	e.has |= EVENT_HAS_ACCESS;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e));
	assert_int_equal(s->events, 0);
}

/* Another sensor counts from the beginning, and its names are the ones that we know already. */
static void names_get_the_numbers_that_they_have_here(void **state)
{
	struct scene *s = *state;
	uint16_t known = name_table_intern(s->link.names, (struct text_slice){"gate", 4});
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	assert_true(say_name(s, 1, "eth0"));
	assert_true(say_name(s, 2, "gate"));
	e.iface = 1;
	e.host = 2;
	assert_true(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e));
	assert_int_equal(s->last.host, known);
	assert_string_equal(name_table_name(s->link.names, s->last.iface), "eth0");
}

static void where_nobody_hears_what_is_said_is_checked_all_the_same(void **state)
{
	struct scene *s = *state;
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	static struct sensor_frame_doors doors;
	struct sensor_frame_tick tick = {.now = {1000000}, .lost = 7};
	struct sensor_frame_handshakes handshakes = {.now = {1000000}, .count = 5};
	static struct exec_event start;
	s->hearer = (struct sensor_link_hearer){0};
	assert_true(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e));
	assert_true(say(s, SENSOR_FRAME_DOORS, &doors, sizeof doors));
	assert_true(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick));
	assert_true(say(s, SENSOR_FRAME_HANDSHAKES, &handshakes, sizeof handshakes));
	assert_true(say(s, SENSOR_FRAME_EXEC, &start, exec_wire_size(&start)));
	assert_true(s->link.knows_doors);
	assert_int_equal(s->link.lost, 7);
	e.host = 1;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e));
	tick.behind = 2;
	assert_false(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick));
}

static void an_event_that_cannot_be_ends_the_link(void **state)
{
	struct scene *s = *state;
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53), bad = e;
	bad.probe = EVENT_PROBES;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &bad, sizeof bad));
	bad = e;
	bad.origin = EVENT_ORIGINS;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &bad, sizeof bad));
	bad = e;
	bad.host = 1;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &bad, sizeof bad));
	bad = e;
	bad.time.us = -1;
	assert_false(say(s, SENSOR_FRAME_EVENTS, &bad, sizeof bad));
	assert_false(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e - 1));
	assert_int_equal(s->events, 0);
}

static void names_come_in_order_and_are_plain_text(void **state)
{
	struct scene *s = *state;
	assert_false(say_name(s, 0, "eth0"));
	assert_false(say_name(s, 2, "eth0"));
	assert_false(say_name(s, 1, ""));
	assert_false(say_name(s, 1, "eth\n0"));
	assert_false(say_name(s, 1, "\x1b[2J"));
	struct sensor_frame_name endless = {.number = 1};
	memset(endless.text, 'a', sizeof endless.text);
	assert_false(say(s, SENSOR_FRAME_NAME, &endless, sizeof endless));
	assert_true(say_name(s, 1, "eth0"));
	assert_true(say_name(s, 2, "eth1"));
	assert_false(say_name(s, 2, "eth2"));
}

/* A name that begins where all the others do (FNV-1a, of which a table looks at the lowest twelve bits). */
static void make_colliding_name(char *out, size_t size, unsigned *next)
{
	uint32_t hash;
	do {
		snprintf(out, size, "host-%u", (*next)++);
		hash = 2166136261u;
		for (const char *c = out; *c != '\0'; c++)
			hash = (hash ^ (unsigned char)*c) * 16777619u;
	} while (hash % 4096 != 0);
}

/* A table takes no name more where too many stand close together, long before it is full. */
static void a_name_without_room_stays_without_one(void **state)
{
	struct scene *s = *state;
	char refused[24];
	unsigned next = 0;
	do
		make_colliding_name(refused, sizeof refused, &next);
	while (name_table_intern(s->link.names, text_slice_of(refused)) != 0);
	assert_true(name_table_count(s->link.names) < NAME_TABLE_MAX);
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	e.host = 1;
	assert_true(say_name(s, 1, refused));
	assert_true(say(s, SENSOR_FRAME_EVENTS, &e, sizeof e));
	assert_int_equal(s->last.host, 0);
}

static void doors_that_point_outside_themselves_are_refused(void **state)
{
	struct scene *s = *state;
	struct sensor_frame_doors *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->offered.narrow_count = DOOR_SET_NARROW + 1;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	d->offered.narrow_count = 1;
	d->offered.narrow[0].proto = 200;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	d->offered.narrow_count = 0;
	d->own_count = PREFIX_SET_MAX + 1;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	d->own_count = 1;
	d->own[0].length_bits = 129;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	assert_int_equal(s->doors, 0);
	assert_false(s->link.knows_doors);
	d->own[0].length_bits = 128;
	d->own_cut = 2;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	d->own_cut = 0;
	d->redirects[1] = 3;
	assert_false(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	d->redirects[1] = KERNEL_REDIRECTS_TAKEN;
	assert_true(say(s, SENSOR_FRAME_DOORS, d, sizeof *d));
	assert_int_equal(s->link.redirects[1], KERNEL_REDIRECTS_TAKEN);
	assert_int_equal(s->doors, 1);
	assert_true(s->link.knows_doors);
	assert_int_equal(s->link.own.count, 1);
	free(d);
}

static void a_start_by_root_is_heard_and_one_that_cannot_be_is_refused(void **state)
{
	struct scene *s = *state;
	struct exec_event *e = calloc(1, sizeof *e);
	assert_non_null(e);
	memcpy(e->args, "x", 2);
	e->args_size = e->args_true = 2;
	assert_true(say(s, SENSOR_FRAME_EXEC, e, exec_wire_size(e)));
	assert_int_equal(s->execs, 1);
	assert_false(say(s, SENSOR_FRAME_EXEC, e, exec_wire_size(e) - 1));
	e->euid = 1000;
	assert_false(say(s, SENSOR_FRAME_EXEC, e, exec_wire_size(e)));
	assert_int_equal(s->execs, 1);
	free(e);
}

static void frames_of_no_known_kind_or_length_are_refused(void **state)
{
	struct scene *s = *state;
	struct sensor_frame_tick tick = {.lost = 3, .broken = 4};
	struct sensor_frame_handshakes h = {.count = 5};
	assert_false(say(s, (enum sensor_frame)0, NULL, 0));
	assert_false(say(s, SENSOR_FRAME_STOP, NULL, 0));
	assert_false(say(s, (enum sensor_frame)999, NULL, 0));
	assert_false(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick - 1));
	assert_false(say(s, SENSOR_FRAME_HANDSHAKES, &h, 3));
	assert_false(say(s, SENSOR_FRAME_DOORS, &h, sizeof h));
	assert_true(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick));
	assert_true(say(s, SENSOR_FRAME_HANDSHAKES, &h, sizeof h));
	assert_int_equal(s->ticks, 1);
	assert_int_equal(s->handshakes, 5);
	assert_int_equal(s->link.lost, 3);
	assert_int_equal(s->link.broken, 4);
	h.now.us = tick.now.us = -1;
	assert_false(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick));
	assert_false(say(s, SENSOR_FRAME_HANDSHAKES, &h, sizeof h));
	tick = (struct sensor_frame_tick){.behind = 2};
	assert_false(say(s, SENSOR_FRAME_TICK, &tick, sizeof tick));
	assert_false(say(s, SENSOR_FRAME_END, &h, 1));
	assert_false(s->link.ended);
	assert_true(say(s, SENSOR_FRAME_END, NULL, 0));
	assert_true(s->link.ended);
}

static void senders_and_positions_are_taken_as_they_may_be(void **state)
{
	struct scene *s = *state;
	struct sensor_frame_senders senders = {.list = {{"192.0.2.1", 7, 5, 1}}, .count = 1};
	struct sensor_frame_position position = {"s=1;i=2"};
	assert_true(say(s, SENSOR_FRAME_SENDERS, &senders, sizeof senders));
	assert_int_equal(s->link.senders.list[0].lines, 7);
	assert_false(say(s, SENSOR_FRAME_SENDERS, &senders, sizeof senders - 1));
	senders.count = EAR_SENDERS_MAX + 1;
	assert_false(say(s, SENSOR_FRAME_SENDERS, &senders, sizeof senders));
	senders.count = 1;
	memset(senders.list[0].name, 'x', sizeof senders.list[0].name);
	assert_false(say(s, SENSOR_FRAME_SENDERS, &senders, sizeof senders));
	assert_int_equal(s->link.senders.list[0].lines, 7);
	assert_true(say(s, SENSOR_FRAME_POSITION, &position, sizeof position));
	assert_string_equal(s->link.position, "s=1;i=2");
	assert_false(say(s, SENSOR_FRAME_POSITION, &position, sizeof position - 1));
	assert_false(say(s, SENSOR_FRAME_POSITION, &(struct sensor_frame_position){"no cursor"},
		sizeof position));
	memset(position.text, 'x', sizeof position.text);
	assert_false(say(s, SENSOR_FRAME_POSITION, &position, sizeof position));
	assert_string_equal(s->link.position, "s=1;i=2");
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test_setup_teardown(
			events_are_heard_as_they_were_said, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			decisions_are_heard_whole_or_not_at_all, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			no_packet_passes_for_a_decision, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			names_get_the_numbers_that_they_have_here, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			an_event_that_cannot_be_ends_the_link, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			names_come_in_order_and_are_plain_text, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_name_without_room_stays_without_one, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			doors_that_point_outside_themselves_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			a_start_by_root_is_heard_and_one_that_cannot_be_is_refused, set_up,
			tear_down),
		cmocka_unit_test_setup_teardown(
			frames_of_no_known_kind_or_length_are_refused, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			senders_and_positions_are_taken_as_they_may_be, set_up, tear_down),
		cmocka_unit_test_setup_teardown(
			where_nobody_hears_what_is_said_is_checked_all_the_same, set_up, tear_down),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
