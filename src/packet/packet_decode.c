/* SPDX-License-Identifier: ISC */
/*
 * Nearly every packet has one shape: Ethernet to one host and without tags, or bare IP; IPv4 without
 * options and not a fragment, or IPv6 without extension headers; TCP, UDP or an echo, the headers
 * captured to their end and inside the length that IP tells. For these a few looks say that all bytes are
 * there, and the event is written from top to bottom. Whatever is not of that shape, and every doubt, is
 * left to packet_layers.
 *
 * Of a fixed header that is known to be there the cursor's own checks cost nothing: the compiler
 * sees the size and drops them.
 */
#include "packet/packet_decode.h"

#include "base/byte_cursor.h"
#include "net/ip_proto.h"
#include "packet/link_decode.h"
#include "packet/packet_layers.h"
#include "packet/tcp_options.h"

#include <string.h>

/* LINKTYPE_ numbers, sizes in bytes, and the bits of IPv4's fragment field. */
enum usual {
	USUAL_ETHERNET = 1,
	USUAL_RAW_IP = 101,
	USUAL_ETHERTYPE_IPV4 = 0x0800,
	USUAL_ETHERTYPE_IPV6 = 0x86dd,
	USUAL_ETHERNET_SIZE = 14,
	USUAL_IPV4_START = 0x45, /* version 4, 5 words */
	USUAL_IPV4_SIZE = 20,
	USUAL_IPV6_SIZE = 40,
	USUAL_DONT_FRAGMENT = 0x4000,
	USUAL_FRAGMENT = 0x3fff, /* more of them, or an offset */
	USUAL_TCP_SIZE = 20,
	USUAL_UDP_SIZE = 8,
	USUAL_ICMP_SIZE = 8,
	USUAL_ECHO_REPLY = 0, /* RFC 792 */
	USUAL_ECHO = 8,
	USUAL_ECHO_V6 = 128, /* RFC 4443 */
	USUAL_ECHO_REPLY_V6 = 129,
};

/* A packet whose link header has been taken off, and whose IP header looks usual. */
struct usual_packet {
	bool is_v6;
	const uint8_t *ip;
	size_t captured; /* bytes, from `ip` on */
	unsigned total;  /* as the header says */
	uint8_t marks;   /* as far as the IP header tells them */
};

static inline unsigned ip_size(const struct usual_packet *p)
{
	return p->is_v6 ? USUAL_IPV6_SIZE : USUAL_IPV4_SIZE;
}

static inline uint16_t number_at(const uint8_t *bytes)
{
	struct byte_cursor c = byte_cursor_over(bytes, 2);
	return byte_cursor_u16(&c);
}

/* The ethertype of what stands behind the link header; 0 if it is not usual. What goes to a group gets
 * a mark, and is seldom. */
static inline uint16_t strip_link(int linktype, struct byte_cursor *c)
{
	if (linktype == USUAL_ETHERNET && byte_cursor_left(c) >= USUAL_ETHERNET_SIZE) {
		const uint8_t *header = byte_cursor_take(c, USUAL_ETHERNET_SIZE);
		return header[0] & 1 ? 0 : number_at(header + 12);
	}
	if (linktype == USUAL_RAW_IP && byte_cursor_left(c) > 0)
		return *c->at >> 4 == 6 ? USUAL_ETHERTYPE_IPV6 : USUAL_ETHERTYPE_IPV4;
	return 0;
}

static inline bool look_at_v4(struct byte_cursor *c, struct usual_packet *p)
{
	p->is_v6 = false;
	p->captured = byte_cursor_left(c);
	if (p->captured < USUAL_IPV4_SIZE)
		return false;
	p->ip = byte_cursor_take(c, USUAL_IPV4_SIZE);
	uint16_t fragment = number_at(p->ip + 6);
	p->total = number_at(p->ip + 2);
	p->marks = (uint8_t)(fragment & USUAL_DONT_FRAGMENT ? EVENT_MARK_DF : 0);
	return p->ip[0] == USUAL_IPV4_START && (fragment & USUAL_FRAGMENT) == 0;
}

