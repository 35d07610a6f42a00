/* SPDX-License-Identifier: ISC */
#include "detect/tool_mark.h"

#include "event/technique.h"
#include "event_maker.h"
#include "table_check.h"

#define US "192.0.2.5"
#define THEM "198.51.100.7"
#define BIT(name) (UINT32_C(1) << TECHNIQUE_##name)

static struct event syn(unsigned i)
{
	return event_maker_syn(THEM, (uint16_t)(40000 + i * 3), US, (uint16_t)(20 + i));
}

static struct event linux_syn(unsigned i)
{
	return event_maker_marks(event_maker_options(event_maker_window(syn(i), 64240),
					 EVENT_MAKER_LAYOUT_LINUX, 1460),
		EVENT_MARK_DF);
}

static struct event windows_syn(unsigned i)
{
	return event_maker_marks(event_maker_options(event_maker_window(syn(i), 65535),
					 EVENT_MAKER_LAYOUT_WINDOWS, 1460),
		EVENT_MARK_DF);
}

static struct event masscan(unsigned i)
{
	struct event e = event_maker_window(syn(i), 1024);
	return event_maker_ip_id(e, (uint16_t)(addr_v4(&e.dst) ^ e.dst_port ^ e.seq));
}

static struct event masscan_off_by_one(unsigned i)
{
	struct event e = masscan(i);
	return event_maker_ip_id(e, (uint16_t)(e.ip_id + 1));
}

static struct event zmap_old(unsigned i)
{
	return event_maker_ip_id(
		event_maker_options(event_maker_window(syn(i), 65535), 0, 0), 54321);
}

static struct event zmap_old_with_options(unsigned i)
{
	return event_maker_marks(
		event_maker_ip_id(event_maker_window(windows_syn(i), 65535), 54321), EVENT_MARK_DF);
}

static struct event zmap_new(unsigned i)
{
	return event_maker_ip_id(event_maker_options(event_maker_window(syn(i), 65535),
					 EVENT_MAKER_LAYOUT_WINDOWS, 1460),
		(uint16_t)(i * 7919));
}

static struct event nmap(unsigned i)
{
	return event_maker_window(syn(i), 1024);
}

static struct event nmap_with_another_mss(unsigned i)
{
	return event_maker_options(nmap(i), EVENT_MAKER_LAYOUT_MSS, 1400);
}

static struct event mirai(unsigned i)
{
	struct event e = syn(i);
	return event_maker_seq(event_maker_options(e, 0, 0), addr_v4(&e.dst), 0);
}

static struct event mirai_backwards(unsigned i)
{
	struct event e = syn(i);
	return event_maker_seq(e, __builtin_bswap32(addr_v4(&e.dst)), 0);
}

static struct event unicorn(unsigned i)
{
	struct event e = event_maker_syn(THEM, (uint16_t)(2000 + i * 77), US, (uint16_t)(100 + i));
	return event_maker_ttl(event_maker_window(e, 4128), 243);
}

/* The same window from a system that counts from 64, or forbids fragments. */
static struct event unicorn_from_64(unsigned i)
{
	return event_maker_ttl(unicorn(i), 51);
}

static struct event unicorn_with_df(unsigned i)
{
	return event_maker_marks(unicorn(i), EVENT_MARK_DF);
}

static struct event hping(unsigned i)
{
	struct event e = event_maker_syn(THEM, (uint16_t)(2000 + i), US, (uint16_t)(20 + i));
	return event_maker_options(event_maker_window(e, 512), 0, 0);
}

static struct event hping_with_one_port(unsigned i)
{
	struct event e = event_maker_syn(THEM, 2000, US, (uint16_t)(20 + i));
	return event_maker_options(event_maker_window(e, 512), 0, 0);
}

static struct event six_thousand(unsigned i)
{
	struct event e = event_maker_syn(THEM, 6000, US, (uint16_t)(20 + i));
	return event_maker_ip_id(event_maker_window(e, 16384), 256);
}

static struct event six_thousand_and_one(unsigned i)
{
	struct event e = event_maker_syn(THEM, 6001, US, (uint16_t)(20 + i));
	return event_maker_ip_id(event_maker_window(e, 16384), 256);
}

static struct event mixed(unsigned i)
{
	return i % 2 ? linux_syn(i) : masscan(i);
}

static struct event raw_fin(unsigned i)
{
	struct event e = event_maker_tcp(THEM, 40000, US, (uint16_t)(20 + i), EVENT_TCP_FIN);
	return event_maker_ttl(event_maker_window(e, 1024), 44);
}

struct tool_row {
	const char *name;
	struct event (*make)(unsigned i);
	unsigned packets;
	const char *tool; /* null = undecided */
	bool certain;     /* each packet alone */
};

