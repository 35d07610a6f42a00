/* SPDX-License-Identifier: ISC */
/*
 * Too much at one target, from one source or from forged ones; and what a flood must not hide.
 */
#include "scene.h"
#include "table_check.h"

/* 240.0.0.0/4 is reserved (RFC 1112, 4): whoever sends from there is forged. */
static struct addr forged(uint32_t number)
{
	return addr_from_v4(
		UINT32_C(0xf0000000) + number * UINT32_C(2654435761) % UINT32_C(0x0fffffff));
}

static void syn_flood_at_one_port(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			event_maker_from(event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i),
						 SCENE_HOST, 8000),
				forged(i)),
			1000);
}

static void syn_flood_at_all_ports(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			event_maker_from(event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i),
						 SCENE_HOST, (uint16_t)(i * 7919 % 65536)),
				forged(i)),
			1000);
}

static void syn_flood_of_one_source(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s, event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i), SCENE_HOST, 8000),
			1000);
}

static void udp_flood_at_one_port(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			event_maker_from(
				event_maker_udp(SCENE_SOURCE, (uint16_t)(1024 + i * 3 % 60000),
					SCENE_HOST, 27960),
				forged(i)),
			1000);
}

static void ping_flood(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s, event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 8, 0), 1000);
}

static void reflected_dns(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			event_maker_payload(event_maker_udp(SCENE_SOURCE, 53, SCENE_HOST,
						    (uint16_t)(1024 + i * 7 % 60000)),
				1400),
			1000);
}

static struct event from_reflector(struct event e, unsigned number)
{
	return event_maker_from(e, addr_from_v4(UINT32_C(0xc6120000) + number * 257));
}

/* Two hundred open resolvers, each of which alone is hardly noticed. */
static void reflected_dns_of_many(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++) {
		struct event e = event_maker_udp(
			SCENE_SOURCE, 53, SCENE_HOST, (uint16_t)(1024 + i * 7 % 60000));
		scene_send(s, from_reflector(event_maker_payload(e, 1400), i % 200), 1000);
	}
}

static void smurf(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			from_reflector(event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 0, 0), i % 200),
			1000);
}

/* A resolver farm that is slow: dozens of answers a second nobody waits for any more. */
static void late_answers_of_many(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++) {
		struct event e = event_maker_udp(
			SCENE_SOURCE, 53, SCENE_HOST, (uint16_t)(1024 + i * 7 % 60000));
		scene_send(s, from_reflector(event_maker_payload(e, 200), i % 6), 20000);
	}
}

static void slow_packets_to_one_port(struct scene *s)
{
	for (unsigned i = 0; i < 4000; i++)
		scene_send(s,
			event_maker_from(event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i),
						 SCENE_HOST, 8000),
				forged(i)),
			100000);
}

struct flood_row {
	const char *name;
	void (*play)(struct scene *s);
	enum incident_kind kind; /* INCIDENT_KINDS: no flood */
	unsigned least_sources;
	int level;
};

static const struct flood_row flood_rows[] = {
	{"SYN, forged, one port", syn_flood_at_one_port, INCIDENT_KIND_SYN_FLOOD, 250, 3},
	{"SYN, forged, all ports", syn_flood_at_all_ports, INCIDENT_KIND_SYN_FLOOD, 250, 3},
	{"SYN, one source", syn_flood_of_one_source, INCIDENT_KIND_SYN_FLOOD, 1, 3},
	{"UDP, one port", udp_flood_at_one_port, INCIDENT_KIND_UDP_FLOOD, 250, 3},
	{"ICMP", ping_flood, INCIDENT_KIND_ICMP_FLOOD, 1, 3},
	{"reflected DNS", reflected_dns, INCIDENT_KIND_REFLECTION, 1, 3},
	{"reflected DNS, 200 servers", reflected_dns_of_many, INCIDENT_KIND_REFLECTION, 150, 3},
	{"smurf", smurf, INCIDENT_KIND_ICMP_FLOOD, 150, 3},
	{"late answers", late_answers_of_many, INCIDENT_KINDS, 0, 0},
	{"ten packets a second", slow_packets_to_one_port, INCIDENT_KINDS, 0, 0},
};

static unsigned check_flood(const struct flood_row *row)
{
	struct scene s;
	unsigned faults = 0;
	scene_init(&s);
	row->play(&s);
	scene_end(&s);
	const struct scene_told *t = NULL;
	for (size_t i = 0; i < s.told_count; i++) {
		if (s.told[i].class == INCIDENT_CLASS_FLOOD)
			t = &s.told[i];
		faults += table_check_number(
			row->name, "scan", s.told[i].class == INCIDENT_CLASS_SCAN, 0);
	}
	faults += table_check_number(row->name, "flood", t != NULL, row->kind != INCIDENT_KINDS);
	faults += table_check_range(row->name, "stories", scene_count(&s, INCIDENT_OPEN, 1), 0, 1);
	faults += table_check_range(row->name, "tellings", (double)s.told_count, 0, 30);
	if (t != NULL) {
		faults += table_check_text(row->name, "kind", incident_kind_name(t->kind),
			incident_kind_name(row->kind));
		faults += table_check_number(row->name, "state", t->state, INCIDENT_CLOSE);
		faults += table_check_number(row->name, "level", t->level, row->level);
		faults += table_check_range(
			row->name, "sources", t->sources_count, row->least_sources, 4000);
		faults += table_check_range(row->name, "packets", (double)t->packets, 3000, 4000);
		faults += table_check_text(row->name, "target", t->dst, SCENE_HOST);
	}
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void every_flood_is_one_story_of_its_kind(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(flood_rows); i++)
		faults += check_flood(&flood_rows[i]);
	assert_int_equal(faults, 0);
}

