/* SPDX-License-Identifier: ISC */
/*
 * Nearly every packet has one shape: Ethernet without tags or bare IP; IPv4 without options and not
 * a fragment; TCP, UDP or an echo, the headers captured to their end and inside the length that IP
 * tells. For these a few looks say that all bytes are there, and the event is written from top to bottom.
 * Whatever is not of that shape, and every doubt, is left to packet_layers.
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

/* A packet whose IP header has been looked at. */
struct usual_packet {
	const uint8_t *ip;
	size_t total; /* as the header says, in bytes */
	size_t reach; /* of these: captured */
	uint8_t marks;
};

static inline uint16_t number_at(const uint8_t *bytes)
{
	struct byte_cursor c = byte_cursor_over(bytes, 2);
	return byte_cursor_u16(&c);
}

static inline bool strip_link(int linktype, struct byte_cursor *c, uint8_t *marks)
{
	if (linktype == USUAL_RAW_IP)
		return true;
	if (linktype != USUAL_ETHERNET)
		return false;
	const uint8_t *header = byte_cursor_take(c, USUAL_ETHERNET_SIZE);
	if (!header || number_at(header + 12) != USUAL_ETHERTYPE)
		return false;
	*marks = header[0] & 1 ? EVENT_MARK_LINK_GROUP : 0;
	return true;
}

static inline bool look_at_ip(struct byte_cursor *c, struct usual_packet *p)
{
	size_t left = byte_cursor_left(c);
	p->ip = byte_cursor_take(c, USUAL_IPV4_SIZE);
	if (!p->ip || p->ip[0] != USUAL_IPV4_START)
		return false;
	uint16_t fragment = number_at(p->ip + 6);
	if (fragment & USUAL_FRAGMENT)
		return false;
	if (fragment & USUAL_DONT_FRAGMENT)
		p->marks |= EVENT_MARK_DF;
	p->total = number_at(p->ip + 2);
	p->reach = p->total < left ? p->total : left;
	return true;
}

static inline void write_ip(const struct usual_packet *p, uint16_t has, struct event *e)
{
	struct byte_cursor h = byte_cursor_over(p->ip, USUAL_IPV4_SIZE);
	event_clear(e);
	e->origin = EVENT_ORIGIN_PACKET;
	e->has = has | EVENT_HAS_LENGTH | EVENT_HAS_IP_ID | EVENT_HAS_TTL;
	e->marks = p->marks;
	e->tcp_wscale = 0xff;
	byte_cursor_skip(&h, 2);
	e->length = byte_cursor_u16(&h);
	e->ip_id = byte_cursor_u16(&h);
	byte_cursor_skip(&h, 2);
	e->ttl = byte_cursor_u8(&h);
	e->proto = byte_cursor_u8(&h);
	byte_cursor_skip(&h, 2);
	e->src = addr_from_v4_bytes(byte_cursor_take(&h, 4));
	e->dst = addr_from_v4_bytes(byte_cursor_take(&h, 4));
}

static inline bool read_tcp(const struct usual_packet *p, struct event *e)
{
	if (p->reach < USUAL_IPV4_SIZE + USUAL_TCP_SIZE)
		return false;
	const uint8_t *tcp = p->ip + USUAL_IPV4_SIZE;
	size_t size = (tcp[12] >> 4) * (size_t)4;
	if (size < USUAL_TCP_SIZE || p->reach < USUAL_IPV4_SIZE + size)
		return false;
	write_ip(p,
		EVENT_HAS_PORTS | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_WINDOW |
			EVENT_HAS_TCP_OPTIONS,
		e);
	struct byte_cursor h = byte_cursor_over(tcp, USUAL_TCP_SIZE);
	e->src_port = byte_cursor_u16(&h);
	e->dst_port = byte_cursor_u16(&h);
	e->seq = byte_cursor_u32(&h);
	e->ack = byte_cursor_u32(&h);
	byte_cursor_skip(&h, 1);
	e->tcp_flags = byte_cursor_u8(&h);
	e->window = byte_cursor_u16(&h);
	e->payload_length = (uint16_t)(p->total - USUAL_IPV4_SIZE - size);
	tcp_options_read(tcp, size, e);
	e->probe = event_probe_of_tcp(e->tcp_flags);
	return true;
}

/* The payload is what UDP's own length says, where it says something sane. */
static inline bool read_udp(const struct usual_packet *p, struct event *e)
{
	if (p->reach < USUAL_IPV4_SIZE + USUAL_UDP_SIZE)
		return false;
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
	if (p->reach < USUAL_IPV4_SIZE + USUAL_ICMP_SIZE)
		return false;
	struct byte_cursor h = byte_cursor_over(p->ip + USUAL_IPV4_SIZE, USUAL_ICMP_SIZE);
	uint8_t type = byte_cursor_u8(&h);
	if (type != USUAL_ECHO && type != USUAL_ECHO_REPLY)
		return false;
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
	if (strip_link(linktype, &c, &p.marks) && look_at_ip(&c, &p) && read_transport(&p, out))
		return PACKET_OK;
	return packet_layers_decode(linktype, bytes, captured, out);
}