static const struct tool_row tool_rows[] = {
	{"masscan", masscan, 3, "masscan", true},
	{"masscan, too few", masscan, 2, NULL, true},
	{"not quite masscan", masscan_off_by_one, 10, "nmap", false},
	{"zmap 2", zmap_old, 2, "zmap", true},
	{"zmap's id with options", zmap_old_with_options, 10, NULL, false},
	{"zmap 3", zmap_new, 4, "zmap", false},
	{"zmap 3, too few", zmap_new, 3, NULL, false},
	{"nmap -sS", nmap, 3, "nmap", false},
	{"nmap -sS, too few", nmap, 2, NULL, false},
	{"window 1024 with another MSS", nmap_with_another_mss, 10, NULL, false},
	{"Mirai", mirai, 3, "mirai", true},
	{"Mirai's number backwards", mirai_backwards, 10, NULL, false},
	{"hping3", hping, 6, "hping", false},
	{"window 512 from one port", hping_with_one_port, 10, NULL, false},
	{"unicornscan", unicorn, 3, "unicornscan", false},
	{"unicornscan, too few", unicorn, 2, NULL, false},
	{"window 4128, from 64", unicorn_from_64, 10, NULL, false},
	{"window 4128, no fragments", unicorn_with_df, 10, NULL, false},
	{"6000-256", six_thousand, 2, "6000-256", true},
	{"source port 6001", six_thousand_and_one, 10, NULL, false},
	{"Linux", linux_syn, 20, NULL, false},
	{"Windows", windows_syn, 20, NULL, false},
	{"half of it masscan", mixed, 20, NULL, false},
	{"nmap's FIN scan", raw_fin, 5, "nmap", false},
	{"nmap's FIN scan, too few", raw_fin, 4, NULL, false},
};

static unsigned check_tool(const struct tool_row *row)
{
	struct dossier *d = calloc(1, sizeof *d);
	unsigned faults = 0;
	assert_non_null(d);
	for (unsigned i = 0; i < row->packets; i++) {
		struct event e = row->make(i);
		bool own = row->make != mixed;
		if (own)
			faults += table_check_number(row->name, "certain",
				tool_mark_is_certain(tool_mark_of(&e)), row->certain);
		tool_mark_count(d, &e, tool_mark_of(&e));
	}
	faults += table_check_text(row->name, "tool", tool_mark_name(d), row->tool);
	free(d);
	return faults;
}

static void a_tool_is_named_when_most_packets_show_its_mark(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(tool_rows); i++)
		faults += check_tool(&tool_rows[i]);
	assert_int_equal(faults, 0);
}

/* What a log does not tell never makes a mark. */
static void unknown_numbers_are_no_marks(void **state)
{
	(void)state;
	struct event (*const makers[])(unsigned) = {masscan, mirai, zmap_old, six_thousand};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(makers); i++) {
		struct event e = makers[i](0);
		e.has &= (uint16_t) ~(EVENT_HAS_TCP_SEQ | EVENT_HAS_IP_ID | EVENT_HAS_TCP_WINDOW);
		assert_false(tool_mark_is_certain(tool_mark_of(&e)));
		e = makers[i](0);
		e.has &= (uint16_t)~EVENT_HAS_TCP_FLAGS;
		assert_false(tool_mark_is_certain(tool_mark_of(&e)));
	}
	struct event six = event_maker_syn("2001:db8:9::7", 40000, "2001:db8:5::5", 22);
	assert_false(tool_mark_is_certain(tool_mark_of(&six)));
}

struct os_row {
	const char *name;
	struct event (*make)(void);
};

static struct event tcp_with(uint8_t flags, uint16_t window)
{
	return event_maker_options(
		event_maker_window(event_maker_tcp(THEM, 40000, US, 80, flags), window),
		UINT64_C(0x93214), 265);
}

static struct event os_seq(void)
{
	return tcp_with(EVENT_TCP_SYN, 63);
}

static struct event os_ecn(void)
{
	return tcp_with(EVENT_TCP_SYN | EVENT_TCP_ECE | EVENT_TCP_CWR, 3);
}

static struct event os_t2(void)
{
	return tcp_with(0, 128);
}

static struct event os_t3(void)
{
	return tcp_with(EVENT_TCP_SYN | EVENT_TCP_FIN | EVENT_TCP_URG | EVENT_TCP_PSH, 256);
}

static struct event os_t4(void)
{
	return tcp_with(EVENT_TCP_ACK, 1024);
}

static struct event os_t5(void)
{
	return tcp_with(EVENT_TCP_SYN, 31337);
}

static struct event os_t6(void)
{
	return tcp_with(EVENT_TCP_ACK, 32768);
}

static struct event os_t7(void)
{
	return tcp_with(EVENT_TCP_FIN | EVENT_TCP_PSH | EVENT_TCP_URG, 65535);
}

static struct event os_u1(void)
{
	return event_maker_ip_id(
		event_maker_payload(event_maker_udp(THEM, 40000, US, 40555), 300), 0x1042);
}

static struct event os_ie(void)
{
	return event_maker_icmp(THEM, US, 8, 9);
}

