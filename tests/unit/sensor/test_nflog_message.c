/* SPDX-License-Identifier: ISC */
#include "sensor/nflog_message.h"

#include "net/ip_proto.h"
#include "nflog_bytes.h"
#include "packet_bytes.h"

#include <linux/if_arp.h>
#include <linux/netfilter/nfnetlink.h>
#include <linux/netfilter/nfnetlink_log.h>
#include <endian.h>
#include <setjmp.h>
#include <stdarg.h>
#include <string.h>

#include <cmocka.h>

enum { PACKET = NFNL_SUBSYS_ULOG << 8 | NFULNL_MSG_PACKET, IN = 1, FORWARD = 2, OUT = 3 };

static const struct packet_plan syn = {.src = "198.51.100.7",
	.dst = "192.0.2.1",
	.proto = IP_PROTO_TCP,
	.src_port = 40000,
	.dst_port = 23,
	.flags = 2};

static void add_payload(struct nflog_bytes *b, const struct packet_plan *plan)
{
	uint8_t bytes[PACKET_BYTES_MAX];
	size_t size = packet_bytes_build(plan, bytes);
	nflog_bytes_add(b, NFULA_PAYLOAD, bytes, size);
}

static void add_prefix(struct nflog_bytes *b, const char *prefix)
{
	nflog_bytes_add(b, NFULA_PREFIX, prefix, strlen(prefix) + 1);
}

/* A message of a SYN that came in on interface 2, numbered `sequence`. */
static void add_syn(struct nflog_bytes *b, uint32_t sequence)
{
	nflog_bytes_begin(b, PACKET);
	nflog_bytes_add_head(b, 0x0800, IN);
	nflog_bytes_add_number(b, NFULA_IFINDEX_INDEV, 2);
	add_payload(b, &syn);
	nflog_bytes_add_number(b, NFULA_SEQ, sequence);
}

static enum nflog_result read_one(const struct nflog_bytes *b, struct nflog_message *m)
{
	size_t at = 0;
	enum nflog_result result;
	memset(m, 0xee, sizeof *m);
	assert_true(nflog_message_next(b->bytes, b->used, &at, m, &result));
	return result;
}

static void a_message_becomes_the_event_of_its_packet(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	uint64_t stamp[2] = {htobe64(1700000000), htobe64(250)};
	add_syn(&b, 77);
	add_prefix(&b, "drop: ");
	nflog_bytes_add(&b, NFULA_TIMESTAMP, stamp, sizeof stamp);
	assert_int_equal(read_one(&b, &m), NFLOG_EVENT);
	assert_string_equal(addr_to_text(&m.event.src).text, "198.51.100.7");
	assert_int_equal(m.event.dst_port, 23);
	assert_int_equal(m.event.probe, EVENT_PROBE_SYN);
	assert_int_equal(m.event.origin, EVENT_ORIGIN_NFLOG);
	assert_int_equal(m.event.marks, EVENT_MARK_FIREWALL | EVENT_MARK_INCOMING);
	assert_true(m.event.time.us == INT64_C(1700000000000250));
	assert_true(text_slice_equals(m.prefix, "drop: "));
	assert_int_equal(m.iface, 2);
	assert_true(m.has_sequence);
	assert_int_equal(m.sequence, 77);
}

static void ipv6_goes_the_same_way(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	struct packet_plan plan = syn;
	plan.src = "2001:db8::7";
	plan.dst = "2001:db8::1";
	nflog_bytes_begin(&b, PACKET);
	nflog_bytes_add_head(&b, 0x86dd, IN);
	add_payload(&b, &plan);
	assert_int_equal(read_one(&b, &m), NFLOG_EVENT);
	assert_string_equal(addr_to_text(&m.event.src).text, "2001:db8::7");
	assert_int_equal(m.event.marks, EVENT_MARK_FIREWALL);
	assert_false(m.has_sequence);
	assert_true(m.event.time.us == 0);
}

static void interfaces_tell_the_direction(void **state)
{
	(void)state;
	static const struct {
		uint32_t in, out, iface;
		unsigned marks;
	} rows[] = {
		{2, 0, 2, EVENT_MARK_INCOMING},
		{0, 3, 3, EVENT_MARK_OUTGOING},
		{2, 3, 2, 0}, /* forwarded */
		{1, 0, 1, 0}, /* loopback */
		{0, 0, 0, 0},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct nflog_bytes b = {0};
		struct nflog_message m;
		nflog_bytes_begin(&b, PACKET);
		nflog_bytes_add_head(&b, 0x0800, FORWARD);
		if (rows[i].in != 0)
			nflog_bytes_add_number(&b, NFULA_IFINDEX_INDEV, rows[i].in);
		if (rows[i].out != 0)
			nflog_bytes_add_number(&b, NFULA_IFINDEX_OUTDEV, rows[i].out);
		add_payload(&b, &syn);
		assert_int_equal(read_one(&b, &m), NFLOG_EVENT);
		assert_int_equal(m.event.marks, EVENT_MARK_FIREWALL | rows[i].marks);
		assert_int_equal(m.iface, rows[i].iface);
	}
}

