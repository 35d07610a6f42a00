/* SPDX-License-Identifier: ISC */
/*
 * Holds the short way of packet_decode to the layers: whatever the bytes, both say the same of them,
 * in every byte of the event. The packets are of the usual shape, each time with a few things
 * changed: fields that decide the shape more often than others, then any byte, then the end.
 */
#include "packet/packet_layers.h"

#include "net/ip_proto.h"
#include "packet_fixture.h"

#define ROUNDS 3000000
#define ETHERNET_SIZE 14
#define IPV4_SIZE 20
#define IPV6_SIZE 40
#define TCP_SIZE 20 /* the fixed header */
#define LIST_MAX 24
#define PAYLOAD_MAX 16
#define ROOM (ETHERNET_SIZE + IPV6_SIZE + TCP_SIZE + LIST_MAX + PAYLOAD_MAX)

struct sample {
	int linktype;
	size_t ip_size;
	size_t start; /* of `bytes`: 14 for bare IP */
	size_t size;  /* from there on */
	uint8_t bytes[ROOM];
};

static uint64_t seed = 0x6b6e6f636b5741ff;

static size_t below(size_t n)
{
	seed ^= seed << 13;
	seed ^= seed >> 7;
	seed ^= seed << 17;
	return (size_t)(seed >> 24) % n;
}

static bool once_in(size_t n)
{
	return below(n) == 0;
}

/* What systems and scanners put behind a TCP header, values zero. */
static const struct {
	size_t size;
	uint8_t bytes[24];
} lists[] = {
	{0, {0}},
	{4, {2, 4, 5, 180}},
	{8, {2, 4, 5, 180, 1, 1, 4, 2}},
	{8, {2, 4, 5, 180, 4, 2, 0, 0}},
	{12, {1, 1, 8, 10, 1, 2, 3, 4, 5, 6, 7, 8}},
	{12, {2, 4, 5, 180, 1, 3, 3, 8, 1, 1, 4, 2}},
	{12, {2, 4, 5, 180, 1, 1, 4, 2, 1, 3, 3, 7}},
	{12, {1, 1, 5, 10, 1, 2, 3, 4, 5, 6, 7, 8}},
	{16, {2, 4, 5, 180, 1, 3, 3, 8, 8, 10, 1, 2, 3, 4, 5, 6}}, /* the last one is cut */
	{20, {2, 4, 5, 180, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 1, 3, 3, 7}},
	{20, {2, 4, 5, 180, 1, 3, 3, 6, 4, 2, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0}},
	{20, {3, 3, 10, 1, 2, 4, 5, 180, 8, 10, 255, 255, 255, 255, 0, 0, 0, 0, 4, 2}},
	{24, {2, 4, 5, 180, 1, 3, 3, 6, 1, 1, 8, 10, 1, 2, 3, 4, 0, 0, 0, 0, 4, 2, 0, 0}},
};

static void put16(uint8_t *at, size_t value)
{
	at[0] = (uint8_t)(value >> 8);
	at[1] = (uint8_t)value;
}

static size_t write_tcp(uint8_t *tcp)
{
	static const uint8_t flags[] = {0x02, 0x02, 0x10, 0x12, 0x18, 0x04, 0x11, 0x29, 0x00};
	size_t list = below(sizeof lists / sizeof lists[0]), size = 20 + lists[list].size;
	memcpy(tcp, "\x9c\x40\x00\x16\x11\x22\x33\x44\x55\x66\x77\x88", 12);
	tcp[12] = (uint8_t)(size / 4 << 4);
	tcp[13] = flags[below(sizeof flags)];
	put16(tcp + 14, 64240);
	memcpy(tcp + 20, lists[list].bytes, lists[list].size);
	return size;
}

static size_t write_udp(uint8_t *udp)
{
	size_t size = 8 + below(PAYLOAD_MAX + 1);
	memcpy(udp, "\x9c\x40\x00\x35", 4);
	put16(udp + 4, size);
	return size;
}

static size_t write_echo(uint8_t *icmp, uint8_t question, uint8_t answer)
{
	memcpy(icmp, "\x08\x00\xab\xcd\x12\x34\x00\x07", 8);
	icmp[0] = once_in(2) ? answer : question;
	return 8 + below(PAYLOAD_MAX + 1);
}

/* Writes the transport header that `proto` names; its size with a payload. */
static size_t write_transport(uint8_t proto, uint8_t *at)
{
	switch (proto) {
	case IP_PROTO_UDP:
		return write_udp(at);
	case IP_PROTO_ICMP:
		return write_echo(at, 8, 0);
	case IP_PROTO_ICMPV6:
		return write_echo(at, 128, 129);
	default:
		return write_tcp(at) + below(PAYLOAD_MAX + 1);
	}
}

/* A packet of the usual shape. */
static struct sample make_usual_v4(void)
{
	static const uint8_t protos[] = {
		IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_ICMP};
	struct sample s = {.linktype = PACKET_FIXTURE_ETHERNET, .ip_size = IPV4_SIZE};
	uint8_t *ip = s.bytes + ETHERNET_SIZE;
	put16(s.bytes + 12, 0x0800);
	memcpy(ip, "\x45\0\0\0\x12\x34\x40\0\x40\0\0\0\xc6\x33\x64\x14\xcb\0\x71\x05", IPV4_SIZE);
	ip[9] = protos[below(sizeof protos)];
	size_t size = IPV4_SIZE + write_transport(ip[9], ip + IPV4_SIZE);
	put16(ip + 2, size);
	s.size = ETHERNET_SIZE + size;
	return s;
}

