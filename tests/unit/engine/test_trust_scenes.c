/* SPDX-License-Identifier: ISC */
/*
 * What the admin says of sources and doors, what the doors answer, and what proves an address.
 */
#include "scene.h"
#include "table_check.h"

static struct event ours(struct event e)
{
	return event_maker_marks(e, EVENT_MARK_OUTGOING);
}

static void scan(struct scene *s, const char *src, unsigned ports, unsigned first)
{
	for (unsigned i = 0; i < ports; i++)
		scene_send(s,
			event_maker_syn(
				src, (uint16_t)(40000 + i), SCENE_HOST, (uint16_t)(first + i)),
			10000);
}

static struct prefix block_of(const char *text)
{
	struct prefix p;
	assert_true(prefix_parse(text, strlen(text), &p, NULL));
	return p;
}

struct override_row {
	const char *name;
	struct {
		const char *prefix; /* null = no more rows */
		int level;
		uint8_t proto; /* 0 = any */
		const char *ports;
	} rows[2];
	int level; /* of the scan of tcp/100-139 by 198.51.100.7; -1 = no story */
	uint32_t targets;
};

static const struct override_row override_rows[] = {
	{"none", {{NULL, 0, 0, NULL}}, 2, 40},
	{"ignored", {{"198.51.100.7", 0, 0, NULL}}, -1, 0},
	{"ignored as part of a block", {{"198.51.100.0/24", 0, 0, NULL}}, -1, 0},
	{"another block", {{"203.0.113.0/24", 0, 0, NULL}}, 2, 40},
	{"raised", {{"198.51.100.7", 5, 0, NULL}}, 5, 40},
	{"lowered", {{"198.51.100.7", 1, 0, NULL}}, 1, 40},
	{"the first row that fits decides",
		{{"198.51.100.7", 4, 0, NULL}, {"198.51.100.0/24", 0, 0, NULL}}, 4, 40},
	{"of one protocol", {{"198.51.100.7", 5, IP_PROTO_TCP, NULL}}, 5, 40},
	{"of another protocol", {{"198.51.100.7", 0, IP_PROTO_UDP, NULL}}, 2, 40},
	{"ignored on some ports", {{"198.51.100.7", 0, 0, "tcp/100-119"}}, 2, 20},
	{"ignored on other ports", {{"198.51.100.7", 0, 0, "tcp/1-99"}}, 2, 40},
	{"ignored on ports of another protocol", {{"198.51.100.7", 0, 0, "udp/100-119"}}, 2, 40},
};

static unsigned check_override(const struct override_row *row)
{
	struct scene s;
	struct detector_override overrides[2];
	struct port_range ranges[2];
	unsigned count = 0;
	scene_init(&s);
	for (; count < 2 && row->rows[count].prefix != NULL; count++) {
		const char *ports = row->rows[count].ports;
		struct detector_override *o = &overrides[count];
		*o = (struct detector_override){.prefix = block_of(row->rows[count].prefix),
			.level = row->rows[count].level,
			.has_proto = row->rows[count].proto != 0,
			.proto = row->rows[count].proto};
		if (ports != NULL) {
			assert_true(port_range_parse(ports, strlen(ports), &ranges[count]));
			o->ports = &ranges[count];
			o->ports_count = 1;
		}
	}
	s.options.detector.overrides = overrides;
	s.options.detector.overrides_count = count;
	scan(&s, SCENE_SOURCE, 40, 100);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number(row->name, "level", t ? t->level : -1, row->level);
	faults += table_check_number(row->name, "targets", t ? t->targets_count : 0, row->targets);
	scene_clear(&s);
	return faults;
}

static void the_level_of_an_address_is_what_the_admin_says(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(override_rows); i++)
		faults += check_override(&override_rows[i]);
	assert_int_equal(faults, 0);
}

static void a_trusted_source_is_never_suspicious(void **state)
{
	(void)state;
	struct scene s;
	struct prefix monitor = block_of("198.51.100.0/28");
	scene_init(&s);
	prefix_set_add(&s.options.detector.trusted, &monitor);
	scan(&s, SCENE_SOURCE, 200, 1);
	scan(&s, "198.51.100.16", 20, 1);
	scene_end(&s);
	assert_null(scene_last(&s, SCENE_SOURCE));
	assert_non_null(scene_last(&s, "198.51.100.16"));
	assert_int_equal(detector_stats(pipeline_detector(s.pipeline)).ignored, 200);
	scene_clear(&s);
}

