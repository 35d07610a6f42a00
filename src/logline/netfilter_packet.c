/* SPDX-License-Identifier: ISC */
#include "logline/netfilter_packet.h"

#include "logline/field_scan.h"
#include "net/ip_proto.h"

#define IPV4_HEADER_BYTES 20
#define IPV6_HEADER_BYTES 40
#define UDP_HEADER_BYTES 8
#define ICMP_HEADER_BYTES 8

bool netfilter_packet_is_icmp(const struct event *e)
{
	return e->proto == IP_PROTO_ICMP || e->proto == IP_PROTO_ICMPV6;
}

/* Ethernet only: 14 bytes in 41 characters with the type of IP at the end. Tunnels put other bytes
 * here, whose first one would lie about groups. */
void netfilter_packet_note_mac(struct netfilter_packet *p, struct text_slice mac)
{
	const size_t ethernet = 41;
	if (mac.length != ethernet || (memcmp(mac.start + 36, "08:00", 5) != 0 &&
					      memcmp(mac.start + 36, "86:dd", 5) != 0))
		return;
	if (field_scan_hex_digit(mac.start[1]) & 1)
		p->event->marks |= EVENT_MARK_LINK_GROUP;
}

static const char *find_missing_ports(const struct netfilter_packet *p)
{
	if (!(p->seen & NETFILTER_SEEN_SPT))
		return "SPT= is missing";
	return p->seen & NETFILTER_SEEN_DPT ? NULL : "DPT= is missing";
}

static const char *find_missing_type(const struct netfilter_packet *p)
{
	if (!(p->seen & NETFILTER_SEEN_TYPE))
		return "TYPE= is missing or holds no number";
	return p->seen & NETFILTER_SEEN_CODE ? NULL : "CODE= is missing or holds no number";
}

const char *netfilter_packet_find_fault(const struct netfilter_packet *p)
{
	const struct event *e = p->event;
	if (p->fault != NULL)
		return p->fault;
	if (!(p->seen & NETFILTER_SEEN_SRC))
		return "SRC= is missing";
	if (!(p->seen & NETFILTER_SEEN_DST))
		return "DST= is missing";
	if (addr_is_v4(&e->src) != addr_is_v4(&e->dst))
		return "SRC= and DST= are of two families";
	if (!(p->seen & NETFILTER_SEEN_PROTO))
		return "PROTO= is missing";
	if (p->seen & (NETFILTER_SEEN_LATER_FRAGMENT | NETFILTER_SEEN_INCOMPLETE))
		return NULL;
	/* the other family's ICMP is printed as a mere number, without type and code */
	if (e->proto == (addr_is_v4(&e->src) ? IP_PROTO_ICMP : IP_PROTO_ICMPV6))
		return find_missing_type(p);
	if (e->proto == IP_PROTO_TCP || e->proto == IP_PROTO_UDP || e->proto == IP_PROTO_UDPLITE)
		return find_missing_ports(p);
	return NULL;
}

static void settle_tcp(struct netfilter_packet *p)
{
	struct event *e = p->event;
	const unsigned numbers = NETFILTER_SEEN_SEQ | NETFILTER_SEEN_ACK;
	if (p->seen & NETFILTER_SEEN_URGP) {
		e->has |= EVENT_HAS_TCP_FLAGS;
	} else {
		e->tcp_flags = 0;
		if (!(p->seen & NETFILTER_SEEN_LATER_FRAGMENT))
			e->marks |= EVENT_MARK_CUT;
	}
	if ((p->seen & numbers) == numbers)
		e->has |= EVENT_HAS_TCP_SEQ;
	else
		e->seq = e->ack = 0;
}

static void settle_udp(struct netfilter_packet *p)
{
	struct event *e = p->event;
	if (p->seen & NETFILTER_SEEN_UDP_LENGTH && p->udp_length >= UDP_HEADER_BYTES)
		e->payload_length = (uint16_t)(p->udp_length - UDP_HEADER_BYTES);
	if (!(p->seen & (NETFILTER_SEEN_UDP_LENGTH | NETFILTER_SEEN_LATER_FRAGMENT)))
		e->marks |= EVENT_MARK_CUT;
}

static void settle_icmp(struct netfilter_packet *p)
{
	struct event *e = p->event;
	const unsigned both = NETFILTER_SEEN_TYPE | NETFILTER_SEEN_CODE;
	int headers = ICMP_HEADER_BYTES;
	headers += addr_is_v4(&e->src) ? IPV4_HEADER_BYTES + p->ip_option_bytes : IPV6_HEADER_BYTES;
	if ((p->seen & both) != both)
		return;
	e->has |= EVENT_HAS_ICMP;
	if (p->seen & NETFILTER_SEEN_LENGTH && e->length > headers)
		e->payload_length = (uint16_t)(e->length - headers);
}

/* Fields that do not belong to the protocol were lies or another's; they must not remain. */
static void clear_foreign_fields(struct event *e)
{
	if (e->proto != IP_PROTO_TCP) {
		e->tcp_flags = 0;
		e->seq = e->ack = 0;
		e->window = 0;
		e->has &= (uint16_t)~EVENT_HAS_TCP_WINDOW;
	}
	if (!(e->has & EVENT_HAS_ICMP)) {
		e->icmp_type = e->icmp_code = 0;
		e->icmp_id = e->icmp_seq = 0;
	}
	if (!(e->has & EVENT_HAS_PORTS))
		e->src_port = e->dst_port = 0;
}

static void settle_direction(struct netfilter_packet *p)
{
	bool in = p->in.length != 0, out = p->out.length != 0;
	/* What stays inside the host neither comes nor goes. */
	bool inside = text_slice_equals(p->in, "lo");
	if (in && !out && !inside)
		p->event->marks |= EVENT_MARK_INCOMING;
	if (out && !in)
		p->event->marks |= EVENT_MARK_OUTGOING;
}

void netfilter_packet_settle(struct netfilter_packet *p)
{
	struct event *e = p->event;
	const unsigned ports = NETFILTER_SEEN_SPT | NETFILTER_SEEN_DPT,
		       tiny = NETFILTER_SEEN_MORE_FRAGMENTS | NETFILTER_SEEN_INCOMPLETE;
	if ((p->seen & ports) == ports && ip_proto_has_ports(e->proto))
		e->has |= EVENT_HAS_PORTS;
	if (p->seen & NETFILTER_SEEN_TTL)
		e->has |= EVENT_HAS_TTL;
	if ((p->seen & tiny) == tiny)
		e->marks |= EVENT_MARK_TINY_FRAGMENT;
	if (e->proto == IP_PROTO_TCP)
		settle_tcp(p);
	else if (e->proto == IP_PROTO_UDP || e->proto == IP_PROTO_UDPLITE)
		settle_udp(p);
	else if (netfilter_packet_is_icmp(e))
		settle_icmp(p);
	clear_foreign_fields(e);
	settle_direction(p);
	e->marks |= EVENT_MARK_FIREWALL;
}
