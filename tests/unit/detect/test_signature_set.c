/* SPDX-License-Identifier: ISC */
#include "detect/signature_set.h"

#include "base/memory.h"
#include "detect/signature_file.h"
#include "net/ip_proto.h"

#include <inttypes.h>
#include <setjmp.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>

#include <cmocka.h>

static uint32_t next_random(uint64_t *seed)
{
	*seed ^= *seed << 13;
	*seed ^= *seed >> 7;
	*seed ^= *seed << 17;
	return (uint32_t)(*seed >> 20);
}

static struct signature_set *load(const char *text)
{
	struct signature_set *set = signature_set_create();
	struct config_faults faults;
	config_faults_init(&faults);
	if (!signature_file_load_text("test", text, strlen(text), set, &faults))
		fail_msg("%u: %s", faults.items[0].line, faults.items[0].text);
	return set;
}

static struct event udp_event(uint16_t port)
{
	return (struct event){.src = addr_from_v4(0xc6336414),
		.dst = addr_from_v4(0xcb007105),
		.src_port = 40000,
		.dst_port = port,
		.proto = IP_PROTO_UDP,
		.has = EVENT_HAS_PORTS | EVENT_HAS_LENGTH | EVENT_HAS_IP_ID,
		.payload_length = 100};
}

static uint32_t match_id(const struct signature_set *set, const struct event *e)
{
	const struct signature *s = signature_set_match(set, e, -1);
	return s ? s->id : 0;
}

static void the_strongest_match_counts(void **state)
{
	struct signature_set *set =
		load("- {id: 1, name: port, level: 1, proto: udp, dst_ports: [53]}\n"
		     "- {id: 2, name: port and size, level: 1, proto: udp, dst_ports: [53], "
		     "payload: 100}\n"
		     "- {id: 3, name: high, level: 3, proto: udp, payload: 7}\n"
		     "- {id: 4, name: alone, level: 1, alone: true, proto: udp, ip_id: 9}\n"
		     "- {id: 5, name: same size, level: 1, proto: udp, dst_ports: [53], payload: "
		     "100}\n");
	struct event e = udp_event(53);
	(void)state;
	signature_set_seal(set);
	assert_int_equal(match_id(set, &e), 2); /* more conditions than 1, lower id than 5 */
	e.payload_length = 99;
	assert_int_equal(match_id(set, &e), 1);
	e.ip_id = 9;
	assert_int_equal(match_id(set, &e), 4);
	e.payload_length = 7;
	assert_int_equal(match_id(set, &e), 3);
	e.dst_port = 54;
	e.ip_id = e.payload_length = 0;
	assert_null(signature_set_match(set, &e, -1));
	signature_set_destroy(set);
}

static void weaker_ones_than_asked_for_do_not_match(void **state)
{
	struct signature_set *set =
		load("- {id: 1, name: a, level: 1, proto: udp, dst_ports: [53]}\n"
		     "- {id: 2, name: b, level: 2, proto: udp, payload: 100}\n");
	struct event e = udp_event(53);
	(void)state;
	signature_set_seal(set);
	assert_int_equal(signature_set_match(set, &e, 1)->id, 2);
	assert_null(signature_set_match(set, &e, 2));
	e.payload_length = 1;
	assert_int_equal(signature_set_match(set, &e, 0)->id, 1);
	assert_null(signature_set_match(set, &e, 1));
	assert_null(signature_set_match(set, &e, 5));
	signature_set_destroy(set);
}

static void a_later_signature_replaces_the_one_with_its_id(void **state)
{
	struct signature_set *set =
		load("- {id: 1, name: old, level: 1, proto: udp, payload: 1}\n");
	const char *text = "- {id: 1, name: new, level: 2, proto: udp, payload: 2}\n";
	struct config_faults faults;
	(void)state;
	config_faults_init(&faults);
	assert_true(signature_file_load_text("later", text, strlen(text), set, &faults));
	assert_int_equal(signature_set_count(set), 1);
	assert_string_equal(signature_set_find(set, 1)->name, "new");
	assert_null(signature_set_find(set, 2));
	signature_set_destroy(set);
}

static void an_empty_set_matches_nothing(void **state)
{
	struct signature_set *set = signature_set_create();
	struct event e = udp_event(53);
	(void)state;
	signature_set_seal(set);
	assert_null(signature_set_match(set, &e, -1));
	signature_set_destroy(set);
	signature_set_destroy(NULL);
}

static void a_full_set_refuses_and_leaves_the_caller_its_own(void **state)
{
	struct signature_set *set = signature_set_create();
	(void)state;
	for (uint32_t i = 0; i < SIGNATURE_SET_MAX; i++) {
		struct signature s = {.id = i, .same_ip = true};
		assert_true(signature_set_add(set, &s));
	}
	struct signature s = {.id = SIGNATURE_SET_MAX, .same_ip = true};
	assert_false(signature_set_add(set, &s));
	assert_int_equal(s.id, SIGNATURE_SET_MAX);
	signature_set_destroy(set);
}

