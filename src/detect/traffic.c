/* SPDX-License-Identifier: ISC */
#include "detect/traffic.h"

#include "net/ip_proto.h"

/* Services above 1024 whose answers are often seen unasked: proxies, messengers, games, VPNs, media. As
 * cases and not as lists, because the compiler makes a few comparisons of them. */
static bool is_high_tcp_service(uint16_t port)
{
	switch (port) {
	case 1080:
	case 1194:
	case 1433:
	case 1521:
	case 1723:
	case 1863:
	case 1935:
	case 2082:
	case 2083:
	case 2087:
	case 2222:
	case 3128:
	case 3306:
	case 3389:
	case 4443:
	case 5050:
	case 5060:
	case 5190:
	case 5222:
	case 5223:
	case 5228:
	case 5269:
	case 5432:
	case 6667:
	case 6697:
	case 6881:
	case 6969:
	case 7777:
	case 8000:
	case 8008:
	case 8080:
	case 8081:
	case 8088:
	case 8443:
	case 8880:
	case 8888:
	case 9000:
	case 9001:
	case 9090:
	case 9418:
	case 9443:
	case 25565:
	case 27015:
		return true;
	default:
		return false;
	}
}

static bool is_high_udp_service(uint16_t port)
{
	switch (port) {
	case 1194:
	case 1434:
	case 1645:
	case 1812:
	case 1813:
	case 1900:
	case 2049:
	case 3074:
	case 3283:
	case 3478:
	case 3479:
	case 3480:
	case 3481:
	case 3702:
	case 4500:
	case 5004:
	case 5060:
	case 5349:
	case 5351:
	case 5353:
	case 5355:
	case 6881:
	case 8801:
	case 9987:
	case 10001:
	case 11211:
	case 17185:
	case 19302:
	case 25565:
	case 27015:
	case 27017:
	case 37810:
	case 41641:
	case 51820:
		return true;
	default:
		return false;
	}
}

bool traffic_is_service_port(uint8_t proto, uint16_t port)
{
	if (port < 1024)
		return port != 0;
	return proto == IP_PROTO_UDP ? is_high_udp_service(port) : is_high_tcp_service(port);
}

/* UDP services that hide among the ephemeral ports: a packet to them is a question all the same. */
static bool is_udp_door(uint16_t port)
{
	return port < 1024 || is_high_udp_service(port);
}

/* Neighbour discovery, router discovery and multicast listener messages (RFC 4861, 2710, 3810). */
static bool is_link_housekeeping(const struct event *e)
{
	switch (e->proto) {
	case IP_PROTO_ICMPV6:
		return (e->icmp_type >= 130 && e->icmp_type <= 137) || e->icmp_type == 143;
	case IP_PROTO_IGMP:
	case IP_PROTO_VRRP:
		return true;
	default:
		return false;
	}
}

static bool is_address_lease(const struct event *e)
{
	if (!(e->has & EVENT_HAS_PORTS))
		return false;
	bool dhcp = (e->src_port == 67 || e->src_port == 68) &&
		    (e->dst_port == 67 || e->dst_port == 68);
	return dhcp || (e->src_port == 546 && e->dst_port == 547) ||
	       (e->src_port == 547 && e->dst_port == 546);
}

/* Shouts of Windows and its friends to the last address of a network; the mask is not known. */
static bool is_directed_broadcast(const struct event *e)
{
	if (!addr_is_v4(&e->dst) || e->dst.bytes[15] != 255)
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

static bool is_local(const struct event *e)
{
	if ((e->marks & EVENT_MARK_LINK_GROUP) || addr_is_multicast(&e->dst) ||
		addr_is_limited_broadcast(&e->dst))
		return true;
	if (e->proto == IP_PROTO_TCP) /* most of what comes */
		return false;
	if (e->proto == IP_PROTO_UDP)
		return is_directed_broadcast(e) || is_address_lease(e);
	return is_link_housekeeping(e);
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

static enum traffic classify(
	const struct event *e, const struct prefix_set *home, bool from, bool to)
{
	/* What the link or the firewall says goes before addresses. Inside our own network counts as to us. */
	if (e->has & EVENT_HAS_ACCESS)
		return TRAFFIC_ACCESS;
	bool known = e->marks & (EVENT_MARK_OUTGOING | EVENT_MARK_INCOMING);
	if ((e->marks & EVENT_MARK_OUTGOING) || (!known && from && !to))
		return TRAFFIC_OUTGOING;
	if (is_local(e) || (from && to && is_home_broadcast(e, home)))
		return TRAFFIC_LOCAL;
	if (!known && !to)
		return TRAFFIC_REST;
	/* A later fragment tells neither ports nor flags; its first one was or will be seen. */
	if ((e->marks & EVENT_MARK_FRAGMENT) && !(e->has & (EVENT_HAS_PORTS | EVENT_HAS_ICMP)))
		return TRAFFIC_REST;
	return classify_by_probe(e);
}

/* Surely no multicast and no broadcast; of some unicast, too, it is not sure. */
static bool is_surely_one_host(const struct addr *a)
{
	return addr_is_v4(a) && a->bytes[12] < 224;
}

/* A SYN from outside to one address of ours, and whole: most of what comes. */
static bool is_usual(const struct event *e, bool from, bool to)
{
	const unsigned unusual = EVENT_MARK_OUTGOING | EVENT_MARK_LINK_GROUP | EVENT_MARK_FRAGMENT;
	return to && !from && !(e->has & EVENT_HAS_ACCESS) && e->probe == EVENT_PROBE_SYN && e->proto == IP_PROTO_TCP &&
	       !(e->marks & unusual) && is_surely_one_host(&e->dst);
}

enum traffic traffic_classify_from(
	const struct event *e, const struct prefix_set *home, bool *from_home)
{
	bool from = prefix_set_holds(home, &e->src), to = prefix_set_holds(home, &e->dst);
	*from_home = from;
	return is_usual(e, from, to) ? TRAFFIC_PROBE : classify(e, home, from, to);
}

enum traffic traffic_classify(const struct event *e, const struct prefix_set *home)
{
	bool from_home;
	return traffic_classify_from(e, home, &from_home);
}
