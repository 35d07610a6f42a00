/* SPDX-License-Identifier: ISC */
/*
 * Nearly every packet has one shape: Ethernet to one host and without tags, or bare IP; IPv4 without
 * options and not a fragment; TCP, UDP or an echo, the headers captured to their end and inside the
 * length that IP tells. For these a few looks say that all bytes are there, and the event is written from
 * top to bottom. Whatever is not of that shape, and every doubt, is left to packet_layers.
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

/* LINKTYPE_ numbers, sizes in bytes, and the bits of IPv4's fragment field. */
enum usual {
	USUAL_ETHERNET = 1,
	USUAL_RAW_IP = 101,
	USUAL_ETHERTYPE = 0x0800,
	USUAL_ETHERNET_SIZE = 14,
	USUAL_IPV4_START = 0x45, /* version 4, 5 words */
	USUAL_IPV4_SIZE = 20,
	USUAL_DONT_FRAGMENT = 0x4000,
	USUAL_FRAGMENT = 0x3fff, /* more of them, or an offset */
	USUAL_TCP_SIZE = 20,
	USUAL_UDP_SIZE = 8,
	USUAL_ICMP_SIZE = 8,
	USUAL_ECHO_REPLY = 0, /* RFC 792 */
	USUAL_ECHO = 8,
};

/* A packet whose link header has been taken off, and whose IP header looks usual. */
struct usual_packet {
	const uint8_t *ip;
	size_t captured; /* bytes, from `ip` on */
	unsigned total;  /* as the header says */
	uint8_t marks;   /* as far as the IP header tells them */
};

static inline uint16_t number_at(const uint8_t *bytes)
{
	struct byte_cursor c = byte_cursor_over(bytes, 2);
	return byte_cursor_u16(&c);
}

/* What goes to a group gets a mark, and is seldom. */
static inline bool strip_link(int linktype, struct byte_cursor *c)
{
	if (linktype != USUAL_ETHERNET)
		return linktype == USUAL_RAW_IP;
	if (byte_cursor_left(c) < USUAL_ETHERNET_SIZE)
		return false;
	const uint8_t *header = byte_cursor_take(c, USUAL_ETHERNET_SIZE);
	return number_at(header + 12) == USUAL_ETHERTYPE && (header[0] & 1) == 0;
}

static inline bool look_at_ip(struct byte_cursor *c, struct usual_packet *p)
{
	p->captured = byte_cursor_left(c);
	if (p->captured < USUAL_IPV4_SIZE)
		return false;
	p->ip = byte_cursor_take(c, USUAL_IPV4_SIZE);
	uint16_t fragment = number_at(p->ip + 6);
	p->total = number_at(p->ip + 2);
	p->marks = (uint8_t)(fragment & USUAL_DONT_FRAGMENT ? EVENT_MARK_DF : 0);
	return p->ip[0] == USUAL_IPV4_START && (fragment & USUAL_FRAGMENT) == 0;
}

/* True if the first `size` bytes, both headers, were sent and are at hand. */
static inline bool has_whole(const struct usual_packet *p, unsigned size)
{
	return p->captured >= size && p->total >= size;
}

static inline void write_ip(const struct usual_packet *p, uint16_t has, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(p->ip, USUAL_IPV4_SIZE);
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
	e->marks = p->marks;
	e->has = has | EVENT_HAS_LENGTH | EVENT_HAS_IP_ID | EVENT_HAS_TTL;
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
	if (p->captured < USUAL_IPV4_SIZE + USUAL_TCP_SIZE)
		return false;
	const uint8_t *tcp = p->ip + USUAL_IPV4_SIZE;
	unsigned words = tcp[12] >> 4u, headers = USUAL_IPV4_SIZE + words * 4;
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
	if (!has_whole(p, USUAL_IPV4_SIZE + USUAL_UDP_SIZE))
		return false;
	event_clear(e);
	write_ip(p, EVENT_HAS_PORTS, e);
	struct byte_cursor h = byte_cursor_over(p->ip + USUAL_IPV4_SIZE, USUAL_UDP_SIZE);
	size_t declared = p->total - USUAL_IPV4_SIZE;
	e->src_port = byte_cursor_u16(&h);
	e->dst_port = byte_cursor_u16(&h);
	size_t length = byte_cursor_u16(&h);
	bool is_sane = length >= USUAL_UDP_SIZE && length <= declared;
	e->payload_length = (uint16_t)((is_sane ? length : declared) - USUAL_UDP_SIZE);
	e->probe = EVENT_PROBE_UDP;
	return true;
}

/* Echo and its reply: the messages that quote nothing and that everybody sends. */
static inline bool read_echo(const struct usual_packet *p, struct event *e)
{
	if (!has_whole(p, USUAL_IPV4_SIZE + USUAL_ICMP_SIZE))
		return false;
	struct byte_cursor h = byte_cursor_over(p->ip + USUAL_IPV4_SIZE, USUAL_ICMP_SIZE);
	uint8_t type = byte_cursor_u8(&h);
	if (type != USUAL_ECHO && type != USUAL_ECHO_REPLY)
		return false;
	event_clear(e);
	write_ip(p, EVENT_HAS_ICMP, e);
	e->icmp_type = type;
	e->icmp_code = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 2);
	e->icmp_id = byte_cursor_u16(&h);
	e->icmp_seq = byte_cursor_u16(&h);
	e->payload_length = (uint16_t)(p->total - USUAL_IPV4_SIZE - USUAL_ICMP_SIZE);
	e->probe = EVENT_PROBE_ICMP;
	return true;
}

/* True if the packet was of the usual shape and `out` is written. */
static inline bool read_transport(const struct usual_packet *p, struct event *out)
{
	switch (p->ip[9]) {
	case IP_PROTO_TCP:
		return read_tcp(p, out);
	case IP_PROTO_UDP:
		return read_udp(p, out);
	case IP_PROTO_ICMP:
		return read_echo(p, out);
	default:
		return false;
	}
}

bool packet_linktype_is_known(int linktype)
{
	return link_decode_knows(linktype);
}

enum packet_result packet_decode(
	int linktype, const uint8_t *bytes, size_t captured, struct event *out)
{
	struct byte_cursor c = byte_cursor_over(bytes, captured);
	struct usual_packet p = {0};
	if (strip_link(linktype, &c) && look_at_ip(&c, &p) && read_transport(&p, out))
		return PACKET_OK;
	return packet_layers_decode(linktype, bytes, captured, out);
}
