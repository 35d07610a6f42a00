/* SPDX-License-Identifier: ISC */
/*
 * What is harmless, and looks like a scan to a counter: each play must end without a story above
 * level 0, and with the explanation that fits.
 */
#include "scene.h"
#include "table_check.h"

static struct event ours(struct event e)
{
	return event_maker_marks(e, EVENT_MARK_OUTGOING);
}

static void late_answers(struct scene *s, uint16_t service, unsigned count)
{
	for (unsigned i = 0; i < count; i++)
		scene_send(s,
			event_maker_udp(
				SCENE_SOURCE, service, SCENE_HOST, (uint16_t)(33000 + i * 37)),
			400000);
}

static void late_dns(struct scene *s)
{
	late_answers(s, 53, 40);
}

static void late_ntp(struct scene *s)
{
	late_answers(s, 123, 40);
}

static void late_quic(struct scene *s)
{
	late_answers(s, 443, 40);
}

static void late_media(struct scene *s)
{
	late_answers(s, 5004, 40);
}

static void answers_we_asked_for(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++) {
		uint16_t port = (uint16_t)(33000 + i * 37);
		scene_send(s, ours(event_maker_udp(SCENE_HOST, port, SCENE_SOURCE, 53)), 20000);
		scene_send(s, event_maker_udp(SCENE_SOURCE, 53, SCENE_HOST, port), 400000);
	}
}

static void syn_ack_backscatter(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_tcp(SCENE_SOURCE, 80, SCENE_HOST, (uint16_t)(1024 + i * 613),
				EVENT_TCP_SYN | EVENT_TCP_ACK),
			300000);
}

static void rst_backscatter(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_to(
				event_maker_tcp(SCENE_SOURCE, 6667, SCENE_HOST,
					(uint16_t)(1024 + i * 613), EVENT_TCP_RST | EVENT_TCP_ACK),
				scene_host(i % 20)),
			300000);
}

static void unreachable_backscatter(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_quoting(event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 3, 3),
				IP_PROTO_UDP, (uint16_t)(1024 + i * 613), "203.0.113.9", 53),
			300000);
}

static void unreachables_for_our_own_packets(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++) {
		uint16_t port = (uint16_t)(1024 + i * 613);
		scene_send(s, ours(event_maker_udp(SCENE_HOST, port, "203.0.113.9", 53)), 1000);
		scene_send(s,
			event_maker_quoting(event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 3, 3),
				IP_PROTO_UDP, port, "203.0.113.9", 53),
			300000);
	}
}

static void echo_replies(struct scene *s)
{
	for (unsigned i = 0; i < 30; i++)
		scene_send(s,
			event_maker_to(
				event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 0, 0), scene_host(i)),
			300000);
}

static void web_server_says_goodbye(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s,
			event_maker_tcp(SCENE_SOURCE, 443, SCENE_HOST, (uint16_t)(35000 + i * 111),
				EVENT_TCP_FIN | EVENT_TCP_ACK),
			700000);
}

static void web_server_goes_on_talking(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s,
			event_maker_tcp(SCENE_SOURCE, 8443, SCENE_HOST, (uint16_t)(35000 + i * 111),
				EVENT_TCP_ACK | EVENT_TCP_PSH),
			700000);
}

static void one_client_retries(struct scene *s)
{
	for (unsigned i = 0; i < 12; i++)
		scene_send(s, event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 25),
			(i % 5 + 1) * 1000000);
}

static void health_check(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 8088),
			10000000);
}

static void ping_monitor(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s, event_maker_icmp(SCENE_SOURCE, SCENE_HOST, 8, 0), 60000000);
}

static void multicast_dns(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s, event_maker_udp("fe80::77", 5353, "ff02::fb", 5353), 5000000);
}

static void netbios(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s,
			event_maker_udp("192.0.2.77", 137, "192.0.2.255", (uint16_t)(137 + i % 2)),
			5000000);
}

static void dhcp(struct scene *s)
{
	for (unsigned i = 0; i < 10; i++) {
		scene_send(s, event_maker_udp("0.0.0.0", 68, "255.255.255.255", 67), 5000000);
		scene_send(s, event_maker_udp("192.0.2.1", 67, SCENE_HOST, 68), 5000000);
	}
}

static void neighbour_discovery(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s,
			event_maker_ttl(event_maker_icmp("fe80::1", "2001:db8:5::80",
						(uint8_t)(133 + i % 4), 0),
				255), /* RFC 4861, 6.1, 7.1: of anything else the host takes no notice */
			5000000);
}

static void link_broadcasts(struct scene *s)
{
	for (unsigned i = 0; i < 40; i++)
		scene_send(s,
			event_maker_marks(event_maker_udp("192.0.2.77", 5000, "192.0.2.127",
						  (uint16_t)(6000 + i)),
				EVENT_MARK_LINK_GROUP),
			5000000);
}