/* Now and then with an address that would pass for one of IPv4. */
static void write_v6_addresses(uint8_t *at)
{
	static const uint8_t mapped[12] = {0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff};
	memcpy(at, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x14", 16);
	memcpy(at + 16, "\x20\x01\x0d\xb8\0\0\0\0\0\0\0\0\0\0\0\x05", 16);
	if (once_in(16))
		memcpy(at + 16 * below(2), mapped, sizeof mapped);
}

static struct sample make_usual_v6(void)
{
	static const uint8_t protos[] = {IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_TCP, IP_PROTO_UDP,
		IP_PROTO_ICMPV6, IP_PROTO_FRAGMENT};
	struct sample s = {.linktype = PACKET_FIXTURE_ETHERNET, .ip_size = IPV6_SIZE};
	uint8_t *ip = s.bytes + ETHERNET_SIZE;
	put16(s.bytes + 12, 0x86dd);
	memcpy(ip, "\x60\0\0\0\0\0\0\x40", 8);
	write_v6_addresses(ip + 8);
	ip[6] = protos[below(sizeof protos)];
	size_t size = write_transport(ip[6], ip + IPV6_SIZE);
	put16(ip + 4, once_in(32) ? 0 : size);
	s.size = ETHERNET_SIZE + IPV6_SIZE + size;
	return s;
}

/* Changes a byte that decides the shape: a little, or to anything. */
static void bend(struct sample *s)
{
	static const uint8_t v4[] = {0, 12, 13, 14, 16, 17, 17, 20, 21, 23, 34, 38, 39, 46, 46, 47};
	static const uint8_t v6[] = {0, 12, 13, 14, 18, 19, 19, 20, 22, 38, 54, 58, 59, 66, 66, 67};
	const uint8_t *deciding = s->ip_size == IPV6_SIZE ? v6 : v4;
	_Static_assert(sizeof v4 == sizeof v6, "the same number for both");
	uint8_t *byte = &s->bytes[deciding[below(sizeof v4)]];
	if (once_in(2))
		*byte = (uint8_t)below(256);
	else
		*byte = (uint8_t)(*byte + below(9) - 4);
}

static void damage(struct sample *s)
{
	while (once_in(2))
		bend(s);
	while (once_in(2))
		s->bytes[ETHERNET_SIZE + s->ip_size + TCP_SIZE + below(LIST_MAX)] =
			(uint8_t)below(once_in(2) ? 256 : 12);
	if (once_in(4))
		s->bytes[below(s->size)] = (uint8_t)below(256);
	if (once_in(4))
		s->size = below(s->size + 1);
	if (once_in(4) && s->size >= ETHERNET_SIZE) {
		s->linktype = PACKET_FIXTURE_RAW;
		s->start = ETHERNET_SIZE;
		s->size -= ETHERNET_SIZE;
	}
	if (once_in(64))
		s->linktype = (int)below(300);
}

/* `end` is the end of a heap block, so that a sanitizer sees a read behind the packet. */
static bool both_ways_agree(const struct sample *s, uint8_t *end, struct event *e)
{
	struct event other;
	const uint8_t *bytes = memcpy(end - s->size, s->bytes + s->start, s->size);
	memset(e, 0xa5, sizeof *e);
	memset(&other, 0x5a, sizeof other);
	enum packet_result short_way = packet_decode(s->linktype, bytes, s->size, e);
	enum packet_result layers = packet_layers_decode(s->linktype, bytes, s->size, &other);
	if (short_way != PACKET_OK)
		memset(e, 0, sizeof *e);
	return short_way == layers && (layers != PACKET_OK || memcmp(e, &other, sizeof other) == 0);
}

static void print_sample(const struct sample *s)
{
	print_error("link type %d:", s->linktype);
	for (size_t i = 0; i < s->size; i++)
		print_error(" %02x", s->bytes[s->start + i]);
	print_error("\n");
}

static void the_short_way_tells_what_the_layers_tell(void **state)
{
	(void)state;
	print_message("seed %#llx\n", (unsigned long long)seed);
	uint8_t *block = malloc(ROOM);
	assert_non_null(block);
	size_t told = 0, with_list = 0, of_v6 = 0;
	for (size_t round = 0; round < ROUNDS; round++) {
		struct sample s = once_in(3) ? make_usual_v6() : make_usual_v4();
		struct event e;
		damage(&s);
		if (!both_ways_agree(&s, block + ROOM, &e)) {
			print_sample(&s);
			fail();
		}
		told += e.has & (EVENT_HAS_PORTS | EVENT_HAS_ICMP) ? 1 : 0;
		with_list += e.tcp_option_layout != 0;
		of_v6 += (e.has & EVENT_HAS_TCP_FLAGS) && !(e.has & EVENT_HAS_IP_ID);
	}
	free(block);
	/* Or the samples would be too damaged to prove anything. */
	assert_true(told > ROUNDS / 2);
	assert_true(with_list > ROUNDS / 4);
	assert_true(of_v6 > ROUNDS / 16);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(the_short_way_tells_what_the_layers_tell),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
