/* SPDX-License-Identifier: ISC */
#include "engine/home_guess.h"
#include "engine/replay_seed.h"

#include "event_maker.h"
#include "table_check.h"

enum { EVENTS = 2000 };

typedef struct event make_fn(unsigned i);

static struct event scanned_host(unsigned i)
{
	struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", (uint16_t)(1 + i));
	return event_maker_from(e, addr_from_v4(UINT32_C(0xc6120000) + i * 97));
}

static struct event scanned_network(unsigned i)
{
	struct event e = scanned_host(i);
	e.dst.bytes[15] = (uint8_t)i;
	return e;
}

static struct event one_scanner_of_a_network(unsigned i)
{
	struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 22);
	e.dst.bytes[15] = (uint8_t)i;
	return e;
}

static struct event scanned_ipv6_network(unsigned i)
{
	struct event e = event_maker_syn("2001:db8:9::7", 40000, "2001:db8:5::80", 22);
	e.dst.bytes[15] = (uint8_t)i;
	e.src.bytes[5] = (uint8_t)(i * 3);
	e.src.bytes[7] = (uint8_t)(i * 7);
	return e;
}

/* A client at home: what it asks is answered. */
static struct event honest_client(unsigned i)
{
	char server[] = "203.0.113.1";
	server[10] = (char)('1' + i / 2 % 9);
	uint16_t port = (uint16_t)(40000 + i / 2);
	return i % 2 == 0 ? event_maker_syn("192.0.2.5", port, server, 443)
			  : event_maker_tcp(
				    server, 443, "192.0.2.5", port, EVENT_TCP_SYN | EVENT_TCP_ACK);
}

static struct event marked_log(unsigned i)
{
	return event_maker_marks(scanned_host(i), EVENT_MARK_INCOMING);
}

static struct event strangers(unsigned i)
{
	struct event e = event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 22);
	e = event_maker_from(e, addr_from_v4(i * UINT32_C(2654435761)));
	return event_maker_to(e, addr_from_v4(i * UINT32_C(40503) * UINT32_C(69069)));
}

static struct event local_noise(unsigned i)
{
	(void)i;
	return event_maker_udp("fe80::1", 5353, "ff02::fb", 5353);
}

struct guess_row {
	const char *name;
	make_fn *make;
	const char *home; /* null = nothing fits */
	bool from_marks;
};

static const struct guess_row guess_rows[] = {
	{"one host, many strangers", scanned_host, "192.0.2.5", false},
	{"a network, many strangers", scanned_network, "192.0.2.0/24", false},
	{"a network, one scanner", one_scanner_of_a_network, "192.0.2.0/24", false},
	{"an IPv6 network", scanned_ipv6_network, "2001:db8:5::/64", false},
	{"a client whose questions are answered", honest_client, "192.0.2.5", false},
	{"a log with its own marks", marked_log, NULL, true},
	{"nobody in common", strangers, NULL, false},
	{"nothing but local noise", local_noise, NULL, false},
};

static void home_is_the_smallest_block_that_is_rather_asked(void **state)
{
	(void)state;
	unsigned faults = 0;
	struct event *events = calloc(EVENTS, sizeof *events);
	assert_non_null(events);
	for (size_t i = 0; i < TABLE_CHECK_ROWS(guess_rows); i++) {
		const struct guess_row *r = &guess_rows[i];
		for (unsigned n = 0; n < EVENTS; n++)
			events[n] = r->make(n);
		struct home_guess g = home_guess_make(events, EVENTS);
		faults += table_check_number(r->name, "blocks", g.home.count, r->home != NULL);
		faults += table_check_number(r->name, "from marks", g.from_marks, r->from_marks);
		if (g.home.count == 1)
			faults += table_check_text(
				r->name, "home", prefix_to_text(&g.home.items[0]).text, r->home);
		if (r->home != NULL || r->from_marks)
			faults += table_check_range(r->name, "percent", g.percent, 90, 100);
	}
	free(events);
	assert_int_equal(faults, 0);
}

static void no_events_are_no_guess(void **state)
{
	(void)state;
	struct home_guess g = home_guess_make(NULL, 0);
	assert_int_equal(g.home.count, 0);
	assert_false(g.from_marks);
}

static void a_replays_key_follows_from_its_events(void **state)
{
	(void)state;
	struct event events[3], others[3];
	for (uint16_t i = 0; i < 3; i++)
		events[i] = others[i] = event_maker_at(
			event_maker_syn("198.51.100.7", 40000, "192.0.2.5", (uint16_t)(20 + i)), i);
	uint64_t key = replay_seed_make(events, 3);
	assert_true(key != 0);
	assert_true(key == replay_seed_make(others, 3));
	assert_true(key != replay_seed_make(events, 2));
	others[1].dst_port++;
	assert_true(key != replay_seed_make(others, 3));
	assert_true(replay_seed_make(NULL, 0) != 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(home_is_the_smallest_block_that_is_rather_asked),
		cmocka_unit_test(no_events_are_no_guess),
		cmocka_unit_test(a_replays_key_follows_from_its_events),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
