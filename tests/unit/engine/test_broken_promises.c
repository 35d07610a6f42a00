/* SPDX-License-Identifier: ISC */
/*
 * Promises that were once broken, each with the shortest play that showed it.
 */
#include "scene.h"
#include "table_check.h"

#define SOURCE6 "2001:db8:9:1::7"

static struct event ours(struct event e)
{
	return event_maker_marks(e, EVENT_MARK_OUTGOING);
}

static struct addr forged(uint32_t number)
{
	return addr_from_v4(
		UINT32_C(0xf0000000) + number * UINT32_C(2654435761) % UINT32_C(0x0fffffff));
}

static void scan(struct scene *s, const char *src, unsigned ports, unsigned first)
{
	for (unsigned i = 0; i < ports; i++)
		scene_send(s,
			event_maker_syn(
				src, (uint16_t)(40000 + i), SCENE_HOST, (uint16_t)(first + i)),
			10000);
}

static unsigned finish(struct scene *s, unsigned faults)
{
	if (faults > 0)
		scene_print(s);
	scene_clear(s);
	return faults;
}

/* incident.h: the id is "the same for the whole life", first and packets are "of the story's
 * packets". */
static void noise_that_comes_back_is_a_new_story(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned day = 0; day < 2; day++) {
		for (unsigned i = 0; i < 8; i++)
			scene_send(&s,
				event_maker_tcp(SCENE_SOURCE, 80, SCENE_HOST,
					(uint16_t)(5000 + i * 99), EVENT_TCP_SYN | EVENT_TCP_ACK),
				1000000);
		scene_wait(&s, 2 * EVENT_MAKER_DAY);
	}
	scene_play(&s);
	pipeline_finish(s.pipeline);
	unsigned faults =
		table_check_number("noise", "openings", scene_count(&s, INCIDENT_OPEN, 0), 2);
	if (s.told_count > 0) {
		const struct scene_told *t = &s.told[s.told_count - 1];
		faults += table_check_number(
			"noise", "two ids", strcmp(s.told[0].id, t->id) != 0, true);
		faults += table_check_number("noise", "packets", (long long)t->packets, 8);
		faults += table_check_range("noise", "days from first to last",
			(double)(t->last.us - t->first.us) / EVENT_MAKER_DAY, 0, 0.1);
	}
	assert_int_equal(finish(&s, faults), 0);
}

static void a_scanner_that_comes_back_begins_a_new_story(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned visit = 0; visit < 2; visit++) {
		scan(&s, SCENE_SOURCE, 40, 1 + visit * 100);
		scene_wait(&s, 2 * EVENT_MAKER_DAY);
	}
	pipeline_finish(s.pipeline);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults =
		table_check_number("visit", "stories", scene_stories_of(&s, SCENE_SOURCE), 2);
	if (t != NULL) {
		faults += table_check_number("visit", "packets", (long long)t->packets, 40);
		faults += table_check_number("visit", "slow", t->slow, false);
		faults += table_check_range("visit", "days from first to last",
			(double)(t->last.us - t->first.us) / EVENT_MAKER_DAY, 0, 0.1);
	}
	assert_int_equal(finish(&s, faults), 0);
}

/* pipeline.h: "a replay tells the same stories as the live run". */
static void silence_ends_stories_in_a_replay_as_it_does_live(void **state)
{
	(void)state;
	struct scene live, replay;
	scene_init(&live);
	scene_init(&replay);
	for (unsigned visit = 0; visit < 2; visit++) {
		scan(&live, SCENE_SOURCE, 40, 1 + visit * 100);
		scene_wait(&live, 3 * EVENT_MAKER_DAY);
		scan(&replay, SCENE_SOURCE, 40, 1 + visit * 100);
		replay.clock_us += 3 * EVENT_MAKER_DAY;
	}
	pipeline_finish(live.pipeline);
	scene_end(&replay);
	unsigned faults = table_check_number("replay", "stories",
		scene_stories_of(&replay, SCENE_SOURCE), scene_stories_of(&live, SCENE_SOURCE));
	scene_clear(&live);
	assert_int_equal(finish(&replay, faults), 0);
}