/* Values near those that signatures name, so that random events match now and then. */
static struct event random_event(uint64_t *seed)
{
	static const uint8_t protos[] = {IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_SCTP,
		IP_PROTO_ICMP, IP_PROTO_ICMPV6, IP_PROTO_GRE};
	static const uint16_t ports[] = {0, 22, 23, 53, 80, 123, 1023, 1024, 6000, 65535};
	static const uint16_t sizes[] = {0, 1, 3, 8, 192, 256, 376, 1024, 16384, 54321, 65535};
	struct event e = {.has = (uint16_t)(next_random(seed) | next_random(seed))};
	e.proto = protos[next_random(seed) % sizeof protos];
	e.src = addr_from_v4(0xcb007100 + next_random(seed) % 3);
	e.dst = addr_from_v4(0xcb007100 + next_random(seed) % 3);
	e.src_port = ports[next_random(seed) % 10];
	e.dst_port =
		next_random(seed) % 2 ? ports[next_random(seed) % 10] : (uint16_t)next_random(seed);
	e.tcp_flags = (uint8_t)next_random(seed) & (uint8_t)next_random(seed);
	e.ttl = (uint8_t)next_random(seed);
	e.icmp_type = (uint8_t)(next_random(seed) % 20 ? next_random(seed) % 20 : 255);
	e.icmp_code = (uint8_t)(next_random(seed) % 12);
	e.ip_options = next_random(seed) % 8 ? 0 : (uint8_t)next_random(seed);
	e.marks = (uint8_t)next_random(seed);
	e.seq = next_random(seed) % 4 ? next_random(seed) : addr_v4(&e.dst);
	e.window = sizes[next_random(seed) % 11];
	e.ip_id = sizes[next_random(seed) % 11];
	e.payload_length = sizes[next_random(seed) % 11];
	e.length = sizes[next_random(seed) % 11];
	e.tcp_mss = next_random(seed) % 2 ? 1460 : 0;
	e.tcp_option_layout = next_random(seed) % 2 ? 0x3 : 0x59324;
	return e;
}

static const char awkward[] =
	"- {id: 1, name: a, level: 1, proto: tcp, dst_ports: [\"!80\"]}\n"
	"- {id: 2, name: b, level: 2, proto: tcp, dst_ports: [0, 20-30, 1023-1024, 65535]}\n"
	"- {id: 3, name: c, level: 3, proto: tcp, dst_ports: [23], flags: none}\n"
	"- {id: 4, name: d, level: 4, ttl: 1}\n"
	"- {id: 5, name: e, level: 5, proto: icmp, itype: \">250\"}\n"
	"- {id: 6, name: f, level: 0, proto: icmp, icode: 3}\n"
	"- {id: 7, name: g, level: 4, proto: 47, dst: [203.0.113.1]}\n"
	"- {id: 8, name: h, level: 3, same_ip: true, ip_options: any}\n"
	"- {id: 9, name: i, level: 2, proto: sctp, dst_ports: [0-1023, 65535]}\n"
	"- {id: 10, name: j, level: 2, dst: [203.0.113.0/31, 2001:db8::/32], direction: out}\n"
	"- {id: 11, name: k, level: 2, proto: udp, dst_ports: [\"<1024\"], payload: \"!0\"}\n"
	"- {id: 12, name: l, level: 5, proto: udp, src_ports: [0], dst_ports: [0-65534]}\n"
	"- {id: 13, name: m, level: 4, src: [203.0.113.0/32, 203.0.113.2], window: 3, proto: "
	"tcp}\n"
	"- {id: 14, name: n, level: 1, proto: tcp, window: 1024}\n"
	"- {id: 15, name: o, level: 1, proto: tcp, flags: S, ip_id: 54321}\n"
	"- {id: 16, name: p, level: 1, proto: tcp, src_ports: [6000], ttl: \"<128\"}\n"
	"- {id: 17, name: q, level: 1, proto: tcp, payload: \">1\"}\n"
	"- {id: 18, name: r, level: 1, proto: udp, payload: \"<4\"}\n"
	"- {id: 19, name: s, level: 5, proto: tcp, seq: dst, dst_ports: [23]}\n"
	"- {id: 20, name: t, level: 1, proto: tcp, flags: none, seq: dst}\n"
	"- {id: 21, name: u, level: 1, proto: icmp, ip_id: 0}\n"
	"- {id: 22, name: v, level: 1, proto: sctp, src_ports: [6000]}\n";

static void the_index_finds_what_trying_all_would_find(void **state)
{
	uint64_t seed = (uint64_t)time(NULL) | UINT64_C(1) << 63;
	uint64_t start = seed;
	(void)state;
	unsigned matches = 0;
	struct signature_set *set = load(awkward);
	struct config_faults faults;
	config_faults_init(&faults);
	for (int round = 0; round < 2; round++) {
		signature_set_seal(set);
		for (int i = 0; i < 200000; i++) {
			struct event e = random_event(&seed);
			const struct signature *wanted = NULL;
			for (unsigned k = 0; k < signature_set_count(set) && !wanted; k++) {
				const struct signature *s = signature_set_item(set, k);
				wanted = signature_matches(s, &e) ? s : NULL;
			}
			const struct signature *got = signature_set_match(set, &e, -1);
			matches += got != NULL;
			if (got != wanted)
				fail_msg("seed %" PRIx64 ", event %d: got %u, wanted %u", start, i,
					got ? got->id : 0, wanted ? wanted->id : 0);
		}
		signature_set_destroy(set);
		set = signature_set_create();
		assert_true(signature_file_load_default(set, &faults));
	}
	signature_set_destroy(set);
	assert_true(matches > 1000);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_strongest_match_counts),
		cmocka_unit_test(weaker_ones_than_asked_for_do_not_match),
		cmocka_unit_test(a_later_signature_replaces_the_one_with_its_id),
		cmocka_unit_test(an_empty_set_matches_nothing),
		cmocka_unit_test(a_full_set_refuses_and_leaves_the_caller_its_own),
		cmocka_unit_test(the_index_finds_what_trying_all_would_find),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