static void traceroute(struct scene *s)
{
	for (unsigned i = 0; i < 48; i++)
		scene_send(s,
			event_maker_ttl(event_maker_udp(SCENE_SOURCE, (uint16_t)(41000 + i),
						SCENE_HOST, (uint16_t)(33434 + i)),
				(uint8_t)(1 + i / 6)),
			50000);
}

/* Twelve old friends of a former user still call, again and again. */
static void callers(struct scene *s)
{
	for (unsigned i = 0; i < 600; i++) {
		struct event e =
			event_maker_syn(SCENE_SOURCE, (uint16_t)(40000 + i), SCENE_HOST, 51413);
		e.src.bytes[15] = (uint8_t)(10 + i % 12);
		scene_send(s, e, 7000000);
	}
}

static void one_knock_each(struct scene *s)
{
	for (unsigned i = 0; i < 200; i++) {
		struct event e =
			event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, (uint16_t)(22 + i % 7));
		e.src.bytes[15] = (uint8_t)i;
		scene_send(s, e, 60000000);
	}
}

/* A client of what is offered, on many connections. */
static void honest_client(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++) {
		uint16_t port = (uint16_t)(40000 + i);
		struct event syn = event_maker_syn(SCENE_SOURCE, port, SCENE_HOST, 443);
		scene_send(s, syn, 20000);
		scene_send(s,
			ours(event_maker_seq(event_maker_tcp(SCENE_HOST, 443, SCENE_SOURCE, port,
						     EVENT_TCP_SYN | EVENT_TCP_ACK),
				777, syn.seq + 1)),
			20000);
		scene_send(s,
			event_maker_seq(
				event_maker_tcp(SCENE_SOURCE, port, SCENE_HOST, 443, EVENT_TCP_ACK),
				syn.seq + 1, 778),
			500000);
		scene_send(s,
			event_maker_tcp(
				SCENE_SOURCE, port, SCENE_HOST, 443, EVENT_TCP_FIN | EVENT_TCP_ACK),
			500000);
	}
}

static void later_fragments(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_marks(event_maker_to(event_maker_packet(SCENE_SOURCE,
								 SCENE_HOST, IP_PROTO_UDP),
						  scene_host(i)),
				EVENT_MARK_FRAGMENT),
			5000);
}

static void what_passes_by(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++)
		scene_send(s,
			event_maker_syn(SCENE_SOURCE, 40000, "203.0.113.5", (uint16_t)(1 + i)),
			5000);
}

static void our_own_scan_of_others(struct scene *s)
{
	for (unsigned i = 0; i < 60; i++) {
		scene_send(s, event_maker_syn(SCENE_HOST, 40000, SCENE_SOURCE, (uint16_t)(1 + i)),
			5000);
		scene_send(s,
			event_maker_tcp(SCENE_SOURCE, (uint16_t)(1 + i), SCENE_HOST, 40000,
				EVENT_TCP_RST | EVENT_TCP_ACK),
			5000);
	}
}

enum { NO_STORY = INCIDENT_KINDS };

/* We open the control connection; the server opens the data connections, each to another port. */
static void active_ftp(struct scene *s)
{
	scene_send(s, ours(event_maker_syn(SCENE_HOST, 40000, SCENE_SOURCE, 21)), 1000);
	for (unsigned i = 0; i < 30; i++)
		scene_send(s,
			event_maker_syn(SCENE_SOURCE, 20, SCENE_HOST, (uint16_t)(41000 + i * 7)),
			400000);
}

/* Clients of a service that moved away, from ports of their own, still send on old connections. */
static void clients_keep_alive(struct scene *s)
{
	/* NOP, NOP, timestamps */
	for (unsigned i = 0; i < 40; i++) {
		struct event e = event_maker_tcp(SCENE_SOURCE, (uint16_t)(40000 + i * 13),
			SCENE_HOST, (uint16_t)(9100 + i % 2), EVENT_TCP_ACK);
		scene_send(s, event_maker_options(e, 0x922, 0), 400000);
	}
}

struct noise_row {
	const char *name;
	void (*play)(struct scene *s);
	enum incident_kind kind; /* NO_STORY: nothing is told at all */
	uint64_t packets;        /* of the story */
};