struct marked_row {
	const char *name;
	bool dark, trap;
	const char *dst;
	uint16_t first_port;
	int level; /* of three targets; -1 = no story */
};

static const struct marked_row marked_rows[] = {
	{"three ordinary doors", true, true, SCENE_HOST, 1000, -1},
	{"three doors on a dark address", true, false, "192.0.2.200", 1000, 1},
	{"three trap ports", false, true, SCENE_HOST, 23, 1},
	{"trap ports where none are", false, false, SCENE_HOST, 23, -1},
};

static void dark_addresses_and_trap_ports_weigh_more(void **state)
{
	(void)state;
	unsigned faults = 0;
	struct port_set *traps = calloc(1, sizeof *traps);
	struct prefix dark = block_of("192.0.2.192/26");
	assert_non_null(traps);
	port_set_add_range(traps, PORT_SET_TCP, 23, 25);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(marked_rows); i++) {
		const struct marked_row *row = &marked_rows[i];
		struct scene s;
		scene_init(&s);
		if (row->dark)
			prefix_set_add(&s.options.detector.dark, &dark);
		if (row->trap)
			s.options.detector.trap_ports = traps;
		for (unsigned n = 0; n < 3; n++)
			scene_send(&s,
				event_maker_syn(SCENE_SOURCE, 40000, row->dst,
					(uint16_t)(row->first_port + n)),
				10000);
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(row->name, "level", t ? t->level : -1, row->level);
		scene_clear(&s);
	}
	free(traps);
	assert_int_equal(faults, 0);
}

/* Our SYN-ACK to a probe, and (where it is one) the source's acknowledgement of it. */
static void answer(struct scene *s, uint16_t src_port, uint16_t port, uint32_t seq)
{
	struct event e = event_maker_tcp(
		SCENE_HOST, port, SCENE_SOURCE, src_port, EVENT_TCP_SYN | EVENT_TCP_ACK);
	scene_send(s, ours(event_maker_seq(e, seq, 1)), 1000);
}

static void acknowledge(struct scene *s, uint16_t src_port, uint16_t port, uint32_t ack)
{
	struct event e = event_maker_tcp(SCENE_SOURCE, src_port, SCENE_HOST, port, EVENT_TCP_ACK);
	scene_send(s, event_maker_seq(e, 1, ack), 1000);
}

struct proof_row {
	const char *name;
	bool answered, acknowledged;
	uint32_t ack;
	bool spoofable;
};

static const struct proof_row proof_rows[] = {
	{"no answer", false, false, 0, true},
	{"a half-open connection", true, false, 0, true},
	{"the right acknowledgement", true, true, 70001, false},
	{"a guessed acknowledgement", true, true, 12345, true},
	{"an acknowledgement of nothing", false, true, 70001, true},
};

static void only_a_handshake_proves_an_address(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(proof_rows); i++) {
		const struct proof_row *row = &proof_rows[i];
		struct scene s;
		scene_init(&s);
		scan(&s, SCENE_SOURCE, 30, 1);
		if (row->answered)
			answer(&s, 40021, 22, 70000);
		if (row->acknowledged)
			acknowledge(&s, 40021, 22, row->ack);
		scan(&s, SCENE_SOURCE, 30, 31);
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(row->name, "told", t != NULL, true);
		if (t != NULL)
			faults += table_check_number(
				row->name, "spoofable", t->spoofable, row->spoofable);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

static void the_open_ports_a_scanner_found_are_told(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scan(&s, SCENE_SOURCE, 21, 1);
	for (uint16_t port = 22; port <= 24; port++) {
		scan(&s, SCENE_SOURCE, 1, port);
		answer(&s, 40000, port, 5);
	}
	scan(&s, SCENE_SOURCE, 20, 50);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_non_null(t);
	assert_string_equal(t->answered, "tcp/22-24");
	assert_int_equal(t->level, 3);
	assert_false(t->returned);
	assert_int_equal(t->targets_count, 44);
	scene_clear(&s);
}

static void coming_back_to_an_open_port_is_severe(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		int64_t after_us;
		uint16_t src_port;
		bool returned;
	} rows[] = {
		{"from another port, a minute later", EVENT_MAKER_MINUTE, 50123, true},
		{"from the same port: a retransmission", EVENT_MAKER_MINUTE, 40000, false},
		{"at once: the scanner asks twice", EVENT_MAKER_SECOND, 50123, false},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct scene s;
		scene_init(&s);
		scan(&s, SCENE_SOURCE, 21, 1);
		scan(&s, SCENE_SOURCE, 1, 22);
		answer(&s, 40000, 22, 5);
		s.clock_us += rows[i].after_us;
		scene_send(
			&s, event_maker_syn(SCENE_SOURCE, rows[i].src_port, SCENE_HOST, 22), 1000);
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(
			rows[i].name, "returned", t && t->returned, rows[i].returned);
		faults += table_check_number(
			rows[i].name, "level", t ? t->level : -1, rows[i].returned ? 4 : 3);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* A door that answers is no failure: the sequential test gives back what it took. */
static void open_doors_are_credited(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t i = 0; i < 40; i++) {
		uint16_t port = (uint16_t)(100 + i % 3);
		scene_send(&s,
			event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, port),
			1000);
		answer(&s, (uint16_t)(40000 + i), port, 5);
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 1), 0);
	scene_clear(&s);
}

