/* SPDX-License-Identifier: ISC */
#include "verdict/summary_text.h"

#include "event/technique.h"
#include "table_check.h"

#define BIT(name) (UINT32_C(1) << TECHNIQUE_##name)

static const struct port_range two_ranges[] = {{PORT_SET_TCP, 22, 22}, {PORT_SET_UDP, 5060, 5062}};

struct summary_row {
	const char *name;
	struct incident in;
	struct summary_facts facts;
	const char *wanted;
};

static const struct summary_row summary_rows[] = {
	{"vertical",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(XMAS),
			.ports_count = 1024,
			.hosts_count = 1,
			.targets_count = 1024,
			.nmap = "-sX"},
		{0}, "XMAS scan of 1,024 ports on one host, with the packets nmap -sX sends"},
	{"only the first word begins with a capital",
		{.kind = INCIDENT_KIND_BLOCK,
			.techniques = BIT(SYN) | BIT(ICMP_ECHO),
			.ports_count = 4,
			.hosts_count = 24,
			.targets_count = 96},
		{0}, "SYN and ping scan of 4 ports on 24 hosts"},
	{"a tool goes before its options",
		{.kind = INCIDENT_KIND_BLOCK,
			.techniques = BIT(SYN),
			.ports_count = 3,
			.hosts_count = 250,
			.targets_count = 750,
			.tool = "masscan",
			.nmap = "-sS"},
		{0}, "SYN scan of 3 ports on 250 hosts, made with masscan"},
	{"horizontal, with its ports",
		{.kind = INCIDENT_KIND_HORIZONTAL,
			.techniques = BIT(SYN) | BIT(UDP),
			.ports_count = 2,
			.hosts_count = 120,
			.ports = two_ranges,
			.port_ranges = 2},
		{0}, "SYN and UDP sweep of 120 hosts for tcp/22 and udp/5060-5062"},
	{"one port, slowly",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(SYN),
			.ports_count = 1,
			.hosts_count = 1,
			.slow = true},
		{0}, "Slow SYN scan of 1 port on one host"},
	{"connect is one word",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(SYN) | BIT(CONNECT),
			.ports_count = 5},
		{0}, "Connect scan of 5 ports on one host"},
	{"so is ACK and Window",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(ACK) | BIT(WINDOW),
			.ports_count = 5},
		{0}, "ACK scan of 5 ports on one host"},
	{"three techniques",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(SYN) | BIT(FIN) | BIT(NULL),
			.ports_count = 5},
		{0}, "Mixed scan of 5 ports on one host"},
	{"no technique with a name", {.kind = INCIDENT_KIND_VERTICAL, .ports_count = 5}, {0},
		"Odd-packet scan of 5 ports on one host"},
	{"no ports",
		{.kind = INCIDENT_KIND_BLOCK,
			.techniques = BIT(ICMP),
			.targets_count = 6,
			.hosts_count = 3},
		{0}, "ICMP scan of 6 targets on 3 hosts"},
	{"shared",
		{.kind = INCIDENT_KIND_DISTRIBUTED,
			.techniques = BIT(SYN),
			.ports_count = 400,
			.hosts_count = 1,
			.sources_count = 40},
		{0}, "SYN scan of 400 ports on one host, shared by 40 sources"},
	{"decoys",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(SYN),
			.ports_count = 100,
			.hosts_count = 1,
			.sources_count = 10,
			.tool = "nmap"},
		{.decoys = true},
		"SYN scan of 100 ports on one host by one of 10 sources; the others are decoys"},
	{"protocols", {.kind = INCIDENT_KIND_PROTOCOL}, {.protocols = 12},
		"IP protocol scan: 12 protocols tried"},
	{"flood",
		{.class = INCIDENT_CLASS_FLOOD,
			.kind = INCIDENT_KIND_SYN_FLOOD,
			.ports = two_ranges,
			.port_ranges = 1,
			.sources_count = 4000},
		{.peak_rate = 12000},
		"SYN flood: up to 12,000 packets a second at tcp/22 from about 4,000 sources, "
		"most likely forged"},
	{"flood of one source",
		{.class = INCIDENT_CLASS_FLOOD,
			.kind = INCIDENT_KIND_UDP_FLOOD,
			.sources_count = 1},
		{.peak_rate = 900}, "UDP flood: up to 900 packets a second"},
	{"pings", {.class = INCIDENT_CLASS_FLOOD, .kind = INCIDENT_KIND_ICMP_FLOOD},
		{.peak_rate = 900}, "Ping flood: up to 900 packets a second"},
	{"reflection", {.class = INCIDENT_CLASS_FLOOD, .kind = INCIDENT_KIND_REFLECTION},
		{.peak_rate = 900}, "Reflected flood: up to 900 packets a second"},
	{"callers",
		{.class = INCIDENT_CLASS_NOISE,
			.kind = INCIDENT_KIND_LEFTOVER,
			.ports = two_ranges,
			.port_ranges = 1,
			.sources_count = 12},
		{0}, "12 old peers keep calling tcp/22, which nobody serves any more"},
	{"one leftover",
		{.class = INCIDENT_CLASS_NOISE, .kind = INCIDENT_KIND_LEFTOVER, .sources_count = 1},
		{0}, "Leftovers of connections that are over"},
	{"a signature names itself",
		{.class = INCIDENT_CLASS_ATTACK,
			.kind = INCIDENT_KIND_EXPLOIT,
			.signature = "A worm of old"},
		{0}, "A worm of old"},
	{"an attack without a signature",
		{.class = INCIDENT_CLASS_ATTACK, .kind = INCIDENT_KIND_EXPLOIT}, {0},
		"A packet of a known attack"},
	{"folded",
		{.kind = INCIDENT_KIND_VERTICAL,
			.techniques = BIT(SYN),
			.ports_count = 5,
			.into = "01"},
		{0}, "Part of a larger story"},
};

static void every_incident_is_one_plain_sentence(void **state)
{
	(void)state;
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(summary_rows); i++) {
		const struct summary_row *r = &summary_rows[i];
		char text[256];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		summary_text_add(&b, &r->in, &r->facts);
		faults += table_check_text(r->name, "summary", text, r->wanted);
	}
	assert_int_equal(faults, 0);
}

static void every_kind_has_words(void **state)
{
	(void)state;
	for (int kind = 0; kind < INCIDENT_KINDS; kind++) {
		char text[256];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		struct incident in = {.kind = (enum incident_kind)kind,
			.class = incident_kind_class((enum incident_kind)kind),
			.techniques = BIT(SYN),
			.ports_count = 3,
			.hosts_count = 1,
			.sources_count = 1};
		summary_text_add(&b, &in, &(struct summary_facts){0});
		assert_true(b.used > 10);
		assert_false(b.cut);
		assert_true(text[0] >= 'A' && text[0] <= 'Z');
		assert_null(strchr(text, '\n'));
	}
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(every_incident_is_one_plain_sentence),
		cmocka_unit_test(every_kind_has_words),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