static const struct os_row os_rows[] = {
	{"SEQ", os_seq},
	{"ECN", os_ecn},
	{"T2", os_t2},
	{"T3", os_t3},
	{"T4", os_t4},
	{"T5", os_t5},
	{"T6", os_t6},
	{"T7", os_t7},
	{"U1", os_u1},
	{"IE", os_ie},
};

static void every_probe_of_the_fingerprint_is_known_once(void **state)
{
	(void)state;
	struct dossier *d = calloc(1, sizeof *d);
	unsigned faults = 0;
	assert_non_null(d);
	for (unsigned i = 0; i < TABLE_CHECK_ROWS(os_rows); i++) {
		struct event e = os_rows[i].make();
		tool_mark_count(d, &e, tool_mark_of(&e));
		tool_mark_count(d, &e, tool_mark_of(&e));
		faults += table_check_number(
			os_rows[i].name, "probes", tool_mark_os_probes(d), i + 1);
		faults += table_check_text(
			os_rows[i].name, "tool", tool_mark_name(d), i >= 1 ? "nmap" : NULL);
	}
	free(d);
	assert_int_equal(faults, 0);
}

static void ordinary_packets_are_no_fingerprint(void **state)
{
	(void)state;
	struct dossier *d = calloc(1, sizeof *d);
	assert_non_null(d);
	struct event events[] = {linux_syn(0), windows_syn(1), nmap(2), masscan(3), raw_fin(4),
		event_maker_icmp(THEM, US, 8, 0), event_maker_udp(THEM, 1, US, 2),
		event_maker_tcp(THEM, 1, US, 2, EVENT_TCP_ACK), event_maker_tcp(THEM, 1, US, 2, 0)};
	for (size_t i = 0; i < TABLE_CHECK_ROWS(events); i++)
		tool_mark_count(d, &events[i], tool_mark_of(&events[i]));
	assert_int_equal(tool_mark_os_probes(d), 0);
	free(d);
}

struct option_row {
	const char *name;
	uint32_t techniques;
	uint32_t nmap_marks, os_probes, targets;
	const char *wanted;
};

static const struct option_row option_rows[] = {
	{"nothing", 0, 0, 0, 0, ""},
	{"SYN", BIT(SYN), 9, 0, 9, "-sS"},
	{"connect alone", BIT(SYN) | BIT(CONNECT), 0, 0, 9, "-sT"},
	{"connect and bare SYNs", BIT(SYN) | BIT(CONNECT), 9, 0, 9, "-sT -sS"},
	{"ACK stands for Window", BIT(ACK) | BIT(WINDOW), 0, 0, 9, "-sA"},
	{"FIN, NULL, XMAS", BIT(FIN) | BIT(NULL) | BIT(XMAS), 0, 0, 9, "-sF -sN -sX"},
	{"UDP and SYN", BIT(SYN) | BIT(UDP), 9, 0, 9, "-sS -sU"},
	{"pings", BIT(ICMP_ECHO) | BIT(ICMP_TIMESTAMP) | BIT(ICMP_MASK), 0, 0, 9, "-PE -PP -PM"},
	{"SCTP", BIT(SCTP_INIT), 0, 0, 9, "-sY"},
	{"protocols", BIT(IP_PROTOCOL), 0, 0, 9, "-sO"},
	{"other ICMP has no option", BIT(ICMP), 0, 0, 9, ""},
	{"a fingerprint explains its odd packets", BIT(SYN) | BIT(NULL) | BIT(XMAS) | BIT(ACK), 9,
		0x3ff, 9, "-sS -O"},
	{"but not hundreds of them", BIT(NULL), 0, 0x3ff, 500, "-sN -O"},
};

static void nmap_options_follow_from_what_was_seen(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(option_rows); i++) {
		const struct option_row *r = &option_rows[i];
		struct dossier *d = calloc(1, sizeof *d);
		assert_non_null(d);
		d->techniques = r->techniques;
		d->marks[DOSSIER_MARK_NMAP] = r->nmap_marks;
		d->os_probes = r->os_probes;
		d->new_targets = r->targets;
		faults += table_check_text(
			r->name, "options", tool_mark_nmap_options(d).text, r->wanted);
		free(d);
	}
	assert_int_equal(faults, 0);
}

static void the_options_of_everything_at_once_fit(void **state)
{
	(void)state;
	struct dossier *d = calloc(1, sizeof *d);
	assert_non_null(d);
	d->techniques = UINT32_MAX;
	d->marks[DOSSIER_MARK_NMAP] = 1;
	d->os_probes = 0x3ff;
	d->new_targets = 1000;
	struct nmap_options o = tool_mark_nmap_options(d);
	assert_true(strlen(o.text) < sizeof o.text);
	free(d);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_tool_is_named_when_most_packets_show_its_mark),
		cmocka_unit_test(unknown_numbers_are_no_marks),
		cmocka_unit_test(every_probe_of_the_fingerprint_is_known_once),
		cmocka_unit_test(ordinary_packets_are_no_fingerprint),
		cmocka_unit_test(nmap_options_follow_from_what_was_seen),
		cmocka_unit_test(the_options_of_everything_at_once_fit),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
