/* SPDX-License-Identifier: ISC */
#include "detect/signature_file.h"

#include "net/ip_proto.h"

#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

#include <cmocka.h>

static void wrong_signatures_are_told_with_their_place(void **state)
{
#define HEAD "- {id: 1, name: x, level: 1, "
	static const struct {
		const char *text, *wanted;
	} rows[] = {
		{HEAD "proto: tcp}",
			"a:1:17: \"name\" stands alone: a signature needs a condition\n"},
		{HEAD "proto: tcpp, ttl: 1}",
			"a:1:37: \"proto\" must be a protocol (tcp, udp, icmp, icmpv6, sctp, ip or "
			"0-255), not \"tcpp\"\n"},
		{HEAD "proto: udp, flags: S}", "a:1:49: \"flags\" needs proto tcp\n"},
		{HEAD "window: 5}", "a:1:38: \"window\" needs proto tcp\n"},
		{HEAD "payload: 5}",
			"a:1:39: \"payload\" needs proto tcp, udp, sctp, icmp or icmpv6\n"},
		{HEAD "proto: icmp, dst_ports: [5]}",
			"a:1:54: \"dst_ports\" needs a proto with ports "
			"(tcp, udp, sctp, dccp, udplite)\n"},
		{HEAD "proto: tcp, itype: 8}", "a:1:49: \"itype\" needs proto icmp or icmpv6\n"},
		{HEAD "proto: icmp, icmp_id: 8}",
			"a:1:3: \"itype\" is missing: only some ICMP types have an id and a seq\n"},
		{HEAD "ttl: 256}",
			"a:1:35: \"ttl\" must be a number from 0 to 255, or n-m, \">n\", "
			"\"<n\", \"!n\", not \"256\"\n"},
		{HEAD "proto: tcp, seq: src}",
			"a:1:47: \"seq\" must be a number from 0 to 4294967295, or n-m, \">n\", "
			"\"<n\", \"!n\", or dst, not \"src\"\n"},
		{HEAD "proto: tcp, ack: dst}",
			"a:1:47: \"ack\" must be a number from 0 to 4294967295, or n-m, \">n\", "
			"\"<n\", \"!n\", not \"dst\"\n"},
		{HEAD "proto: tcp, dst_ports: [80, 65536]}",
			"a:1:58: \"dst_ports\" must be ports: 0 to 65535, or n-m, \">n\", \"<n\", "
			"\"!n\", at most 16 ranges, not \"65536\"\n"},
		{HEAD "proto: tcp, dst_ports: [80, \"!81\"]}",
			"a:1:53: \"dst_ports\" with a \"!\" can hold only that one item\n"},
		{HEAD "src: [192.0.2.1/24]}",
			"a:1:36: \"src\" must be a block of addresses without "
			"host bits, not \"192.0.2.1/24\"\n"},
		{"- {id: 1, name: x, level: 6, ttl: 1}", "a:1:27: \"level\" must be 0 to 5\n"},
		{"- {id: 1, name: x, level: 1, ttl: 1}\n- {id: 1, name: y, level: 1, ttl: 1}\n",
			"a:2:8: \"id\" stands twice in this file\n"},
		{HEAD "flgs: S}", "a:1:30: unknown key \"flgs\"; did you mean \"flags\"?\n"},
		{"- ttl: 5\n", "a:1:3: the key \"name\" is missing here\n"
			       "a:1:3: the key \"id\" is missing here\n"
			       "a:1:3: the key \"level\" is missing here\n"},
		{HEAD "ttl: 300, length: x}",
			"a:1:35: \"ttl\" must be a number from 0 to 255, or n-m, \">n\", \"<n\", "
			"\"!n\", not \"300\"\n"
			"a:1:48: \"length\" must be a number from 0 to 65535, or n-m, \">n\", "
			"\"<n\", "
			"\"!n\", not \"x\"\n"},
		{"signatures: []\n",
			"a:1:1: expected a list, such as [a, b], found a mapping (key: value)\n"},
	};
	(void)state;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct signature_set *set = signature_set_create();
		struct config_faults faults;
		char got[1024];
		struct text_buffer out = text_buffer_over(got, sizeof got);
		config_faults_init(&faults);
		bool good = signature_file_load_text(
			"a", rows[i].text, strlen(rows[i].text), set, &faults);
		for (unsigned k = 0; k < faults.count; k++) {
			config_fault_write(&faults.items[k], &out);
			text_buffer_add(&out, "\n");
		}
		if (good || strcmp(got, rows[i].wanted) != 0)
			fail_msg("%s\ngot    %swanted %s", rows[i].text, got, rows[i].wanted);
		assert_int_equal(signature_set_count(set), 0);
		config_faults_clear(&faults);
		signature_set_destroy(set);
	}
}

static void an_empty_file_adds_nothing(void **state)
{
	struct signature_set *set = signature_set_create();
	struct config_faults faults;
	(void)state;
	config_faults_init(&faults);
	assert_true(signature_file_load_text("a", "# none\n", 7, set, &faults));
	assert_true(signature_file_load_text("a", "[]\n", 3, set, &faults));
	assert_int_equal(signature_set_count(set), 0);
	signature_set_destroy(set);
}

