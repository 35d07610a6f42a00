/* SPDX-License-Identifier: ISC */
#include "track/fragment_table.h"

#include "event_maker.h"
#include "table_check.h"

#include <stdio.h>

#define SRC "198.51.100.7"
#define DST "192.0.2.5"
#define SRC6 "2001:db8:1::7"
#define DST6 "2001:db8:2::5"

struct piece {
	uint16_t offset, length;
	uint8_t more;
	uint32_t digest;
	int64_t gap_us; /* after the one before */
	unsigned news;  /* wanted */
};

#define PIECES_MAX 8

static struct keyed_hash hash;

static struct event piece_event(bool v6, const struct piece *p, int64_t at_us)
{
	struct event e = event_maker_between(
		event_maker_addr(v6 ? SRC6 : SRC), event_maker_addr(v6 ? DST6 : DST), IP_PROTO_UDP);
	e.time = event_maker_time(at_us);
	e.marks = EVENT_MARK_FRAGMENT;
	e.has |= EVENT_HAS_FRAGMENT;
	e.fragment_id = 4711;
	e.fragment_offset = p->offset;
	e.fragment_length = p->length;
	e.fragment_more = p->more;
	e.fragment_digest = p->digest;
	return e;
}

static const struct row {
	const char *name;
	struct piece pieces[PIECES_MAX];
	bool only_v4;
} rows[] = {
	{"in order", {{0, 1480, 1, 1, 0, 0}, {1480, 1480, 1, 3, 0, 0}, {2960, 500, 0, 5, 0, 0}},
		false},
	{"in the opposite order",
		{{2960, 500, 0, 5, 0, 0}, {1480, 1480, 1, 3, 0, 0}, {0, 1480, 1, 1, 0, 0}}, false},
	{"a piece twice", {{0, 1480, 1, 1, 0, 0}, {0, 1480, 1, 1, 900, 0}, {1480, 500, 0, 5, 0, 0}},
		false},
	{"all of them twice",
		{{0, 1480, 1, 1, 0, 0}, {1480, 500, 0, 5, 0, 0}, {0, 1480, 1, 1, 10, 0},
			{1480, 500, 0, 5, 0, 0}},
		false},
	{"a piece twice, of which once little was captured",
		{{0, 1480, 1, 1, 0, 0}, {0, 1480, 1, 0, 900, 0}}, false},
	{"whole, then its number again",
		{{0, 1480, 1, 1, 0, 0}, {1480, 500, 0, 5, 0, 0}, {0, 1480, 1, 7, 9, 0},
			{1480, 900, 0, 9, 0, 0}},
		false},
	{"lost a piece, and its number again three seconds later",
		{{0, 1480, 1, 1, 0, 0}, {1480, 1480, 1, 3, 0, 0}, {0, 1480, 1, 7, 3000000, 0},
			{1480, 900, 0, 9, 0, 0}},
		true},
	{"the same after half a minute", {{0, 1480, 1, 1, 0, 0}, {0, 800, 1, 7, 31000000, 0}},
		false},
	{"teardrop", {{0, 36, 1, 1, 0, 0}, {24, 4, 0, 3, 100, FRAGMENT_OVERLAPS}}, false},
	{"one byte is enough", {{0, 40, 1, 1, 0, 0}, {32, 40, 1, 3, 0, FRAGMENT_OVERLAPS}}, false},
	{"the later piece first", {{24, 40, 0, 3, 0, 0}, {0, 32, 1, 1, 0, FRAGMENT_OVERLAPS}},
		false},
	{"the same place with other words",
		{{0, 1480, 1, 1, 0, 0}, {0, 1480, 1, 7, 900, FRAGMENT_OVERLAPS}}, false},
	{"told once",
		{{0, 40, 1, 1, 0, 0}, {8, 40, 1, 3, 0, FRAGMENT_OVERLAPS}, {16, 40, 1, 5, 0, 0}},
		false},
	{"two ends",
		{{0, 800, 1, 1, 0, 0}, {1600, 80, 0, 3, 0, 0},
			{2400, 8, 0, 5, 0, FRAGMENT_OVERLAPS}},
		false},
	{"behind the end", {{800, 80, 0, 3, 0, 0}, {1600, 80, 1, 5, 0, FRAGMENT_OVERLAPS}}, false},
	{"an end before what was there",
		{{1600, 80, 1, 3, 0, 0}, {800, 80, 0, 5, 0, FRAGMENT_OVERLAPS}}, false},
	{"ping of death", {{0, 1480, 1, 1, 0, 0}, {65120, 1000, 0, 3, 0, FRAGMENT_TOO_LONG}},
		false},
	{"as long as may be", {{0, 1480, 1, 1, 0, 0}, {65120, 415, 0, 3, 0, 0}}, false},
};

static unsigned check_row(const struct row *row, bool v6)
{
	struct fragment_table *t = fragment_table_create();
	unsigned faults = 0;
	int64_t at = 0;
	for (unsigned i = 0; i < PIECES_MAX && row->pieces[i].length > 0; i++) {
		struct event joined,
			e = piece_event(v6, &row->pieces[i], at += row->pieces[i].gap_us);
		char what[32];
		snprintf(what, sizeof what, "%s, piece %u", v6 ? "IPv6" : "IPv4", i);
		faults += table_check_number(row->name, what,
			(long)fragment_table_note(t, &hash, &e, &joined),
			(long)row->pieces[i].news);
	}
	fragment_table_destroy(t);
	return faults;
}

