/* SPDX-License-Identifier: ISC */
/*
 * What the wrappers of our services decide: who is only refused, who tries doors, who is a friend.
 */
#include "scene.h"
#include "table_check.h"

#include "event/access_event.h"

#include <stdio.h>

#define GAP_US (30 * CLOCK_US_PER_S)

/* A decision as a line of a log tells it: nobody knows to which address. */
static struct event decided(
	enum event_access access, const char *source, uint16_t service, uint16_t port)
{
	struct event e = {.proto = 6, .tcp_wscale = 0xff, .origin = EVENT_ORIGIN_LOG};
	bool good = addr_parse(source, strlen(source), &e.src);
	assert_true(good);
	e.has = EVENT_HAS_ACCESS | (port != 0 ? EVENT_HAS_PORTS : 0);
	e.dst_port = port;
	e.access = (uint8_t)access;
	e.access_service = service;
	e.access_host = event_host_digest("gate", 4);
	event_name_probe(&e);
	return e;
}

static struct event refused(uint16_t service, uint16_t port)
{
	return decided(EVENT_ACCESS_REFUSED, SCENE_SOURCE, service, port);
}

static struct event granted(uint16_t service, uint16_t port)
{
	return decided(EVENT_ACCESS_GRANTED, SCENE_SOURCE, service, port);
}

/* At another host of ours, whose log is read, too. */
static struct event at_host(struct event e, unsigned number)
{
	char name[16];
	int n = snprintf(name, sizeof name, "host%u", number);
	e.access_host = event_host_digest(name, (size_t)n);
	return e;
}

/* As our own libwrap tells it. */
static struct event told(struct event e)
{
	e.origin = EVENT_ORIGIN_WRAPPER;
	e.dst = scene_host(5);
	e.access_line = 3;
	e.access_table = 9;
	return e;
}

/* --- the plays --- */

static void once(struct scene *s)
{
	scene_send(s, refused(1, 22), GAP_US);
}

static void friend(struct scene *s)
{
	for (unsigned i = 0; i < 200; i++)
		scene_send(s, granted(1, 22), GAP_US);
}

static void hammer(struct scene *s)
{
	for (unsigned i = 0; i < 500; i++)
		scene_send(s, refused(1, 22), GAP_US);
}

static void mail_client(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++) {
		scene_send(s, refused(1, 143), 1000000);
		scene_send(s, refused(2, 110), 1000000);
		scene_send(s, refused(3, 25), GAP_US);
	}
}

static void tries_doors(struct scene *s)
{
	static const uint16_t ports[] = {22, 23, 21, 79, 143, 110, 513};
	for (uint16_t i = 0; i < 7; i++)
		scene_send(s, refused((uint16_t)(i + 1), ports[i]), 1000000);
}

static void tries_doors_of_hosts(struct scene *s)
{
	for (unsigned i = 0; i < 8; i++)
		scene_send(s, at_host(refused(1, 22), i), GAP_US);
}

static void doors_without_a_port(struct scene *s)
{
	for (uint16_t i = 0; i < 30; i++)
		scene_send(s, refused((uint16_t)(1 + i), 0), 1000000);
}

/* Two doors that are closed to it, and many that are open. */
static void friend_who_errs(struct scene *s)
{
	for (unsigned i = 0; i < 20; i++) {
		scene_send(s, refused(1, 22), 1000000);
		scene_send(s, refused(2, 23), 1000000);
		scene_send(s, granted(3, 25), 1000000);
		scene_send(s, granted(4, 143), 1000000);
		scene_send(s, refused(5, 21), 1000000);
		scene_send(s, refused(6, 79), GAP_US);
	}
}

static void closed_and_refused_doors(struct scene *s)
{
	scene_send(s, event_maker_tcp(SCENE_SOURCE, 40000, SCENE_HOST, 8080, EVENT_TCP_SYN), 1000000);
	scene_send(s, refused(1, 22), 1000000);
	scene_send(s, event_maker_tcp(SCENE_SOURCE, 40001, SCENE_HOST, 8081, EVENT_TCP_SYN), 1000000);
	scene_send(s, refused(2, 23), 1000000);
	scene_send(s, event_maker_tcp(SCENE_SOURCE, 40002, SCENE_HOST, 8082, EVENT_TCP_SYN), 1000000);
}

static void a_source_each(struct scene *s)
{
	for (unsigned i = 0; i < 300; i++) {
		char source[32];
		snprintf(source, sizeof source, "198.51.%u.%u", 100 + i / 200, 1 + i % 200);
		scene_send(s, decided(EVENT_ACCESS_REFUSED, source, 1, 22), 1000000);
	}
}

static const struct play {
	const char *name;
	void (*play)(struct scene *s);
	int level;       /* of the last telling; -1: nothing may be told */
	const char *kind;
	unsigned refused;
} plays[] = {
	{"refused once", once, -1, NULL, 0},
	{"a friend", friend, -1, NULL, 0},
	{"a source each: everybody is refused once", a_source_each, -1, NULL, 0},
	{"hammers at one door", hammer, 0, "refused", 500},
	{"a mail client has three doors", mail_client, 0, "refused", 180},
	{"a friend who errs at four, and is welcome at two", friend_who_errs, 0, "refused", 80},
	{"services whose doors nobody knows", doors_without_a_port, 0, "refused", 30},
	{"tries doors", tries_doors, 2, "vertical", 7},
	{"tries one door of many hosts", tries_doors_of_hosts, 2, "horizontal", 8},
	{"closed doors and refused ones are doors", closed_and_refused_doors, 1, "vertical", 2},
};

