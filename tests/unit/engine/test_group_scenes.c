/* SPDX-License-Identifier: ISC */
/*
 * Many sources, one deed: a scan that is shared, and one that hides among decoys.
 */
#include "scene.h"
#include "table_check.h"

#include <stdio.h>

static struct addr member(unsigned number)
{
	return addr_from_v4(UINT32_C(0xc6120000) + number * 257);
}

static struct event knock(unsigned source, unsigned port)
{
	return event_maker_from(
		event_maker_syn(SCENE_SOURCE, (uint16_t)(30000 + source * 13 % 30000), SCENE_HOST,
			(uint16_t)port),
		member(source));
}

/* `sources` share the ports from 1 on, `each` for every one, in turns. */
static void share(struct scene *s, unsigned sources, unsigned each, int64_t gap_us)
{
	for (unsigned turn = 0; turn < each; turn++) {
		for (unsigned source = 0; source < sources; source++)
			scene_send(s, knock(source, 1 + source * each + turn), gap_us);
	}
}

struct share_row {
	const char *name;
	unsigned sources, each;
	int64_t gap_us;
	int level;
};

static const struct share_row share_rows[] = {
	{"40 sources, 10 ports each", 40, 10, 200000, 3},
	{"100 sources, 2 ports each", 100, 2, 300000, 4},
	{"16 sources, 4 ports each, in nine minutes", 16, 4, 8000000, 3},
	{"60 sources, one port each", 60, 1, 500000, 3},
};

static void a_shared_scan_is_one_story_of_its_group(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(share_rows); i++) {
		const struct share_row *row = &share_rows[i];
		struct scene s;
		scene_init(&s);
		share(&s, row->sources, row->each, row->gap_us);
		scene_end(&s);
		unsigned before = faults;
		const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_DISTRIBUTED);
		faults += table_check_number(row->name, "told as it is", t != NULL, true);
		/* What the first sources did alone was told before there was a group: it was
		 * folded. */
		unsigned left = 0;
		for (size_t n = 0; n < s.told_count; n++)
			left += s.told[n].state == INCIDENT_CLOSE && s.told[n].into[0] == '\0';
		faults += table_check_number(row->name, "stories that remain", left, 1);
		if (t != NULL) {
			unsigned all = row->sources * row->each;
			faults += table_check_number(row->name, "level", t->level, row->level);
			faults += table_check_number(
				row->name, "sources", t->sources_count, row->sources);
			faults += table_check_number(
				row->name, "members", t->members_shown, row->sources);
			faults += table_check_text(row->name, "source", t->src, "-");
			faults += table_check_text(row->name, "target", t->dst, SCENE_HOST);
			faults += table_check_range(
				row->name, "targets", t->targets_count, all * 0.95, all);
			faults += table_check_number(
				row->name, "packets", (long long)t->packets, (long long)all);
		}
		if (faults > before)
			scene_print(&s);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* Two seconds of forged SYNs in its midst must not hide the scan. */
struct sweep_row {
	const char *name;
	unsigned sources, each;
	bool by_lot; /* each draws its hosts for itself */
	unsigned groups, hosts;
};

static const struct sweep_row sweep_rows[] = {
	{"30 sources, 8 hosts each", 30, 8, false, 1, 240},
	{"100 sources, 2 hosts each", 100, 2, false, 1, 200},
	{"a botnet that draws by lot", 60, 3, true, 0, 0},
};