static void pieces_that_contradict_each_other_are_told_from_those_that_do_not(void **state)
{
	unsigned faults = 0;
	(void)state;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		faults += check_row(&rows[i], false);
		if (!rows[i].only_v4)
			faults += check_row(&rows[i], true);
	}
	assert_int_equal(faults, 0);
}

static void a_datagram_cut_to_shreds_is_told_once(void **state)
{
	struct fragment_table *t = fragment_table_create();
	unsigned told = 0;
	(void)state;
	for (unsigned i = 0; i < 400; i++) {
		struct piece p = {(uint16_t)(i * 8), 8, 1, i + 1, 0, 0};
		struct event joined, e = piece_event(false, &p, i);
		unsigned news = fragment_table_note(t, &hash, &e, &joined);
		assert_true(news == 0 || news == FRAGMENT_SHREDDED);
		assert_int_equal(news != 0, i == FRAGMENT_PIECES);
		told += news != 0;
	}
	assert_int_equal(told, 1);
	fragment_table_destroy(t);
}

/* The first piece has ports and number, the second the flags. */
static struct event half_of(bool first, uint8_t flags)
{
	struct piece p = {first ? 0 : 8, first ? 8 : 12, first, 1, 0, 0};
	struct event e = piece_event(false, &p, 0);
	e.proto = IP_PROTO_TCP;
	if (first) {
		e.src_port = 40000;
		e.dst_port = 23;
		e.seq = 77;
		e.has |= EVENT_HAS_PORTS;
		e.marks |= EVENT_MARK_TINY_FRAGMENT;
	} else {
		e.tcp_flags = flags;
		e.window = 1024;
		e.has |= EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW;
	}
	event_name_probe(&e);
	return e;
}

static void a_header_in_two_pieces_is_one_event(void **state)
{
	(void)state;
	for (int order = 0; order < 2; order++) {
		struct fragment_table *t = fragment_table_create();
		struct event joined, one = half_of(order == 0, EVENT_TCP_FIN);
		struct event two = half_of(order == 1, EVENT_TCP_FIN);
		assert_int_equal(fragment_table_note(t, &hash, &one, &joined), 0);
		assert_int_equal(fragment_table_note(t, &hash, &two, &joined), FRAGMENT_JOINED);
		assert_int_equal(joined.probe, EVENT_PROBE_FIN);
		assert_int_equal(joined.dst_port, 23);
		assert_int_equal(joined.src_port, 40000);
		assert_int_equal(joined.seq, 77);
		assert_int_equal(joined.window, 1024);
		assert_int_equal(fragment_table_note(t, &hash, &two, &joined), 0);
		fragment_table_destroy(t);
	}
}

static void other_numbers_and_other_ends_are_other_datagrams(void **state)
{
	struct fragment_table *t = fragment_table_create();
	struct piece p = {0, 40, 1, 1, 0, 0}, q = {8, 40, 1, 3, 0, 0};
	struct event joined, e = piece_event(false, &p, 0);
	(void)state;
	assert_int_equal(fragment_table_note(t, &hash, &e, &joined), 0);
	e = piece_event(false, &q, 0);
	e.fragment_id++;
	assert_int_equal(fragment_table_note(t, &hash, &e, &joined), 0);
	e = piece_event(false, &q, 0);
	e.dst.bytes[15]++;
	assert_int_equal(fragment_table_note(t, &hash, &e, &joined), 0);
	e = piece_event(false, &q, 0);
	e.proto = IP_PROTO_ICMP;
	assert_int_equal(fragment_table_note(t, &hash, &e, &joined), 0);
	fragment_table_destroy(t);
}

/* More than there is room for: the oldest go, and nothing is invented. */
static void a_flood_of_pieces_tells_nothing_that_is_not_so(void **state)
{
	struct table_check_random random = table_check_random_start("fragment_table");
	struct fragment_table *t = fragment_table_create();
	(void)state;
	for (uint32_t i = 0; i < 100000; i++) {
		struct piece p = {0, 1480, 1, 1, 0, 0};
		struct event joined, e = piece_event(i & 1, &p, i);
		e.fragment_id = (i & 1) ? i : i & 0xffff;
		e.src.bytes[15] = (uint8_t)table_check_random_below(&random, 250);
		assert_int_equal(fragment_table_note(t, &hash, &e, &joined), 0);
	}
	assert_true(fragment_table_evictions(t) > 90000);
	fragment_table_destroy(t);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(pieces_that_contradict_each_other_are_told_from_those_that_do_not),
		cmocka_unit_test(a_datagram_cut_to_shreds_is_told_once),
		cmocka_unit_test(a_header_in_two_pieces_is_one_event),
		cmocka_unit_test(other_numbers_and_other_ends_are_other_datagrams),
		cmocka_unit_test(a_flood_of_pieces_tells_nothing_that_is_not_so),
	};
	keyed_hash_init(&hash);
	return cmocka_run_group_tests(tests, NULL, NULL);
}
