/* SPDX-License-Identifier: ISC */
/*
 * At doors that are offered: what a source makes of our SYN-ACK tells a client from a scanner.
 */
#include "base/memory.h"
#include "scene.h"
#include "table_check.h"

#include <stdlib.h>

enum manner {
	CONNECTS,   /* completes the handshake */
	BREAKS_OFF, /* a reset, as the kernel of a half-open scanner sends it */
	SILENT,
	BREAKS_OFF_THEN_CONNECTS,
	CONNECTS_UNSEEN, /* our side is not in the capture */
	BREAKS_OFF_UNSEEN,
};

static struct event ours(struct event e)
{
	e.marks |= EVENT_MARK_OUTGOING;
	return e;
}

static void send_segment(
	struct scene *s, struct addr host, uint16_t src_port, uint16_t port, uint8_t flags)
{
	struct event e = event_maker_tcp(SCENE_SOURCE, src_port, SCENE_HOST, port, flags);
	bool ack = flags & EVENT_TCP_ACK;
	bool syn = flags & EVENT_TCP_SYN;
	scene_send(s, event_maker_to(event_maker_seq(e, syn ? 1 : 2, ack ? 7001 : 0), host), 1000);
}

static void send_syn_ack(struct scene *s, struct addr host, uint16_t src_port, uint16_t port)
{
	struct event e = event_maker_tcp(
		SCENE_HOST, port, SCENE_SOURCE, src_port, EVENT_TCP_SYN | EVENT_TCP_ACK);
	scene_send(s, event_maker_from(ours(event_maker_seq(e, 7000, 1)), host), 1000);
}

static void call(
	struct scene *s, struct addr host, uint16_t src_port, uint16_t port, enum manner manner)
{
	send_segment(s, host, src_port, port, EVENT_TCP_SYN);
	if (manner != CONNECTS_UNSEEN && manner != BREAKS_OFF_UNSEEN)
		send_syn_ack(s, host, src_port, port);
	if (manner == CONNECTS || manner == CONNECTS_UNSEEN)
		send_segment(s, host, src_port, port, EVENT_TCP_ACK);
	if (manner == BREAKS_OFF || manner == BREAKS_OFF_UNSEEN ||
		manner == BREAKS_OFF_THEN_CONNECTS)
		send_segment(s, host, src_port, port, EVENT_TCP_RST);
	if (manner == BREAKS_OFF_THEN_CONNECTS)
		call(s, host, (uint16_t)(src_port + 10000), port, CONNECTS);
}

struct door_row {
	const char *name;
	enum manner manner;
	unsigned hosts, ports, rounds;
	bool told;
	enum incident_kind kind;
};

static const struct door_row door_rows[] = {
	{"a client of eight services", CONNECTS, 1, 8, 1, false, INCIDENT_KINDS},
	{"a client of a whole network's web servers", CONNECTS, 12, 1, 3, false, INCIDENT_KINDS},
	{"a health check that never connects", BREAKS_OFF, 1, 1, 50, false, INCIDENT_KINDS},
	{"health checks of three services", BREAKS_OFF, 1, 3, 50, false, INCIDENT_KINDS},
	{"whose acknowledgements go another way", SILENT, 1, 8, 3, false, INCIDENT_KINDS},
	{"half-open scan", BREAKS_OFF, 1, 8, 1, true, INCIDENT_KIND_VERTICAL},
	{"half-open sweep", BREAKS_OFF, 8, 1, 1, true, INCIDENT_KIND_HORIZONTAL},
	{"scan, then version detection", BREAKS_OFF_THEN_CONNECTS, 1, 8, 1, true,
		INCIDENT_KIND_VERTICAL},
	{"a client, our side not seen", CONNECTS_UNSEEN, 1, 3, 4, false, INCIDENT_KINDS},
	{"half-open, our side not seen", BREAKS_OFF_UNSEEN, 1, 8, 1, true, INCIDENT_KIND_VERTICAL},
	{"would be a client everywhere", CONNECTS_UNSEEN, 1, 60, 1, true, INCIDENT_KIND_VERTICAL},
};