static void the_link_header_tells_a_group(void **state)
{
	(void)state;
	static const struct {
		uint16_t kind;
		uint8_t first;
		bool group;
	} rows[] = {
		{ARPHRD_ETHER, 0xff, true},
		{ARPHRD_ETHER, 0x33, true},
		{ARPHRD_ETHER, 0x02, false},
		{ARPHRD_NONE, 0xff, false},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		struct nflog_bytes b = {0};
		struct nflog_message m;
		uint8_t header[14] = {rows[i].first};
		uint16_t kind = htobe16(rows[i].kind);
		add_syn(&b, 0);
		nflog_bytes_add(&b, NFULA_HWTYPE, &kind, sizeof kind);
		nflog_bytes_add(&b, NFULA_HWHEADER, header, sizeof header);
		assert_int_equal(read_one(&b, &m), NFLOG_EVENT);
		assert_int_equal((m.event.marks & EVENT_MARK_LINK_GROUP) != 0, rows[i].group);
	}
}

static void what_a_rule_let_in_is_no_knock(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	add_syn(&b, 5);
	add_prefix(&b, "[UFW ALLOW] ");
	assert_int_equal(read_one(&b, &m), NFLOG_LET_IN);
	assert_int_equal(m.sequence, 5);
}

static void what_is_not_ip_is_something_else(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	uint8_t arp[28] = {0, 1};
	nflog_bytes_begin(&b, PACKET);
	nflog_bytes_add_head(&b, 0x0806, IN);
	nflog_bytes_add(&b, NFULA_PAYLOAD, arp, sizeof arp);
	assert_int_equal(read_one(&b, &m), NFLOG_OTHER);
	memset(&b, 0, sizeof b);
	nflog_bytes_begin(&b, 3); /* NLMSG_DONE */
	assert_int_equal(read_one(&b, &m), NFLOG_NO_PACKET);
}

static void many_messages_lie_in_one_datagram(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	enum nflog_result result;
	size_t at = 0;
	for (uint32_t i = 0; i < 20; i++)
		add_syn(&b, i);
	for (uint32_t i = 0; i < 20; i++) {
		assert_true(nflog_message_next(b.bytes, b.used, &at, &m, &result));
		assert_int_equal(result, NFLOG_EVENT);
		assert_int_equal(m.sequence, i);
	}
	assert_false(nflog_message_next(b.bytes, b.used, &at, &m, &result));
}

static void a_broken_message_ends_nothing_but_itself(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	enum nflog_result result;
	size_t at = 0;
	nflog_bytes_begin(&b, PACKET);
	nflog_bytes_add(&b, NFULA_IFINDEX_INDEV, "\0\0", 2); /* two bytes short */
	add_syn(&b, 1);
	assert_true(nflog_message_next(b.bytes, b.used, &at, &m, &result));
	assert_int_equal(result, NFLOG_BROKEN);
	assert_true(nflog_message_next(b.bytes, b.used, &at, &m, &result));
	assert_int_equal(result, NFLOG_EVENT);
}

/* Every length of the datagram, and every byte of it wrong in turn: never a read beyond its end (the
 * sanitizers look), and always an end. */
static void no_cut_and_no_lie_leads_beyond_the_end(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	enum nflog_result result;
	add_syn(&b, 1);
	add_syn(&b, 2);
	for (size_t size = 0; size < b.used; size++) {
		size_t at = 0, turns = 0;
		while (nflog_message_next(b.bytes, size, &at, &m, &result)) {
			assert_true(at <= size);
			assert_true(++turns <= size);
		}
	}
	for (size_t i = 0; i < b.used; i++) {
		size_t at = 0, turns = 0;
		uint8_t kept = b.bytes[i];
		b.bytes[i] = (uint8_t)~kept;
		while (nflog_message_next(b.bytes, b.used, &at, &m, &result))
			assert_true(++turns <= b.used);
		b.bytes[i] = kept;
	}
}

static void without_a_payload_there_is_no_event(void **state)
{
	(void)state;
	struct nflog_bytes b = {0};
	struct nflog_message m;
	nflog_bytes_begin(&b, PACKET);
	nflog_bytes_add_head(&b, 0x0800, IN);
	nflog_bytes_add_number(&b, NFULA_SEQ, 9);
	assert_int_equal(read_one(&b, &m), NFLOG_BROKEN);
	assert_int_equal(m.sequence, 9);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_message_becomes_the_event_of_its_packet),
		cmocka_unit_test(ipv6_goes_the_same_way),
		cmocka_unit_test(interfaces_tell_the_direction),
		cmocka_unit_test(the_link_header_tells_a_group),
		cmocka_unit_test(what_a_rule_let_in_is_no_knock),
		cmocka_unit_test(what_is_not_ip_is_something_else),
		cmocka_unit_test(many_messages_lie_in_one_datagram),
		cmocka_unit_test(a_broken_message_ends_nothing_but_itself),
		cmocka_unit_test(no_cut_and_no_lie_leads_beyond_the_end),
		cmocka_unit_test(without_a_payload_there_is_no_event),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