/* sequential_test.h: "a score decays with a half-life of seven days". A retransmission to a known
 * door moves last_s without decaying: three retries in seven weeks keep the score whole. */
static void retries_do_not_stop_the_decay(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scan(&s, SCENE_SOURCE, 2, 100);
	for (unsigned i = 0; i < 3; i++) {
		s.clock_us += 16 * EVENT_MAKER_DAY;
		scene_send(&s, event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 100), 0);
	}
	scan(&s, SCENE_SOURCE, 2, 200);
	scene_end(&s);
	unsigned faults = table_check_number(
		"retries", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	assert_int_equal(finish(&s, faults), 0);
}

/* event_id.h, incident.h: an id names one story. Two kinds of answers from one source that begin in
 * the same second get one id. */
static void two_stories_at_once_have_two_ids(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 6; i++) {
		for (uint16_t port = 80; port <= 81; port++)
			scene_send(&s,
				event_maker_tcp(SCENE_SOURCE, port, SCENE_HOST,
					(uint16_t)(5000 + i * 99), EVENT_TCP_SYN | EVENT_TCP_ACK),
				700000);
	}
	scene_end(&s);
	unsigned faults =
		table_check_number("two ports", "openings", scene_count(&s, INCIDENT_OPEN, 0), 2);
	if (s.told_count > 1)
		faults += table_check_number(
			"two ports", "two ids", strcmp(s.told[0].id, s.told[1].id) != 0, true);
	assert_int_equal(finish(&s, faults), 0);
}

/* The first telling of a flood says how strong it is, not "up to 1 packets a second". */
static void a_flood_is_told_with_its_rate(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 2000; i++)
		scene_send(&s, event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 8, 0), 1000);
	scene_end(&s);
	unsigned faults = 0;
	for (size_t i = 0; i < s.told_count; i++)
		faults += table_check_number("rate", "one packet a second",
			strstr(s.told[i].summary, "up to 1 packets") != NULL, false);
	assert_int_equal(finish(&s, faults), 0);
}

static void send_flood(struct scene *s, struct event e, unsigned packets, bool all_ports)
{
	for (unsigned i = 0; i < packets; i++) {
		e.src_port = (uint16_t)(1024 + i % 60000);
		if (all_ports)
			e.dst_port = (uint16_t)(i * 7919 % 65536);
		scene_send(s, event_maker_from(e, forged(i)), 1000);
	}
}

/* A SYN flood wants an open port. */
static void a_syn_flood_at_an_open_port_is_told(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_send(&s, event_maker_syn("203.0.113.9", 40000, SCENE_HOST, 443), 1000);
	scene_send(&s,
		ours(event_maker_tcp(
			SCENE_HOST, 443, "203.0.113.9", 40000, EVENT_TCP_SYN | EVENT_TCP_ACK)),
		1000);
	send_flood(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 443), 50000, false);
	scene_end(&s);
	unsigned faults = table_check_number(
		"open port", "flood", scene_kind(&s, INCIDENT_KIND_SYN_FLOOD) != NULL, true);
	assert_int_equal(finish(&s, faults), 0);
}

static void a_udp_flood_is_no_syn_flood(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	send_flood(&s, event_maker_udp(SCENE_SOURCE, 1, SCENE_HOST, 1), 4000, true);
	scene_end(&s);
	unsigned faults = table_check_number(
		"UDP", "told as SYN flood", scene_kind(&s, INCIDENT_KIND_SYN_FLOOD) != NULL, false);
	faults += table_check_number(
		"UDP", "told as UDP flood", scene_kind(&s, INCIDENT_KIND_UDP_FLOOD) != NULL, true);
	assert_int_equal(finish(&s, faults), 0);
}

