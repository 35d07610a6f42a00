/* SPDX-License-Identifier: ISC */
/*
 * ip_proto - IP protocol numbers (IANA "Protocol Numbers") and their names.
 */
#ifndef KW_NET_IP_PROTO_H
#define KW_NET_IP_PROTO_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum ip_proto {
	IP_PROTO_HOPOPTS = 0,
	IP_PROTO_ICMP = 1,
	IP_PROTO_IGMP = 2,
	IP_PROTO_IPIP = 4,
	IP_PROTO_TCP = 6,
	IP_PROTO_UDP = 17,
	IP_PROTO_DCCP = 33,
	IP_PROTO_IPV6 = 41,
	IP_PROTO_ROUTING = 43,
	IP_PROTO_FRAGMENT = 44,
	IP_PROTO_GRE = 47,
	IP_PROTO_ESP = 50,
	IP_PROTO_AH = 51,
	IP_PROTO_ICMPV6 = 58,
	IP_PROTO_NONE = 59,
	IP_PROTO_DSTOPTS = 60,
	IP_PROTO_VRRP = 112,
	IP_PROTO_SCTP = 132,
	IP_PROTO_MOBILITY = 135,
	IP_PROTO_UDPLITE = 136,
	IP_PROTO_HIP = 139,
	IP_PROTO_SHIM6 = 140,
};

struct ip_proto_text {
	char text[12];
};

/* "TCP", "ICMPv6", ...; the number where EVENTS.md names none. */
struct ip_proto_text ip_proto_to_text(uint8_t proto);

/* The reverse, any case, and decimal numbers 0-255. False leaves `out` untouched. */
bool ip_proto_parse(const char *text, size_t length, uint8_t *out);

/* True for the protocols whose header begins with a source and a destination port. */
static inline bool ip_proto_has_ports(uint8_t proto)
{
	return proto == IP_PROTO_TCP || proto == IP_PROTO_UDP || proto == IP_PROTO_SCTP ||
	       proto == IP_PROTO_DCCP || proto == IP_PROTO_UDPLITE;
}

#endif
