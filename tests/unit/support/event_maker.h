/* SPDX-License-Identifier: ISC */
/*
 * event_maker - events for tests, made in one line and refined by value:
 *
 *     event_maker_ttl(event_maker_at(event_maker_syn("198.51.100.7", 40000, "192.0.2.5", 22), t),
 * 9)
 *
 * A made event is what a decoder would say of an ordinary packet of its kind: all facts known, a
 * 1460-byte MSS in SYNs, sequence numbers and IP ids that follow from the ports. `probe` is named.
 * Times are in microseconds after EVENT_MAKER_EPOCH_S.
 */
#ifndef KW_TESTS_EVENT_MAKER_H
#define KW_TESTS_EVENT_MAKER_H

#include "event/event.h"
#include "net/ip_proto.h"

#include <assert.h>
#include <string.h>

#define EVENT_MAKER_EPOCH_S INT64_C(1767571200) /* 2026-01-05T00:00:00Z, a full hour */
#define EVENT_MAKER_SECOND INT64_C(1000000)
#define EVENT_MAKER_MINUTE (60 * EVENT_MAKER_SECOND)
#define EVENT_MAKER_HOUR (60 * EVENT_MAKER_MINUTE)
#define EVENT_MAKER_DAY (24 * EVENT_MAKER_HOUR)

#define EVENT_MAKER_LAYOUT_MSS UINT64_C(0x3)
#define EVENT_MAKER_LAYOUT_LINUX UINT64_C(0x42953)
#define EVENT_MAKER_LAYOUT_WINDOWS UINT64_C(0x522423)

static inline struct addr event_maker_addr(const char *text)
{
	struct addr a;
	bool good = addr_parse(text, strlen(text), &a);
	assert(good);
	(void)good;
	return a;
}

static inline struct wall_time event_maker_time(int64_t us)
{
	return (struct wall_time){EVENT_MAKER_EPOCH_S * CLOCK_US_PER_S + us};
}

static inline struct event event_maker_between(struct addr src, struct addr dst, uint8_t proto)
{
	struct event e;
	memset(&e, 0, sizeof e);
	e.time = event_maker_time(0);
	e.src = src;
	e.dst = dst;
	e.proto = proto;
	e.ttl = 52;
	e.tcp_wscale = 0xff;
	e.length = 60;
	e.origin = EVENT_ORIGIN_PACKET;
	e.has = EVENT_HAS_TTL | EVENT_HAS_LENGTH;
	if (addr_is_v4(&src)) {
		e.has |= EVENT_HAS_IP_ID;
		e.ip_id = 0x3a51;
	}
	event_name_probe(&e);
	return e;
}

static inline struct event event_maker_packet(const char *src, const char *dst, uint8_t proto)
{
	return event_maker_between(event_maker_addr(src), event_maker_addr(dst), proto);
}

static inline struct event event_maker_ports(struct event e, uint16_t src_port, uint16_t dst_port)
{
	e.src_port = src_port;
	e.dst_port = dst_port;
	e.has |= EVENT_HAS_PORTS;
	return e;
}

/* Turns the event into a TCP packet with these flags. */
static inline struct event event_maker_flags(struct event e, uint8_t flags)
{
	e.has |= EVENT_HAS_TCP_FLAGS | EVENT_HAS_TCP_SEQ | EVENT_HAS_TCP_WINDOW |
		 EVENT_HAS_TCP_OPTIONS;
	e.tcp_flags = flags;
	e.window = 29200;
	e.seq = UINT32_C(0x51a90000) + e.src_port * UINT32_C(40503) + e.dst_port;
	e.ack = flags & EVENT_TCP_ACK ? UINT32_C(0x7700aa11) : 0;
	e.ip_id = addr_is_v4(&e.src) ? (uint16_t)(0x3a51 + e.dst_port * 7) : 0;
	e.length = 40;
	if (flags & EVENT_TCP_SYN) {
		e.tcp_option_layout = EVENT_MAKER_LAYOUT_MSS;
		e.tcp_mss = 1460;
		e.length = 44;
	}
	event_name_probe(&e);
	return e;
}