static inline void write_v4(const uint8_t *ip, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(ip, USUAL_IPV4_SIZE);
	byte_cursor_skip(&h, 2);
	uint32_t length_and_id = byte_cursor_u32(&h);
	e->length = (uint16_t)(length_and_id >> 16);
	e->ip_id = (uint16_t)length_and_id;
	byte_cursor_skip(&h, 2);
	uint8_t ttl = byte_cursor_u8(&h), proto = byte_cursor_u8(&h);
	e->ttl = ttl;
	e->proto = proto;
	byte_cursor_skip(&h, 2);
	addr_set_v4(&e->src, byte_cursor_take(&h, 4));
	addr_set_v4(&e->dst, byte_cursor_take(&h, 4));
}

static inline struct addr addr_at(const uint8_t *bytes)
{
	struct addr a;
	memcpy(a.bytes, bytes, sizeof a.bytes);
	return a;
}

/* A length that the event cannot hold and an address that would pass for IPv4 are not usual; nor is a
 * length of 0, which leaves no room for a header behind. */
static inline bool look_at_v6(struct byte_cursor *c, struct usual_packet *p)
{
	p->is_v6 = true;
	p->captured = byte_cursor_left(c);
	if (p->captured < USUAL_IPV6_SIZE)
		return false;
	p->ip = byte_cursor_take(c, USUAL_IPV6_SIZE);
	p->total = USUAL_IPV6_SIZE + (unsigned)number_at(p->ip + 4);
	p->marks = 0;
	struct addr src = addr_at(p->ip + 8), dst = addr_at(p->ip + 24);
	return p->ip[0] >> 4 == 6 && p->total <= UINT16_MAX && !addr_is_v4(&src) &&
	       !addr_is_v4(&dst);
}

static inline void write_v6(const uint8_t *ip, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(ip, USUAL_IPV6_SIZE);
	byte_cursor_skip(&h, 4);
	e->length = (uint16_t)(USUAL_IPV6_SIZE + byte_cursor_u16(&h));
	e->ip_id = 0;
	e->proto = byte_cursor_u8(&h);
	e->ttl = byte_cursor_u8(&h);
	e->src = addr_at(byte_cursor_take(&h, sizeof e->src.bytes));
	e->dst = addr_at(byte_cursor_take(&h, sizeof e->dst.bytes));
}

/* True if the first `size` bytes, both headers, were sent and are at hand. */
static inline bool has_whole(const struct usual_packet *p, unsigned size)
{
	return p->captured >= size && p->total >= size;
}

static inline void write_ip(const struct usual_packet *p, uint16_t has, struct event *e)
{
	if (p->is_v6)
		write_v6(p->ip, e);
	else
		write_v4(p->ip, e);
	e->marks = p->marks;
	e->has = (uint16_t)(has | EVENT_HAS_LENGTH | EVENT_HAS_TTL |
			    (p->is_v6 ? 0 : EVENT_HAS_IP_ID));
	e->origin = EVENT_ORIGIN_PACKET;
	e->ip_options = 0;
	e->tcp_wscale = 0xff;
	e->tcp_mss = 0;
}

static inline void write_tcp(const uint8_t *tcp, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(tcp, USUAL_TCP_SIZE);
	uint32_t ports = byte_cursor_u32(&h);
	e->src_port = (uint16_t)(ports >> 16);
	e->dst_port = (uint16_t)ports;
	uint64_t seq_and_ack = byte_cursor_u64(&h);
	e->seq = (uint32_t)(seq_and_ack >> 32);
	e->ack = (uint32_t)seq_and_ack;
	byte_cursor_skip(&h, 1);
	e->tcp_flags = byte_cursor_u8(&h);
	e->window = byte_cursor_u16(&h);
	e->probe = event_probe_of_tcp(e->tcp_flags);
}

/* Nine packets of ten: every field is written once, so that nothing but the rare ones needs clearing. */
static inline bool read_tcp(const struct usual_packet *p, struct event *e)
{
	if (p->captured < ip_size(p) + USUAL_TCP_SIZE)
		return false;
	const uint8_t *tcp = p->ip + ip_size(p);
	unsigned words = tcp[12] >> 4u, headers = ip_size(p) + words * 4;
	if (words < USUAL_TCP_SIZE / 4 || !has_whole(p, headers))
		return false;
	event_clear_rare(e);
	e->time = (struct wall_time){0};
	write_ip(p,
		EVENT_HAS_PORTS | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW |
			EVENT_HAS_TCP_OPTIONS,
		e);
	write_tcp(tcp, e);
	e->payload_length = (uint16_t)(p->total - headers);
	e->tcp_option_layout = 0;
	tcp_options_read(tcp, words, e);
	return true;
}