static void share(struct scene *s, unsigned sources, unsigned each)
{
	for (unsigned turn = 0; turn < each; turn++) {
		for (unsigned source = 0; source < sources; source++) {
			struct event e = event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST,
				(uint16_t)(1 + source * each + turn));
			e.src_port = (uint16_t)(30000 + source);
			e = event_maker_from(e, addr_from_v4(UINT32_C(0xc6120000) + source * 257));
			scene_send(s, e, 200000);
		}
	}
}

/* campaign_table.h: "a window that is over starts anew": rate_peak does not. */
static void a_flood_does_not_blind_for_shared_scans_for_ever(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	send_flood(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 1), 1000, true);
	s.clock_us += 2 * EVENT_MAKER_HOUR;
	share(&s, 40, 10);
	scene_end(&s);
	unsigned faults = table_check_number("after a flood", "told as shared",
		scene_kind(&s, INCIDENT_KIND_DISTRIBUTED) != NULL, true);
	faults += table_check_range("after a flood", "stories above level 0",
		scene_count(&s, INCIDENT_CLOSE, 1), 1, 12);
	assert_int_equal(finish(&s, faults), 0);
}

static void the_second_wave_of_a_flood_is_counted(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	send_flood(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 1), 3000, true);
	s.clock_us += 5 * EVENT_MAKER_MINUTE;
	for (unsigned i = 0; i < 30000; i++) {
		struct event e = event_maker_syn(SCENE_SOURCE, (uint16_t)(1024 + i), SCENE_HOST,
			(uint16_t)(i * 7919 % 65536));
		scene_send(&s, event_maker_from(e, forged(100000 + i)), 100);
	}
	scene_end(&s);
	uint64_t packets = 0;
	for (size_t i = 0; i < s.told_count; i++)
		packets += s.told[i].state == INCIDENT_CLOSE ? s.told[i].packets : 0;
	unsigned faults =
		table_check_range("two waves", "packets told", (double)packets, 30000, 33000);
	assert_int_equal(finish(&s, faults), 0);
}

/* story_book.c: "A story never becomes less than it was". Two forged twins fold a scan of 600 ports
 * into a group that knows three of them. */
static void forged_twins_do_not_shrink_a_story(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scan(&s, SCENE_SOURCE, 600, 1);
	for (unsigned i = 0; i < 4; i++) {
		struct event e =
			event_maker_syn(SCENE_SOURCE, 51515, SCENE_HOST, (uint16_t)(2000 + i));
		e = event_maker_seq(e, 777000 + i, 0);
		scene_send(&s, event_maker_from(e, event_maker_addr("203.0.113.77")), 30);
		scene_send(&s, e, 30000);
	}
	scene_end(&s);
	int level = 0;
	uint32_t targets = 0;
	for (size_t i = 0; i < s.told_count; i++) {
		const struct scene_told *t = &s.told[i];
		if (t->state == INCIDENT_CLOSE && t->into[0] == '\0') {
			level = t->level > level ? t->level : level;
			targets = t->targets_count > targets ? t->targets_count : targets;
		}
	}
	unsigned faults = table_check_number("twins", "level that remains", level, 4);
	faults += table_check_range("twins", "targets that remain", targets, 600, 604);
	assert_int_equal(finish(&s, faults), 0);
}

/* EVENTS.md: spoofable is "true unless the source completed a handshake", at a door of the story. */
static void a_handshake_before_the_notice_is_proof_too(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_send(&s, event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 21), 1000);
	scene_send(&s, event_maker_syn(SCENE_SOURCE, 40001, SCENE_HOST, 22), 1000);
	scene_send(&s,
		ours(event_maker_seq(event_maker_tcp(SCENE_HOST, 22, SCENE_SOURCE, 40001,
					     EVENT_TCP_SYN | EVENT_TCP_ACK),
			5000, 1)),
		1000);
	scene_send(&s,
		event_maker_seq(event_maker_tcp(SCENE_SOURCE, 40001, SCENE_HOST, 22, EVENT_TCP_ACK),
			1, 5001),
		1000);
	scan(&s, SCENE_SOURCE, 30, 100);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults =
		table_check_number("early proof", "spoofable", t ? t->spoofable : -1, false);
	assert_int_equal(finish(&s, faults), 0);
}