static const struct noise_row noise_rows[] = {
	{"late DNS answers", late_dns, INCIDENT_KIND_LATE_REPLY, 40},
	{"late NTP answers", late_ntp, INCIDENT_KIND_LATE_REPLY, 40},
	{"late QUIC answers", late_quic, INCIDENT_KIND_LATE_REPLY, 40},
	{"late media streams", late_media, INCIDENT_KIND_LATE_REPLY, 40},
	{"answers we asked for", answers_we_asked_for, (enum incident_kind)NO_STORY, 0},
	{"SYN-ACK backscatter", syn_ack_backscatter, INCIDENT_KIND_BACKSCATTER, 60},
	{"RST backscatter", rst_backscatter, INCIDENT_KIND_BACKSCATTER, 60},
	{"ICMP unreachable backscatter", unreachable_backscatter, INCIDENT_KIND_BACKSCATTER, 60},
	{"unreachables for our own packets", unreachables_for_our_own_packets,
		(enum incident_kind)NO_STORY, 0},
	{"echo replies", echo_replies, INCIDENT_KIND_BACKSCATTER, 30},
	{"FIN+ACK of a web server", web_server_says_goodbye, INCIDENT_KIND_LEFTOVER, 40},
	{"data of a forgotten connection", web_server_goes_on_talking, INCIDENT_KIND_LEFTOVER, 40},
	{"keepalives of clients", clients_keep_alive, INCIDENT_KIND_LEFTOVER, 40},
	{"active FTP", active_ftp, (enum incident_kind)NO_STORY, 0},
	{"one client retries", one_client_retries, INCIDENT_KIND_RETRY, 12},
	{"a health check", health_check, INCIDENT_KIND_HEALTH_CHECK, 60},
	{"a ping monitor", ping_monitor, INCIDENT_KIND_HEALTH_CHECK, 60},
	{"multicast DNS", multicast_dns, INCIDENT_KIND_LAN_NOISE, 40},
	{"NetBIOS", netbios, INCIDENT_KIND_LAN_NOISE, 40},
	{"DHCP", dhcp, INCIDENT_KIND_LAN_NOISE, 10},
	{"neighbour discovery", neighbour_discovery, INCIDENT_KIND_LAN_NOISE, 40},
	{"link broadcasts", link_broadcasts, INCIDENT_KIND_LAN_NOISE, 40},
	{"traceroute", traceroute, INCIDENT_KIND_TRACEROUTE, 48},
	{"leftover callers", callers, INCIDENT_KIND_LEFTOVER, 600},
	{"one knock each", one_knock_each, (enum incident_kind)NO_STORY, 0},
	{"an honest client", honest_client, (enum incident_kind)NO_STORY, 0},
	{"later fragments", later_fragments, (enum incident_kind)NO_STORY, 0},
	{"what passes by", what_passes_by, (enum incident_kind)NO_STORY, 0},
	{"our own scan of others", our_own_scan_of_others, (enum incident_kind)NO_STORY, 0},
};

static unsigned check_noise(const struct noise_row *row)
{
	struct scene s;
	scene_init(&s);
	row->play(&s);
	scene_end(&s);
	unsigned faults = table_check_number(
		row->name, "stories above level 0", scene_count(&s, INCIDENT_OPEN, 1), 0);
	faults += table_check_number(
		row->name, "tellings above level 0", scene_count(&s, INCIDENT_CLOSE, 1), 0);
	if ((int)row->kind == NO_STORY) {
		faults += table_check_number(row->name, "tellings", (long long)s.told_count, 0);
	} else {
		const struct scene_told *t = scene_kind(&s, row->kind);
		faults += table_check_number(row->name, "told as it is", t != NULL, true);
		if (t != NULL) {
			faults += table_check_number(
				row->name, "class", t->class, INCIDENT_CLASS_NOISE);
			faults += table_check_number(row->name, "packets", (long long)t->packets,
				(long long)row->packets);
			faults += table_check_number(
				row->name, "last state", t->state, INCIDENT_CLOSE);
		}
	}
	if (faults > 0)
		scene_print(&s);
	scene_clear(&s);
	return faults;
}

static void the_harmless_is_explained_and_never_rises(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(noise_rows); i++)
		faults += check_noise(&noise_rows[i]);
	assert_int_equal(faults, 0);
}

/* Two kinds of harmless packets, and a scan between them: the scan is found, alone. */
static void a_scanner_does_not_hide_in_its_own_noise(void **state)
{
	(void)state;
	struct scene s;
	scene_init(&s);
	late_dns(&s);
	for (unsigned port = 1; port <= 30; port++)
		scene_send(&s, event_maker_syn(SCENE_SOURCE, 40000, SCENE_HOST, (uint16_t)port),
			10000);
	syn_ack_backscatter(&s);
	scene_end(&s);
	assert_int_equal(scene_count(&s, INCIDENT_CLOSE, 2), 1);
	const struct scene_told *t = scene_kind(&s, INCIDENT_KIND_VERTICAL);
	assert_non_null(t);
	assert_int_equal(t->targets_count, 30);
	scene_clear(&s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_harmless_is_explained_and_never_rises),
		cmocka_unit_test(a_scanner_does_not_hide_in_its_own_noise),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
