/* SPDX-License-Identifier: ISC */
#include "detect/traffic.h"

#include "net/ip_proto.h"

/* Services above 1024 whose answers are often seen unasked: proxies, messengers, games, VPNs, media. */
static const uint16_t high_tcp_services[] = {1080, 1194, 1433, 1521, 1723, 1863, 1935, 2082, 2083,
	2087, 2222, 3128, 3306, 3389, 4443, 5050, 5060, 5190, 5222, 5223, 5228, 5269, 5432, 6667,
	6697, 6881, 6969, 7777, 8000, 8008, 8080, 8081, 8088, 8443, 8880, 8888, 9000, 9001, 9090,
	9418, 9443, 25565, 27015};
static const uint16_t high_udp_services[] = {1194, 1434, 1645, 1812, 1813, 1900, 2049, 3074, 3283,
	3478, 3479, 3480, 3481, 3702, 4500, 5004, 5060, 5349, 5351, 5353, 5355, 6881, 8801, 9987,
	10001, 11211, 17185, 19302, 25565, 27015, 27017, 37810, 41641, 51820};

static bool is_listed(const uint16_t *list, size_t count, uint16_t port)
{
	for (size_t i = 0; i < count; i++) {
		if (list[i] == port)
			return true;
	}
	return false;
}

bool traffic_is_service_port(uint8_t proto, uint16_t port)
{
	if (port < 1024)
		return port != 0;
	if (proto == IP_PROTO_UDP)
		return is_listed(
			high_udp_services, sizeof high_udp_services / sizeof(uint16_t), port);
	return is_listed(high_tcp_services, sizeof high_tcp_services / sizeof(uint16_t), port);
}

/* UDP services that hide among the ephemeral ports: a packet to them is a question all the same. */
static bool is_udp_door(uint16_t port)
{
	return port < 1024 ||
	       is_listed(high_udp_services, sizeof high_udp_services / sizeof(uint16_t), port);
}

/* Neighbour discovery, router discovery and multicast listener messages (RFC 4861, 2710, 3810). */
static bool is_link_housekeeping(const struct event *e)
{
	if (e->proto == IP_PROTO_ICMPV6)
		return (e->icmp_type >= 130 && e->icmp_type <= 137) || e->icmp_type == 143;
	if (e->proto == IP_PROTO_IGMP || e->proto == IP_PROTO_VRRP)
		return true;
	if (e->proto != IP_PROTO_UDP || !(e->has & EVENT_HAS_PORTS))
		return false;
	bool dhcp = (e->src_port == 67 || e->src_port == 68) &&
		    (e->dst_port == 67 || e->dst_port == 68);
	return dhcp || (e->src_port == 546 && e->dst_port == 547) ||
	       (e->src_port == 547 && e->dst_port == 546);
}

/* Shouts of Windows and its friends to the last address of a network; the mask is not known. */
static bool is_directed_broadcast(const struct event *e)
{
	if (!addr_is_v4(&e->dst) || e->dst.bytes[15] != 255 || e->proto != IP_PROTO_UDP)
		return false;
	return e->dst_port == e->src_port || e->dst_port == 137 || e->dst_port == 138;
}

/* A neighbour's shout to all of a network of ours; from outside it would be a knock on every door. */
static bool is_home_broadcast(const struct event *e, const struct prefix_set *home)
{
	if (!addr_is_v4(&e->dst))
		return false;
	for (unsigned i = 0; i < home->count; i++) {
		const struct prefix *p = &home->items[i];
		unsigned host_bits = 128U - p->length_bits;
		if (host_bits < 2 || host_bits > 32 || !prefix_holds(p, &e->dst) ||
			!prefix_holds(p, &e->src))
			continue;
		uint32_t ones = UINT32_MAX >> (32 - host_bits);
		if ((addr_v4(&e->dst) & ones) == ones)
			return true;
	}
	return false;
}