/* incident.h: dst is "the target if there was only one, else none"; proto likewise. */
static void the_first_telling_does_not_name_one_of_many_targets(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 4; i++)
		scene_send(&s,
			event_maker_to(i < 3 ? event_maker_udp(SCENE_SOURCE, 40000, SCENE_HOST, 161)
					     : event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 22),
				scene_host(i * 3 + 1)),
			10000);
	scene_end(&s);
	unsigned faults = table_check_number("opening", "tellings", (long long)s.told_count, 2);
	if (s.told_count > 0) {
		faults += table_check_number("opening", "hosts", s.told[0].hosts_count, 4);
		faults += table_check_text("opening", "target", s.told[0].dst, "-");
		faults += table_check_number("opening", "protocol", s.told[0].proto, 0);
	}
	assert_int_equal(finish(&s, faults), 0);
}

/* sequential_test.h: a mark is worth 2.3, a notice needs 4.6; the sum in a float is 4.5999999. */
static void two_marked_targets_are_a_notice(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 22; port <= 23; port++)
		scene_send(&s,
			event_maker_tcp(SCENE_SOURCE, 50000, SCENE_HOST, port, EVENT_TCP_FIN),
			1000);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number("two marks", "level", t ? t->level : -1, 1);
	assert_int_equal(finish(&s, faults), 0);
}

/* target_set.h: "Up to TARGET_SET_EXACT targets every one is kept, so that counts are exact": in a
 * sweep of more than 64 hosts a stranger nearly always lays the ghost of the first host. */
static void a_sweep_is_counted_exactly(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned host = 1; host <= 200; host++)
		scene_send(&s,
			event_maker_to(event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 23),
				scene_host(host)),
			10000);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number("sweep", "hosts", t ? t->hosts_count : 0, 200);
	assert_int_equal(finish(&s, faults), 0);
}

/* One of our own hosts uses the services of another one, in plain sight of the sensor. */
static void our_own_clients_are_no_scanners(void **state)
{
	(void)state;
	static const uint16_t services[] = {22, 25, 53, 80, 110, 143, 443, 993};
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 8; i++) {
		uint16_t port = (uint16_t)(40000 + i);
		struct event syn = event_maker_syn("192.0.2.10", port, "192.0.2.20", services[i]);
		scene_send(&s, syn, 100);
		scene_send(&s,
			event_maker_seq(event_maker_tcp("192.0.2.20", services[i], "192.0.2.10",
						port, EVENT_TCP_SYN | EVENT_TCP_ACK),
				9, syn.seq + 1),
			100);
		scene_send(&s,
			event_maker_seq(event_maker_tcp("192.0.2.10", port, "192.0.2.20",
						services[i], EVENT_TCP_ACK),
				syn.seq + 1, 10),
			2000000);
	}
	scene_end(&s);
	unsigned faults = table_check_number(
		"inside", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	assert_int_equal(finish(&s, faults), 0);
}

/* conversation_table.h: "An answer to a question of ours is nobody's knock." */
static void answers_from_ports_above_1023_are_answers_too(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 10; i++) {
		uint16_t port = (uint16_t)(16384 + i * 2);
		scene_send(&s, ours(event_maker_udp(SCENE_HOST, port, SCENE_SOURCE, 40000)), 20000);
		scene_send(&s, event_maker_udp(SCENE_SOURCE, 40000, SCENE_HOST, port), 200000);
	}
	scene_end(&s);
	unsigned faults = table_check_number(
		"media", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	assert_int_equal(finish(&s, faults), 0);
}