static void a_network_that_is_shared_out_is_one_story(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sweep_rows); i++) {
		const struct sweep_row *row = &sweep_rows[i];
		struct scene s;
		scene_init(&s);
		uint32_t lot = 1;
		for (unsigned n = 0; n < row->sources * row->each; n++) {
			unsigned source = n % row->sources, turn = n / row->sources;
			lot = lot * 1664525u + 1013904223u;
			unsigned host = row->by_lot ? lot >> 24 : source * row->each + turn;
			scene_send(
				&s, event_maker_to(knock(source, 445), scene_host(host)), 300000);
		}
		scene_end(&s);
		const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_DISTRIBUTED);
		faults += table_check_number(row->name, "groups", t != NULL, row->groups);
		if (t != NULL) {
			faults +=
				table_check_number(row->name, "hosts", t->hosts_count, row->hosts);
			faults += table_check_number(
				row->name, "sources", t->sources_count, row->sources);
		}
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* Each to another door of this host, and each from a door of another host. */
static void who_goes_from_host_to_host_shares_no_host(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned source = 0; source < 40; source++) {
		struct addr elsewhere = scene_host(100 + source);
		scene_send(&s, event_maker_to(knock(source, 3000 + source), elsewhere), 1000000);
		scene_send(&s, knock(source, 5000 + source), 1000000);
	}
	scene_end(&s);
	assert_null(scene_kind(&s, INCIDENT_KIND_DISTRIBUTED));
	scene_clear(&s);
}

static void a_forged_flood_hides_no_shared_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	share(&s, 40, 5, 200000);
	for (uint32_t i = 0; i < 2000; i++)
		scene_send(&s,
			event_maker_from(event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i),
						 SCENE_HOST, (uint16_t)(i * 7919 % 65536)),
				addr_from_v4(UINT32_C(0xf0000000) + i * 7919)),
			1000);
	for (unsigned turn = 5; turn < 10; turn++) {
		for (unsigned source = 0; source < 40; source++)
			scene_send(&s, knock(source, 2000 + source * 10 + turn), 200000);
	}
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_DISTRIBUTED);
	assert_non_null(t);
	assert_int_equal(t->sources_count, 40);
	scene_clear(&s);
}

/* A moment of forged SYNs, then silence, then the background goes on: nobody shared anything. */
static void a_short_forged_flood_is_no_shared_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint32_t i = 0; i < 1500; i++)
		scene_send(&s,
			event_maker_from(event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i),
						 SCENE_HOST, (uint16_t)(i * 7919 % 65536)),
				addr_from_v4(UINT32_C(0xf0000000) + i * 7919)),
			500);
	s.clock_us += 20 * EVENT_MAKER_SECOND;
	for (unsigned source = 0; source < 20; source++)
		scene_send(&s, knock(source, 3000 + source), 3000000);
	scene_end(&s);
	assert_null(scene_kind(&s, INCIDENT_KIND_DISTRIBUTED));
	assert_non_null(scene_kind(&s, INCIDENT_KIND_SYN_FLOOD));
	scene_clear(&s);
}

/* The Internet's background: many sources that all try the same few ports. */
static void sources_that_repeat_each_other_are_no_group(void **state)
{
	(void)state;
	static const uint16_t favourites[] = {22, 23, 80, 443, 3389, 8080, 5900, 445};
	struct scene s;
	scene_init(&s);
	for (unsigned turn = 0; turn < 2; turn++) {
		for (unsigned source = 0; source < 60; source++)
			scene_send(&s, knock(source, favourites[(source + turn * 3) % 8]), 2000000);
	}
	scene_end(&s);
	assert_null(scene_kind(&s, INCIDENT_KIND_DISTRIBUTED));
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 1), 0);
	scene_clear(&s);
}

/* nmap -D: every probe once for each of the ten, with the same numbers, microseconds apart. */
static void send_decoy_probe(struct scene *s, unsigned sources, unsigned port)
{
	for (unsigned source = 0; source < sources; source++) {
		struct event e = event_maker_from(
			event_maker_syn(SCENE_SOURCE, 51515, SCENE_HOST, (uint16_t)port),
			member(source));
		e = event_maker_window(event_maker_seq(e, 900000 + port, 0), 1024);
		e = event_maker_ttl(
			event_maker_ip_id(e, (uint16_t)(7000 + port)), (uint8_t)(37 + source));
		scene_send(s, e, 30);
	}
}