static void what_the_host_offers_is_no_dead_door(void **state)
{
	(void)state;
	struct door_set *listening = calloc(1, sizeof *listening);
	static const struct addr any;
	struct detector *d;
	struct scene s;
	assert_non_null(listening);
	for (uint16_t port = 1; port <= 60; port++)
		door_set_add(listening, &any, false, PORT_SET_TCP, port);
	scene_init(&s);
	scan(&s, SCENE_SOURCE, 1, 1000);
	scene_play(&s);
	d = pipeline_detector(s.pipeline);
	detector_set_listening(d, listening, NULL);
	free(listening);
	scan(&s, SCENE_SOURCE, 60, 1);
	scene_end(&s);
	assert_int_equal(s.told_count, 0);
	scene_clear(&s);
}

/* A port that is open over IPv6, or on another address, is a dead door here. */
static void what_the_host_offers_elsewhere_is_a_dead_door(void **state)
{
	(void)state;
	struct door_set *listening = calloc(1, sizeof *listening);
	static const struct addr any;
	struct addr other = scene_host(6);
	struct scene s, bare;
	assert_non_null(listening);
	for (uint16_t port = 1; port <= 30; port++) {
		door_set_add(listening, &any, true, PORT_SET_TCP, port);
		door_set_add(listening, &other, false, PORT_SET_TCP, (uint16_t)(port + 30));
	}
	scene_init(&s);
	scene_init(&bare);
	scan(&s, SCENE_SOURCE, 1, 1000);
	scan(&bare, SCENE_SOURCE, 1, 1000);
	scene_play(&s);
	scene_play(&bare);
	detector_set_listening(pipeline_detector(s.pipeline), listening, NULL);
	free(listening);
	scan(&s, SCENE_SOURCE, 60, 1);
	scan(&bare, SCENE_SOURCE, 60, 1);
	scene_end(&s);
	scene_end(&bare);
	assert_true(s.told_count > 0);
	assert_true(scene_equals(&s, &bare));
	scene_clear(&s);
	scene_clear(&bare);
}

static void home_may_be_learned_later(void **state)
{
	(void)state;
	struct scene s;
	struct prefix_set home = {.count = 0}, none = home;
	struct prefix p = block_of("192.0.2.0/24");
	scene_init(&s);
	s.options.detector.home = none;
	scan(&s, SCENE_SOURCE, 30, 1);
	scene_play(&s);
	assert_int_equal(detector_stats(pipeline_detector(s.pipeline)).probes, 0);
	prefix_set_add(&home, &p);
	detector_set_home(pipeline_detector(s.pipeline), &home);
	scan(&s, SCENE_SOURCE, 30, 1);
	scene_end(&s);
	assert_int_equal(scene_stories_of(&s, SCENE_SOURCE), 1);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_level_of_an_address_is_what_the_admin_says),
		cmocka_unit_test(a_trusted_source_is_never_suspicious),
		cmocka_unit_test(dark_addresses_and_trap_ports_weigh_more),
		cmocka_unit_test(only_a_handshake_proves_an_address),
		cmocka_unit_test(the_open_ports_a_scanner_found_are_told),
		cmocka_unit_test(coming_back_to_an_open_port_is_severe),
		cmocka_unit_test(open_doors_are_credited),
		cmocka_unit_test(what_the_host_offers_is_no_dead_door),
		cmocka_unit_test(what_the_host_offers_elsewhere_is_a_dead_door),
		cmocka_unit_test(home_may_be_learned_later),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