static void what_comes_after_our_answer_tells_who_it_is(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(door_rows); i++) {
		const struct door_row *row = &door_rows[i];
		struct scene s;
		scene_init(&s);
		for (unsigned n = 0; n < row->rounds * row->hosts * row->ports; n++)
			call(&s, scene_host(5 + n % row->hosts), (uint16_t)(30000 + n),
				(uint16_t)(20 + n / row->hosts % row->ports), row->manner);
		scene_end(&s);
		unsigned before = faults;
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(row->name, "told", t != NULL, row->told);
		if (t != NULL && row->told)
			faults += table_check_text(row->name, "kind", incident_kind_name(t->kind),
				incident_kind_name(row->kind));
		if (faults > before)
			scene_print(&s);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* How a live watch hears it: of an open door SYNs and bare resets, nothing else. */
static const struct door_row live_rows[] = {
	{"a client of eight services", SILENT, 1, 8, 3, false, INCIDENT_KINDS},
	{"a health check that never connects", BREAKS_OFF_UNSEEN, 1, 1, 50, false, INCIDENT_KINDS},
	{"health checks of three services", BREAKS_OFF_UNSEEN, 1, 3, 50, false, INCIDENT_KINDS},
	{"half-open scan", BREAKS_OFF_UNSEEN, 1, 8, 1, true, INCIDENT_KIND_VERTICAL},
	{"half-open sweep", BREAKS_OFF_UNSEEN, 8, 1, 1, true, INCIDENT_KIND_HORIZONTAL},
};

static void offer_doors(struct scene *s, const struct prefix_set *own)
{
	struct door_set *doors = memory_calloc(1, sizeof *doors);
	static const struct addr any;
	for (uint16_t port = 20; port < 30; port++)
		door_set_add(doors, &any, false, PORT_SET_TCP, port);
	scene_play(s);
	detector_set_listening(pipeline_detector(s->pipeline), doors, own);
	free(doors);
}

/* The SYN-ACK of `call` is ours, and not heard. */
static void call_live(
	struct scene *s, struct addr host, uint16_t src_port, uint16_t port, enum manner manner)
{
	send_segment(s, host, src_port, port, EVENT_TCP_SYN);
	if (manner == BREAKS_OFF_UNSEEN)
		send_segment(s, host, src_port, port, EVENT_TCP_RST);
}

static void a_live_watch_knows_a_half_open_scan_by_its_resets(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(live_rows); i++) {
		const struct door_row *row = &live_rows[i];
		struct scene s;
		scene_init(&s);
		offer_doors(&s, NULL);
		for (unsigned n = 0; n < row->rounds * row->hosts * row->ports; n++)
			call_live(&s, scene_host(5 + n % row->hosts), (uint16_t)(30000 + n),
				(uint16_t)(20 + n / row->hosts % row->ports), row->manner);
		scene_end(&s);
		const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
		faults += table_check_number(row->name, "told", t != NULL, row->told);
		if (t != NULL && row->told)
			faults += table_check_text(row->name, "kind", incident_kind_name(t->kind),
				incident_kind_name(row->kind));
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* Resets that end what was more than a look: after data, or with an acknowledgement. */
static void a_live_watch_takes_no_hanging_up_for_a_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	offer_doors(&s, NULL);
	for (uint16_t n = 0; n < 8; n++) {
		uint16_t src_port = (uint16_t)(30000 + n), port = (uint16_t)(20 + n);
		send_segment(&s, scene_host(5), src_port, port, EVENT_TCP_SYN);
		struct event e =
			event_maker_tcp(SCENE_SOURCE, src_port, SCENE_HOST, port, EVENT_TCP_RST);
		for (uint32_t i = 0; i < 20; i++)
			scene_send(&s, event_maker_seq(e, 500 + i, 0), 1000);
		send_segment(&s, scene_host(5), src_port, port, EVENT_TCP_RST | EVENT_TCP_ACK);
	}
	scene_end(&s);
	assert_int_equal(s.told_count, 0);
	scene_clear(&s);
}

/* Doors on all addresses are doors on our own: in a dark block that is routed here nobody answers. */
static void doors_are_open_on_our_own_addresses_only(void **state)
{
	(void)state;
	struct prefix_set own = {.count = 0};
	struct addr host = scene_host(5);
	struct prefix alone = prefix_of(&host, 32);
	assert_true(prefix_set_add(&own, &alone));
	for (unsigned dark = 0; dark < 2; dark++) {
		struct scene s;
		scene_init(&s);
		offer_doors(&s, &own);
		for (unsigned n = 0; n < 8; n++)
			call_live(&s, scene_host(dark ? 100 + n : 5), (uint16_t)(30000 + n), 22,
				SILENT);
		scene_end(&s);
		assert_int_equal(scene_count(&s, INCIDENT_OPEN, 1), dark);
		scene_clear(&s);
	}
}

/* Three wrong ports, then the right one: nobody's scan, though the right one was not known before. */
static void a_client_that_errs_is_no_scanner(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 8081; port < 8084; port++)
		send_segment(&s, scene_host(5), 40000, port, EVENT_TCP_SYN);
	for (uint16_t n = 0; n < 5; n++)
		call(&s, scene_host(5), (uint16_t)(40001 + n), (uint16_t)(80 + n), CONNECTS);
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 2), 0);
	scene_clear(&s);
}

static void refuse(struct scene *s, uint16_t src_port, uint16_t port)
{
	struct event e = event_maker_tcp(
		SCENE_HOST, port, SCENE_SOURCE, src_port, EVENT_TCP_RST | EVENT_TCP_ACK);
	scene_send(s, ours(event_maker_seq(e, 0, 2)), 1000);
}

/* A service that somebody else's handshake has shown. */
static void show_service(struct scene *s, uint16_t port)
{
	struct event e = event_maker_tcp(
		SCENE_HOST, port, "203.0.113.9", 40000, EVENT_TCP_SYN | EVENT_TCP_ACK);
	scene_send(s, ours(event_maker_seq(e, 9000, 1)), 1000);
}

/* nmap tries the usual doors first; connect() to them looks like a client's. */
static void a_scan_is_told_of_the_doors_it_met_as_a_client(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 80; port <= 82; port++)
		show_service(&s, port);
	for (uint16_t port = 80; port <= 81; port++)
		call(&s, scene_host(5), (uint16_t)(50000 + port), port, CONNECTS);
	send_segment(&s, scene_host(5), 50082, 82, EVENT_TCP_SYN);
	refuse(&s, 50082, 82);
	for (uint16_t port = 100; port < 112; port++) {
		send_segment(&s, scene_host(5), (uint16_t)(50000 + port), port, EVENT_TCP_SYN);
		refuse(&s, (uint16_t)(50000 + port), port);
	}
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	assert_non_null(t);
	assert_string_equal(t->answered, "tcp/80-81");
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_scan_is_told_of_the_doors_it_met_as_a_client),
		cmocka_unit_test(what_comes_after_our_answer_tells_who_it_is),
		cmocka_unit_test(a_client_that_errs_is_no_scanner),
		cmocka_unit_test(a_live_watch_knows_a_half_open_scan_by_its_resets),
		cmocka_unit_test(a_live_watch_takes_no_hanging_up_for_a_scan),
		cmocka_unit_test(doors_are_open_on_our_own_addresses_only),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