static unsigned check_decoys(
	const char *row, const struct scene *s, unsigned sources, unsigned ports)
{
	const struct scene_told *t = scene_kind(s, INCIDENT_KIND_VERTICAL);
	unsigned faults = table_check_number(row, "told", t != NULL, true), left = 0;
	if (t == NULL)
		return faults;
	for (size_t i = 0; i < s->told_count; i++)
		left += s->told[i].state == INCIDENT_CLOSE && s->told[i].into[0] == '\0';
	faults += table_check_number(row, "stories that remain", left, 1);
	faults += table_check_number(row, "sources", t->sources_count, sources);
	faults += table_check_number(row, "targets", t->targets_count, ports);
	faults += table_check_number(row, "packets", (long long)t->packets, sources * ports);
	faults += table_check_text(row, "tool", t->tool, "nmap");
	return faults;
}

static void a_scanner_among_decoys_is_one_story(void **state)
{
	(void)state;
	static const unsigned sizes[] = {2, 3, 10, 40};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(sizes); i++) {
		char row[32];
		struct scene s;
		snprintf(row, sizeof row, "%u sources", sizes[i]);
		scene_init(&s);
		for (unsigned port = 1; port <= 30; port++) {
			send_decoy_probe(&s, sizes[i], port);
			s.clock_us += 20000;
		}
		scene_end(&s);
		unsigned before = faults;
		faults += check_decoys(row, &s, sizes[i], 30);
		const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_VERTICAL);
		faults += table_check_number(row, "real members", t ? t->members_real : 0, 0);
		faults += table_check_number(row, "named decoys", t ? t->members_decoy : 0, 0);
		if (faults > before)
			scene_print(&s);
		scene_clear(&s);
	}
	assert_int_equal(faults, 0);
}

/* Only who got our SYN-ACK can acknowledge it: that one is real, the others are decoys. */
static void a_handshake_shows_who_is_real_among_decoys(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned port = 1; port <= 20; port++) {
		send_decoy_probe(&s, 10, port);
		s.clock_us += 20000;
	}
	struct event offer =
		event_maker_tcp(SCENE_HOST, 15, SCENE_SOURCE, 51515, EVENT_TCP_SYN | EVENT_TCP_ACK);
	scene_send(&s, event_maker_seq(event_maker_to(offer, member(4)), 5000, 900016), 1000);
	struct event answer = event_maker_tcp(SCENE_SOURCE, 51515, SCENE_HOST, 15, EVENT_TCP_ACK);
	scene_send(&s, event_maker_seq(event_maker_from(answer, member(4)), 900016, 5001), 1000);
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_VERTICAL);
	assert_non_null(t);
	assert_int_equal(t->members_real, 1);
	assert_int_equal(t->members_decoy, 9);
	scene_clear(&s);
}

/* Equal numbers half a second apart, or different ones at once, are two sources. */
static void two_scanners_at_once_are_two_stories(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned port = 1; port <= 30; port++) {
		struct event e = event_maker_syn(SCENE_SOURCE, 51515, SCENE_HOST, (uint16_t)port);
		e = event_maker_seq(e, 1000 + port, 0);
		scene_send(&s, event_maker_from(e, member(1)), 500000);
		scene_send(&s, event_maker_from(e, member(2)), 100);
		scene_send(&s, event_maker_from(event_maker_seq(e, 5000 + port, 0), member(3)),
			500000);
	}
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_OPEN, 1), 3);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 1), 3);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_shared_scan_is_one_story_of_its_group),
		cmocka_unit_test(who_goes_from_host_to_host_shares_no_host),
		cmocka_unit_test(a_network_that_is_shared_out_is_one_story),
		cmocka_unit_test(a_forged_flood_hides_no_shared_scan),
		cmocka_unit_test(a_short_forged_flood_is_no_shared_scan),
		cmocka_unit_test(sources_that_repeat_each_other_are_no_group),
		cmocka_unit_test(a_scanner_among_decoys_is_one_story),
		cmocka_unit_test(a_handshake_shows_who_is_real_among_decoys),
		cmocka_unit_test(two_scanners_at_once_are_two_stories),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