static inline struct event event_maker_tcp(
	const char *src, uint16_t src_port, const char *dst, uint16_t dst_port, uint8_t flags)
{
	struct event e = event_maker_packet(src, dst, IP_PROTO_TCP);
	return event_maker_flags(event_maker_ports(e, src_port, dst_port), flags);
}

static inline struct event event_maker_syn(
	const char *src, uint16_t src_port, const char *dst, uint16_t dst_port)
{
	return event_maker_tcp(src, src_port, dst, dst_port, EVENT_TCP_SYN);
}

/* A datagram with 40 bytes of payload. */
static inline struct event event_maker_udp(
	const char *src, uint16_t src_port, const char *dst, uint16_t dst_port)
{
	struct event e =
		event_maker_ports(event_maker_packet(src, dst, IP_PROTO_UDP), src_port, dst_port);
	e.payload_length = 40;
	e.length = 68;
	return e;
}

static inline struct event event_maker_payload(struct event e, uint16_t bytes)
{
	e.length = (uint16_t)(e.length - e.payload_length + bytes);
	e.payload_length = bytes;
	return e;
}

/* Of either family, as the addresses say. */
static inline struct event event_maker_icmp(
	const char *src, const char *dst, uint8_t type, uint8_t code)
{
	struct addr a = event_maker_addr(src);
	struct event e =
		event_maker_packet(src, dst, addr_is_v4(&a) ? IP_PROTO_ICMP : IP_PROTO_ICMPV6);
	e.has |= EVENT_HAS_ICMP;
	e.icmp_type = type;
	e.icmp_code = code;
	return e;
}

/* An ICMP error that brings back a packet of `proto` from the error's destination to `to`. */
static inline struct event event_maker_quoting(
	struct event e, uint8_t proto, uint16_t from_port, const char *to, uint16_t to_port)
{
	e.has |= EVENT_HAS_QUOTED | EVENT_HAS_QUOTED_PORTS;
	e.quoted_proto = proto;
	e.quoted_src_port = from_port;
	e.quoted_dst_port = to_port;
	e.quoted_dst = event_maker_addr(to);
	return e;
}

static inline struct event event_maker_sctp(
	const char *src, uint16_t src_port, const char *dst, uint16_t dst_port, uint8_t chunk)
{
	struct event e =
		event_maker_ports(event_maker_packet(src, dst, IP_PROTO_SCTP), src_port, dst_port);
	e.has |= EVENT_HAS_SCTP_CHUNK;
	e.sctp_chunk = chunk;
	event_name_probe(&e);
	return e;
}

static inline struct event event_maker_at(struct event e, int64_t us)
{
	e.time = event_maker_time(us);
	return e;
}

static inline struct event event_maker_ttl(struct event e, uint8_t ttl)
{
	e.ttl = ttl;
	return e;
}

static inline struct event event_maker_window(struct event e, uint16_t window)
{
	e.window = window;
	return e;
}

static inline struct event event_maker_options(struct event e, uint64_t layout, uint16_t mss)
{
	e.tcp_option_layout = layout;
	e.tcp_mss = mss;
	return e;
}

static inline struct event event_maker_seq(struct event e, uint32_t seq, uint32_t ack)
{
	e.seq = seq;
	e.ack = ack;
	return e;
}

static inline struct event event_maker_ip_id(struct event e, uint16_t ip_id)
{
	e.ip_id = ip_id;
	return e;
}

static inline struct event event_maker_marks(struct event e, uint8_t marks)
{
	e.marks |= marks;
	return e;
}

/* Another source or destination by number: for sweeps and floods. */
static inline struct event event_maker_from(struct event e, struct addr src)
{
	e.src = src;
	return e;
}

static inline struct event event_maker_to(struct event e, struct addr dst)
{
	e.dst = dst;
	return e;
}

#endif