/* Polls of a zombie: SYN-ACKs from ever new high ports to one low port, answered by our RSTs. */
static void the_reader_of_our_ip_ids_is_told_as_an_attack(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 12; i++) {
		uint16_t port = (uint16_t)(50000 + i);
		scene_send(&s,
			event_maker_tcp(
				SCENE_SOURCE, port, SCENE_HOST, 80, EVENT_TCP_SYN | EVENT_TCP_ACK),
			10000);
		scene_send(&s, event_maker_tcp(SCENE_HOST, 80, SCENE_SOURCE, port, EVENT_TCP_RST),
			400000);
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_OPEN, 0), 1);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 3), 1);
	for (size_t i = 0; i < s.told_count; i++) {
		assert_int_equal(s.told[i].kind, INCIDENT_KIND_IDLE_ZOMBIE);
		assert_int_equal(s.told[i].class, INCIDENT_CLASS_ATTACK);
		assert_int_equal(s.told[i].level, 3);
		assert_true(s.told[i].confidence > 0.99);
	}
	assert_int_equal(scene_last(&s, SCENE_SOURCE)->packets, 12);
	scene_clear(&s);
}

static void send_slow_scanners(struct scene *s, unsigned scanners, unsigned probe)
{
	for (unsigned i = 0; i < scanners; i++) {
		struct event e = event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + probe),
			SCENE_HOST, (uint16_t)(1000 + i * 100 + probe));
		e.src.bytes[15] = (uint8_t)(i + 1);
		e = event_maker_to(e, scene_host(i % 100));
		scene_add(s, event_maker_at(e, s->clock_us));
	}
}

/* 300,000 forged sources, each once, over ten minutes; fifty scanners knock once in ten seconds. */
static void a_forged_flood_hides_no_slow_scanner(void **state)
{
	(void)state;
	enum { SECONDS = 600, A_SECOND = 500, SCANNERS = 50 };
	struct scene s;
	uint32_t number = 0;
	scene_init(&s);
	for (unsigned second = 0; second < SECONDS; second++) {
		if (second % 10 == 0)
			send_slow_scanners(&s, SCANNERS, second / 10);
		for (unsigned i = 0; i < A_SECOND; i++) {
			struct event e =
				event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + number % 60000),
					SCENE_HOST, (uint16_t)(number * 7919 % 65536));
			e = event_maker_to(e, scene_host(number % 250));
			scene_send(&s, event_maker_from(e, forged(number++)),
				EVENT_MAKER_SECOND / A_SECOND);
		}
		scene_play(&s);
	}
	scene_end(&s);
	unsigned found = 0, wrong = 0;
	for (size_t i = 0; i < s.told_count; i++) {
		const struct scene_told *t = &s.told[i];
		bool scanner = strncmp(t->src, "198.51.100.", 11) == 0;
		found += t->state == INCIDENT_CLOSE && t->class == INCIDENT_CLASS_SCAN && scanner;
		wrong += t->class == INCIDENT_CLASS_SCAN && !scanner;
	}
	print_message("found %u of %d, wrong %u of %u forged\n", found, SCANNERS, wrong, number);
	assert_int_equal(found, SCANNERS);
	assert_int_equal(wrong, 0);
	scene_clear(&s);
}

/* Written late and out of order, hundreds of lines reach us in one second; none was sent in it. */
static void old_lines_are_no_flood(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_add(&s, event_maker_at(event_maker_syn("198.51.100.9", 4000, SCENE_HOST, 25),
			      s.clock_us + 3600 * EVENT_MAKER_SECOND));
	for (unsigned i = 0; i < 1200; i++)
		scene_add(&s, event_maker_at(event_maker_from(event_maker_syn(SCENE_SOURCE, 4000,
								      SCENE_HOST, 8000),
						     forged(i)),
				      s.clock_us + (int64_t)i * 2 * EVENT_MAKER_SECOND));
	scene_play_unsorted(&s);
	scene_end(&s);
	for (size_t i = 0; i < s.told_count; i++)
		assert_int_not_equal(s.told[i].class, INCIDENT_CLASS_FLOOD);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_flood_is_one_story_of_its_kind),
		cmocka_unit_test(the_reader_of_our_ip_ids_is_told_as_an_attack),
		cmocka_unit_test(a_forged_flood_hides_no_slow_scanner),
		cmocka_unit_test(old_lines_are_no_flood),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