/* An FTP server opens the data connections we asked it for (RFC 959, 3.2). */
static void active_ftp_is_no_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 10; i++) {
		uint16_t port = (uint16_t)(35000 + i * 7);
		struct event syn = event_maker_syn(SCENE_SOURCE, 20, SCENE_HOST, port);
		scene_send(&s, syn, 100);
		scene_send(&s,
			ours(event_maker_seq(event_maker_tcp(SCENE_HOST, port, SCENE_SOURCE, 20,
						     EVENT_TCP_SYN | EVENT_TCP_ACK),
				9, syn.seq + 1)),
			500000);
	}
	scene_end(&s);
	unsigned faults = table_check_number(
		"active FTP", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	assert_int_equal(finish(&s, faults), 0);
}

/* nmap -sA --data-length 4: four bytes make a whole scan invisible. */
static void an_ack_scan_with_a_payload_is_a_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 1; port <= 200; port++)
		scene_send(&s,
			event_maker_payload(event_maker_tcp(SCENE_SOURCE, 51234, SCENE_HOST, port,
						    EVENT_TCP_ACK),
				4),
			10000);
	scene_end(&s);
	unsigned faults = table_check_range(
		"payload", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 1, 1);
	assert_int_equal(finish(&s, faults), 0);
}

/* A neighbour on our link scans us from its link-local address. */
static void a_scan_from_the_own_link_is_a_scan(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (uint16_t port = 1; port <= 200; port++)
		scene_send(&s, event_maker_syn("fe80::7", 40000, "2001:db8:5::80", port), 10000);
	scene_end(&s);
	unsigned faults = table_check_range(
		"link", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 1, 1);
	assert_int_equal(finish(&s, faults), 0);
}

/* EVENTS.md: slow is "true where the typical gap between distinct targets exceeds 300 s". */
static void two_bursts_with_a_pause_are_not_slow(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scan(&s, SCENE_SOURCE, 20, 1);
	s.clock_us += 12 * EVENT_MAKER_HOUR;
	scan(&s, SCENE_SOURCE, 20, 101);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number("bursts", "slow", t ? t->slow : -1, false);
	assert_int_equal(finish(&s, faults), 0);
}

/* detector.h: an override is "a level forced on a block of sources", with ports as a condition. */
static void a_level_can_be_forced_for_some_ports(void **state)
{
	(void)state;
	struct scene s;
	struct port_range web = {PORT_SET_TCP, 1, 1000};
	struct detector_override o = {.level = 5, .ports = &web, .ports_count = 1};
	struct addr source = event_maker_addr(SCENE_SOURCE);
	scene_init(&s);
	o.prefix = prefix_of(&source, 32);
	s.options.detector.overrides = &o;
	s.options.detector.overrides_count = 1;
	scan(&s, SCENE_SOURCE, 20, 1);
	scene_end(&s);
	const struct scene_told *t = scene_last(&s, SCENE_SOURCE);
	unsigned faults = table_check_number("ports", "level", t ? t->level : -1, 5);
	assert_int_equal(finish(&s, faults), 0);
}

static struct event from_block(unsigned i, uint16_t port)
{
	struct event e = event_maker_syn(SOURCE6, 40000, "2001:db8:5::80", port);
	e.src.bytes[7] = (uint8_t)(i * 37);
	return e;
}

/* A scanner that rotates its /64s finds open doors and proves its address like any other. */
static void what_a_block_finds_and_proves_is_its_own(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 60; i++)
		scene_send(&s, from_block(i, (uint16_t)(100 + i)), 10000);
	struct event probe = from_block(99, 22);
	struct event offer = event_maker_tcp(
		"2001:db8:5::80", 22, SOURCE6, 40000, EVENT_TCP_SYN | EVENT_TCP_ACK);
	struct event proof = event_maker_tcp(SOURCE6, 40000, "2001:db8:5::80", 22, EVENT_TCP_ACK);
	scene_send(&s, probe, 1000);
	scene_send(&s, ours(event_maker_seq(event_maker_to(offer, probe.src), 5000, 1)), 1000);
	scene_send(&s, event_maker_seq(event_maker_from(proof, probe.src), 1, 5001), 1000);
	scene_end(&s);
	const struct scene_told *t = s.told_count ? &s.told[s.told_count - 1] : NULL;
	unsigned faults = table_check_text("block", "answered", t ? t->answered : "", "tcp/22");
	faults += table_check_number("block", "spoofable", t ? t->spoofable : -1, false);
	assert_int_equal(finish(&s, faults), 0);
}