static void each_play_is_told_as_what_it_is(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(plays); i++) {
		struct scene s;
		scene_init(&s);
		plays[i].play(&s);
		scene_end(&s);
		const struct scene_told *last = scene_last(&s, SCENE_SOURCE);
		unsigned before = faults;
		faults += table_check_number(
			plays[i].name, "level", last ? last->level : -1, plays[i].level);
		faults += table_check_text(plays[i].name, "kind",
			last ? incident_kind_name(last->kind) : NULL, plays[i].kind);
		faults += table_check_number(
			plays[i].name, "refused", last ? last->refused : 0, plays[i].refused);
		if (faults != before)
			scene_print(&s);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void a_harmless_story_becomes_a_part_of_the_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 5; i++)
		scene_send(&s, refused(1, 22), GAP_US);
	tries_doors(&s);
	scene_end(&s);
	const struct scene_told *harmless = scene_kind(&s, INCIDENT_KIND_REFUSED);
	const struct scene_told *scan = scene_kind(&s, INCIDENT_KIND_VERTICAL);
	assert_non_null(harmless);
	assert_non_null(scan);
	assert_int_equal(harmless->state, INCIDENT_CLOSE);
	assert_string_equal(harmless->into, scan->id);
	assert_int_equal(scan->refused, 12);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 2);
	scene_clear(&s);
}

static void only_our_own_wrappers_prove_an_address(void **state)
{
	(void)state;
	for (unsigned ours = 0; ours < 2; ours++) {
		static const uint16_t ports[] = {22, 23, 21, 79, 143, 110};
		struct scene s;
		scene_init(&s);
		for (uint16_t i = 0; i < 6; i++) {
			struct event e = refused((uint16_t)(i + 1), ports[i]);
			scene_send(&s, ours ? told(e) : e, 1000000);
		}
		scene_end(&s);
		const struct scene_told *scan = scene_last(&s, SCENE_SOURCE);
		assert_non_null(scan);
		assert_int_equal(scan->kind, INCIDENT_KIND_VERTICAL);
		assert_int_equal(scan->spoofable, !ours);
		assert_string_equal(scan->nmap, "");
		assert_string_equal(scan->dst, ours ? SCENE_HOST : "-");
		scene_clear(&s);
	}
}

/* At an offered door the SYN passes for a client's, until the wrapper says no. */
static void a_refusal_takes_the_credit_of_its_syn_back(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	static struct door_set doors;
	const struct addr everywhere = addr_from_v4(0);
	door_set_clear(&doors);
	static const uint16_t ports[] = {22, 23, 21, 79, 143, 110};
	for (unsigned i = 0; i < 6; i++)
		door_set_add(&doors, &everywhere, false, PORT_SET_TCP, ports[i]);
	scene_play(&s);
	detector_set_listening(pipeline_detector(s.pipeline), &doors, NULL);
	scene_send(&s, event_maker_tcp(SCENE_SOURCE, 39999, SCENE_HOST, 8080, EVENT_TCP_SYN), 1000000);
	scene_send(&s, event_maker_tcp(SCENE_SOURCE, 39999, SCENE_HOST, 8081, EVENT_TCP_SYN), 1000000);
	for (uint16_t i = 0; i < 6; i++) {
		scene_send(&s,
			event_maker_tcp(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, ports[i],
				EVENT_TCP_SYN),
			1000);
		scene_send(&s, told(refused((uint16_t)(i + 1), ports[i])), 1000000);
	}
	scene_end(&s);
	const struct scene_told *scan = scene_last(&s, SCENE_SOURCE);
	assert_non_null(scan);
	assert_int_equal(scan->kind, INCIDENT_KIND_VERTICAL);
	assert_int_equal(scan->hosts_count, 1);
	assert_int_equal(scan->ports_count, 8);
	scene_clear(&s);
}

static void the_story_names_service_and_rule(void **state)
{
	(void)state;
	struct name_table *names = name_table_create();
	struct access_event a;
	struct event e;
	struct scene s;
	scene_init(&s);
	s.options.stories.names = names;
	access_event_clear(&a);
	(void)addr_parse(SCENE_SOURCE, strlen(SCENE_SOURCE), &a.client);
	a.server_port = 22;
	a.line = 3;
	a.origin = EVENT_ORIGIN_WRAPPER;
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	ACCESS_EVENT_SET(&a, table, text_slice_of("/etc/hosts.deny"));
	assert_true(access_event_to_event(&a, names, &e));
	for (unsigned i = 0; i < 57; i++)
		scene_send(&s, e, GAP_US);
	scene_end(&s);
	const struct scene_told *told_last = scene_last(&s, SCENE_SOURCE);
	assert_non_null(told_last);
	assert_string_equal(
		told_last->summary, "Refused 57 times at sshd, by line 3 of /etc/hosts.deny");
	assert_false(told_last->spoofable);
	scene_clear(&s);
	name_table_destroy(names);
}

static void who_is_trusted_is_not_even_counted(void **state)
{
	(void)state;
	struct scene s;
	struct prefix trusted;
	scene_init(&s);
	assert_true(prefix_parse("198.51.100.0/24", 15, &trusted, NULL));
	prefix_set_add(&s.options.detector.trusted, &trusted);
	tries_doors(&s);
	scene_end(&s);
	assert_int_equal(s.told_count, 0);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_play_is_told_as_what_it_is),
		cmocka_unit_test(a_harmless_story_becomes_a_part_of_the_scan),
		cmocka_unit_test(only_our_own_wrappers_prove_an_address),
		cmocka_unit_test(a_refusal_takes_the_credit_of_its_syn_back),
		cmocka_unit_test(the_story_names_service_and_rule),
		cmocka_unit_test(who_is_trusted_is_not_even_counted),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