/* The payload is what UDP's own length says, where it says something sane. */
static inline bool read_udp(const struct usual_packet *p, struct event *e)
{
	if (!has_whole(p, ip_size(p) + USUAL_UDP_SIZE))
		return false;
	event_clear(e);
	write_ip(p, EVENT_HAS_PORTS, e);
	struct byte_cursor h = byte_cursor_over(p->ip + ip_size(p), USUAL_UDP_SIZE);
	e->src_port = byte_cursor_u16(&h);
	e->dst_port = byte_cursor_u16(&h);
	unsigned length = byte_cursor_u16(&h), declared = p->total - ip_size(p);
	bool is_sane = length >= USUAL_UDP_SIZE && length <= declared;
	e->payload_length = (uint16_t)((is_sane ? length : declared) - USUAL_UDP_SIZE);
	e->probe = EVENT_PROBE_UDP;
	return true;
}

static inline bool is_echo(bool is_v6, uint8_t type)
{
	return is_v6 ? type == USUAL_ECHO_V6 || type == USUAL_ECHO_REPLY_V6
		     : type == USUAL_ECHO || type == USUAL_ECHO_REPLY;
}

/* Echo and its reply: the messages that quote nothing and that everybody sends. */
static inline bool read_echo(const struct usual_packet *p, struct event *e)
{
	if (!has_whole(p, ip_size(p) + USUAL_ICMP_SIZE))
		return false;
	struct byte_cursor h = byte_cursor_over(p->ip + ip_size(p), USUAL_ICMP_SIZE);
	uint8_t type = byte_cursor_u8(&h);
	if (!is_echo(p->is_v6, type))
		return false;
	event_clear(e);
	write_ip(p, EVENT_HAS_ICMP, e);
	e->icmp_type = type;
	e->icmp_code = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 2);
	e->icmp_id = byte_cursor_u16(&h);
	e->icmp_seq = byte_cursor_u16(&h);
	e->payload_length = (uint16_t)(p->total - ip_size(p) - USUAL_ICMP_SIZE);
	e->probe = EVENT_PROBE_ICMP;
	return true;
}

/* True if the packet was of the usual shape and `out` is written. */
static inline bool read_v4(struct byte_cursor c, struct event *out)
{
	struct usual_packet p;
	if (!look_at_v4(&c, &p))
		return false;
	switch (p.ip[9]) {
	case IP_PROTO_TCP:
		return read_tcp(&p, out);
	case IP_PROTO_UDP:
		return read_udp(&p, out);
	case IP_PROTO_ICMP:
		return read_echo(&p, out);
	default:
		return false;
	}
}

static inline bool read_transport_v6(const struct usual_packet *p, struct event *out)
{
	switch (p->ip[6]) {
	case IP_PROTO_TCP:
		return read_tcp(p, out);
	case IP_PROTO_UDP:
		return read_udp(p, out);
	case IP_PROTO_ICMPV6:
		return read_echo(p, out);
	default:
		return false;
	}
}

static inline bool read_v6(struct byte_cursor c, struct event *out)
{
	struct usual_packet p;
	return look_at_v6(&c, &p) && read_transport_v6(&p, out);
}

/* Apart, for both versions in one function would need more registers than there are. */
__attribute__((noinline)) static enum packet_result decode_v6(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, captured);
	(void)strip_link(linktype, &c);
	return read_v6(c, out) ? PACKET_OK : packet_layers_decode(linktype, bytes, captured, out);
}

bool packet_linktype_is_known(int linktype)
{
	return link_decode_knows(linktype);
}

enum packet_result packet_decode(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, captured);
	uint16_t network = strip_link(linktype, &c);
	if (network == USUAL_ETHERTYPE_IPV4 && read_v4(c, out))
		return PACKET_OK;
	if (network == USUAL_ETHERTYPE_IPV6)
		return decode_v6(linktype, bytes, captured, out);
	return packet_layers_decode(linktype, bytes, captured, out);
}