/* detector.h: closing a dossier "keeps the source's score" and its visits; a block has another key.
 */
static void a_block_that_comes_back_is_remembered(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned visit = 0; visit < 4; visit++) {
		for (unsigned i = 0; i < 20; i++)
			scene_send(&s,
				from_block(i + visit * 20, (uint16_t)(100 + i + visit * 100)),
				10000);
		scene_wait(&s, 2 * EVENT_MAKER_DAY);
	}
	pipeline_finish(s.pipeline);
	const struct scene_told *t = s.told_count ? &s.told[s.told_count - 1] : NULL;
	unsigned faults = table_check_number("block", "says it was here before",
		t != NULL && strstr(t->why, "here before") != NULL, true);
	assert_int_equal(finish(&s, faults), 0);
}

/* Tellings go forward in time: a packet from the past counts as now. */
static void tellings_never_step_back_in_time(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	scene_send(&s, event_maker_udp("203.0.113.9", 40000, SCENE_HOST, 161),
		10 * EVENT_MAKER_SECOND);
	scene_send(&s, event_maker_udp("203.0.113.9", 40000, SCENE_HOST, 161), 0);
	s.clock_us -= 5 * EVENT_MAKER_SECOND;
	scan(&s, SCENE_SOURCE, 10, 1);
	scene_play_unsorted(&s);
	pipeline_finish(s.pipeline);
	unsigned faults = 0;
	for (size_t i = 0; i < s.told_count; i++)
		faults += table_check_number("telling", "before its last packet",
			s.told[i].now.us < s.told[i].last.us, false);
	assert_int_equal(finish(&s, faults), 0);
}

/* Ten callers are ten, whenever they were first counted. */
static void callers_are_counted_once(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 600; i++) {
		struct event e =
			event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 51413);
		e.src.bytes[15] = (uint8_t)(10 + i % 10);
		scene_send(&s, e, 7000000);
	}
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_LEFTOVER);
	unsigned faults = table_check_range("callers", "sources", t ? t->sources_count : 0, 9, 11);
	assert_int_equal(finish(&s, faults), 0);
}

/* A shared scan is over after ten minutes: who comes hours later, alone, is none of its members. */
static void a_group_takes_nobody_in_for_ever(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	share(&s, 40, 10);
	for (unsigned i = 0; i < 150; i++) {
		for (unsigned port = 0; port < 3; port++) {
			struct event e = event_maker_syn(SCENE_SOURCE, (uint16_t)(50000 + i),
				SCENE_HOST, (uint16_t)(22 + port));
			scene_send(&s, event_maker_from(e, addr_from_v4(UINT32_C(0xcb007100) + i)),
				EVENT_MAKER_MINUTE);
		}
	}
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_DISTRIBUTED);
	unsigned faults = table_check_range("group", "sources", t ? t->sources_count : 0, 38, 50);
	assert_int_equal(finish(&s, faults), 0);
}

/* The flood is over in four seconds; one knock an hour at its door does not make it last for weeks.
 */
static void a_flood_ends_when_it_ends(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	send_flood(&s, event_maker_syn(SCENE_SOURCE, 1, SCENE_HOST, 23), 4000, false);
	for (unsigned hour = 0; hour < 14 * 24; hour++) {
		s.clock_us += EVENT_MAKER_HOUR;
		struct event e = event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, 23);
		scene_send(&s, event_maker_from(e, addr_from_v4(UINT32_C(0xc6120000) + hour)), 0);
	}
	scene_end(&s);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_SYN_FLOOD);
	unsigned faults = table_check_range("flood", "hours from first to last",
		t ? (double)(t->last.us - t->first.us) / EVENT_MAKER_HOUR : -1, 0, 1);
	assert_int_equal(finish(&s, faults), 0);
}