static struct signature_set *load_default(void)
{
	struct signature_set *set = signature_set_create();
	struct config_faults faults;
	config_faults_init(&faults);
	if (!signature_file_load_default(set, &faults))
		fail_msg("%u: %s", faults.items[0].line, faults.items[0].text);
	return set;
}

static void built_in_signatures_explain_themselves(void **state)
{
	struct signature_set *set = load_default();
	(void)state;
	assert_true(signature_set_count(set) > 100);
	for (unsigned i = 0; i < signature_set_count(set); i++) {
		const struct signature *s = signature_set_item(set, i);
		if (s->id >= 100000 || !s->summary || !s->reference ||
			strncmp(s->reference, "http", 4) != 0)
			fail_msg("%u %s: no own id, summary or reference", s->id, s->name);
		if (s->summary[strlen(s->summary) - 1] != '.')
			fail_msg("%u %s: the summary is no sentence", s->id, s->name);
	}
	signature_set_destroy(set);
}

/* A signature that looks at nothing but the destination port and the SYN says "somebody looks for a
 * service": never a reason for an alarm by itself. */
static void mere_service_ports_never_make_an_incident(void **state)
{
	struct signature_set *set = load_default();
	(void)state;
	for (unsigned i = 0; i < signature_set_count(set); i++) {
		const struct signature *s = signature_set_item(set, i);
		unsigned conditions = signature_count_conditions(s) - (s->flags.mask != 0);
		if (s->dst_ports.count && conditions == 1 && (s->alone || s->level > 1))
			fail_msg("%u %s: level %d for a port", s->id, s->name, s->level);
	}
	signature_set_destroy(set);
}

static struct event slammer(void)
{
	return (struct event){.proto = IP_PROTO_UDP,
		.src = addr_from_v4(0xc6336414),
		.has = EVENT_HAS_PORTS | EVENT_HAS_LENGTH,
		.dst_port = 1434,
		.length = 404,
		.payload_length = 376};
}

static struct event tcp_probe(uint8_t flags, uint16_t window)
{
	return (struct event){.proto = IP_PROTO_TCP,
		.src = addr_from_v4(0xc6336414),
		.dst = addr_from_v4(0xcb007105),
		.has = EVENT_HAS_PORTS | EVENT_HAS_LENGTH | EVENT_HAS_TCP_FLAGS |
		       EVENT_HAS_TCP_WINDOW | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_OPTIONS |
		       EVENT_HAS_IP_ID | EVENT_HAS_TTL,
		.src_port = 45000,
		.dst_port = 45001,
		.seq = 99,
		.ttl = 40,
		.tcp_flags = flags,
		.window = window};
}

static void known_packets_are_recognised(void **state)
{
	struct signature_set *set = load_default();
	struct event mirai = tcp_probe(EVENT_TCP_SYN, 14600),
		     zmap = tcp_probe(EVENT_TCP_SYN, 65535);
	struct event t2 = tcp_probe(0, 128), t7 = tcp_probe(0x29, 65535), redis = mirai;
	struct event land = tcp_probe(EVENT_TCP_SYN, 2048), routed = tcp_probe(EVENT_TCP_SYN, 8192);
	struct event plain = tcp_probe(EVENT_TCP_SYN, 64240), null = tcp_probe(0, 1024);
	(void)state;
	mirai.dst_port = 23;
	mirai.seq = addr_v4(&mirai.dst);
	zmap.ip_id = 54321;
	t2.marks = EVENT_MARK_DF;
	redis.dst_port = 6379;
	redis.seq = 5;
	land.src = land.dst;
	routed.ip_options = EVENT_IP_OPTION_LOOSE_ROUTE;
	const struct {
		struct event event;
		const char *wanted;
		bool alone;
	} rows[] = {
		{slammer(), "SQL Slammer worm", true},
		{mirai, "Mirai-like bot", false},
		{zmap, "ZMap probe", false},
		{t2, "nmap OS probe: T2", true},
		{t7, "nmap OS probe: T7", true},
		{redis, "Redis search", false},
		{land, "LAND packet", true},
		{routed, "IPv4 source routing", true},
		{plain, "nothing", false},
		{null, "nothing", false},
	};
	signature_set_seal(set);
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		const struct signature *s = signature_set_match(set, &rows[i].event, -1);
		const char *got = s ? s->name : "nothing";
		if (strcmp(got, rows[i].wanted) != 0 || (s && s->alone != rows[i].alone))
			fail_msg("got %s, wanted %s", got, rows[i].wanted);
	}
	signature_set_destroy(set);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(wrong_signatures_are_told_with_their_place),
		cmocka_unit_test(an_empty_file_adds_nothing),
		cmocka_unit_test(built_in_signatures_explain_themselves),
		cmocka_unit_test(mere_service_ports_never_make_an_incident),
		cmocka_unit_test(known_packets_are_recognised),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