static bool is_local(const struct event *e, const struct prefix_set *home)
{
	return is_home_broadcast(e, home) || (e->marks & EVENT_MARK_LINK_GROUP) ||
	       addr_is_multicast(&e->dst) || addr_is_limited_broadcast(&e->dst) ||
	       is_directed_broadcast(e) || is_link_housekeeping(e);
}

/* Which way it went: +1 to us, -1 from us, 0 neither. Inside our own network counts as to us. */
static int direction_of(const struct event *e, const struct prefix_set *home)
{
	if (e->marks & EVENT_MARK_OUTGOING)
		return -1;
	if (e->marks & EVENT_MARK_INCOMING)
		return 1;
	if (prefix_set_holds(home, &e->dst))
		return 1;
	return prefix_set_holds(home, &e->src) ? -1 : 0;
}

static enum traffic classify_udp(const struct event *e)
{
	/* UNIX traceroute: ports from 33434 up, the hop count nearly used up when it arrives. */
	if (e->dst_port >= 33434 && e->dst_port <= 33600 && (e->has & EVENT_HAS_TTL) &&
		e->ttl <= 20)
		return TRAFFIC_TRACE;
	/* An answer carries something; an empty datagram from port 53 is a scanner's disguise. */
	bool has_body = !(e->has & EVENT_HAS_LENGTH) || e->payload_length >= 8;
	if (traffic_is_service_port(IP_PROTO_UDP, e->src_port) && !is_udp_door(e->dst_port) &&
		has_body)
		return TRAFFIC_REPLY;
	return TRAFFIC_PROBE;
}

static enum traffic classify_sctp(const struct event *e)
{
	if (!(e->has & EVENT_HAS_SCTP_CHUNK) || e->sctp_chunk == 1)
		return TRAFFIC_PROBE;
	return e->sctp_chunk == 10 ? TRAFFIC_PROBE
				   : TRAFFIC_REPLY; /* COOKIE ECHO unasked: nmap -sZ */
}

static enum traffic classify_by_probe(const struct event *e)
{
	switch ((enum event_probe)e->probe) {
	case EVENT_PROBE_SYN_ACK:
	case EVENT_PROBE_RST:
		return TRAFFIC_REPLY;
	case EVENT_PROBE_ACK:
	case EVENT_PROBE_MAIMON:
		return TRAFFIC_STREAM;
	case EVENT_PROBE_UDP:
		return e->has & EVENT_HAS_PORTS ? classify_udp(e) : TRAFFIC_REST;
	case EVENT_PROBE_ICMP:
		return event_icmp_is_error(e->proto, e->icmp_type) ||
				       event_icmp_is_reply(e->proto, e->icmp_type)
			       ? TRAFFIC_REPLY
			       : TRAFFIC_PROBE;
	case EVENT_PROBE_SCTP_INIT:
	case EVENT_PROBE_SYN:
	case EVENT_PROBE_FIN:
	case EVENT_PROBE_NULL:
	case EVENT_PROBE_XMAS:
	case EVENT_PROBE_SYN_FIN:
	case EVENT_PROBE_ALL_FLAGS:
	case EVENT_PROBE_IP_PROTOCOL:
		return TRAFFIC_PROBE;
	case EVENT_PROBE_INVALID:
		return e->proto == IP_PROTO_SCTP ? classify_sctp(e) : TRAFFIC_PROBE;
	case EVENT_PROBES:
		break;
	}
	return TRAFFIC_REST;
}

enum traffic traffic_classify(const struct event *e, const struct prefix_set *home)
{
	int direction = direction_of(e, home);
	if (direction < 0)
		return TRAFFIC_OUTGOING;
	if (is_local(e, home))
		return TRAFFIC_LOCAL;
	if (direction == 0)
		return TRAFFIC_REST;
	/* A later fragment tells neither ports nor flags; its first one was or will be seen. */
	if ((e->marks & EVENT_MARK_FRAGMENT) && !(e->has & (EVENT_HAS_PORTS | EVENT_HAS_ICMP)))
		return TRAFFIC_REST;
	return classify_by_probe(e);
}