/* A door above 1023 that many scanners try, with the retransmissions of connect(). */
static void scanners_are_no_old_friends(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 60; i++) {
		for (unsigned again = 0; again < 3; again++) {
			struct event e = event_maker_options(
				event_maker_syn(
					SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 5555),
				EVENT_MAKER_LAYOUT_LINUX, 1460);
			scene_send(&s, event_maker_from(e, addr_from_v4(UINT32_C(0xc6120000) + i)),
				(1 << again) * EVENT_MAKER_SECOND);
		}
	}
	scene_end(&s);
	unsigned faults = table_check_number("scanners", "told as old friends",
		scene_kind(&s, INCIDENT_KIND_LEFTOVER) != NULL, false);
	assert_int_equal(finish(&s, faults), 0);
}

/* EVENTS.md: everything the idle zombie is recognised by is a changing source port. */
static void backscatter_of_one_high_port_is_no_zombie(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	for (unsigned i = 0; i < 20; i++)
		scene_send(&s,
			event_maker_tcp(
				SCENE_SOURCE, 30120, SCENE_HOST, 80, EVENT_TCP_SYN | EVENT_TCP_ACK),
			100000);
	scene_end(&s);
	unsigned faults = table_check_number(
		"one port", "stories above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	assert_int_equal(finish(&s, faults), 0);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(noise_that_comes_back_is_a_new_story),
		cmocka_unit_test(a_scanner_that_comes_back_begins_a_new_story),
		cmocka_unit_test(silence_ends_stories_in_a_replay_as_it_does_live),
		cmocka_unit_test(retries_do_not_stop_the_decay),
		cmocka_unit_test(two_stories_at_once_have_two_ids),
		cmocka_unit_test(a_flood_is_told_with_its_rate),
		cmocka_unit_test(a_syn_flood_at_an_open_port_is_told),
		cmocka_unit_test(a_udp_flood_is_no_syn_flood),
		cmocka_unit_test(a_flood_does_not_blind_for_shared_scans_for_ever),
		cmocka_unit_test(the_second_wave_of_a_flood_is_counted),
		cmocka_unit_test(forged_twins_do_not_shrink_a_story),
		cmocka_unit_test(a_handshake_before_the_notice_is_proof_too),
		cmocka_unit_test(the_first_telling_does_not_name_one_of_many_targets),
		cmocka_unit_test(two_marked_targets_are_a_notice),
		cmocka_unit_test(a_sweep_is_counted_exactly),
		cmocka_unit_test(our_own_clients_are_no_scanners),
		cmocka_unit_test(answers_from_ports_above_1023_are_answers_too),
		cmocka_unit_test(active_ftp_is_no_scan),
		cmocka_unit_test(an_ack_scan_with_a_payload_is_a_scan),
		cmocka_unit_test(a_scan_from_the_own_link_is_a_scan),
		cmocka_unit_test(two_bursts_with_a_pause_are_not_slow),
		cmocka_unit_test(a_level_can_be_forced_for_some_ports),
		cmocka_unit_test(what_a_block_finds_and_proves_is_its_own),
		cmocka_unit_test(a_block_that_comes_back_is_remembered),
		cmocka_unit_test(tellings_never_step_back_in_time),
		cmocka_unit_test(callers_are_counted_once),
		cmocka_unit_test(a_group_takes_nobody_in_for_ever),
		cmocka_unit_test(a_flood_ends_when_it_ends),
		cmocka_unit_test(scanners_are_no_old_friends),
		cmocka_unit_test(backscatter_of_one_high_port_is_no_zombie),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
