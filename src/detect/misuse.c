/* SPDX-License-Identifier: ISC */
#include "detect/misuse.h"

#include "net/ip_proto.h"

#include <stddef.h>

#define ICMP_REDIRECT 5
#define ICMPV6_REDIRECT 137

unsigned misuse_hops(const struct event *e)
{
	static const uint8_t begins[] = {32, 60, 64, 128, 255};
	if (!(e->has & EVENT_HAS_TTL))
		return 0;
	for (unsigned i = 0; i < sizeof begins; i++) {
		if (e->ttl <= begins[i])
			return (unsigned)(begins[i] - e->ttl);
	}
	return 0;
}

/* Private, shared and link-local blocks: a provider's router may well answer from one. */
static bool is_private(const struct addr *a)
{
	static const struct {
		uint32_t base, mask;
	} blocks[] = {{0x0a000000, 0xff000000}, {0xac100000, 0xfff00000}, {0xc0a80000, 0xffff0000},
		{0x64400000, 0xffc00000}, {0xa9fe0000, 0xffff0000}};
	for (size_t i = 0; i < sizeof blocks / sizeof blocks[0]; i++) {
		if ((addr_v4(a) & blocks[i].mask) == blocks[i].base)
			return true;
	}
	return false;
}

/* The mask of the link is not known; no usual one is wider. */
static bool may_share_link(const struct event *e)
{
	return is_private(&e->src) || (addr_v4(&e->src) ^ addr_v4(&e->dst)) >> 12 == 0;
}

static bool is_foreign_redirect(const struct event *e)
{
	if (e->proto == IP_PROTO_ICMPV6 && e->icmp_type == ICMPV6_REDIRECT)
		return !addr_is_link_local(&e->src) || ((e->has & EVENT_HAS_TTL) && e->ttl != 255);
	if (e->proto != IP_PROTO_ICMP || e->icmp_type != ICMP_REDIRECT)
		return false;
	/* One hop of grace: some routers count themselves. */
	return !may_share_link(e) || misuse_hops(e) > 1;
}

/* What a host sends to itself never leaves it; a capture of the loopback sees it with a whole hop count. */
static bool is_from_itself(const struct event *e)
{
	if (!addr_equal(&e->src, &e->dst))
		return false;
	bool land = e->probe == EVENT_PROBE_SYN && e->src_port == e->dst_port;
	return land || (e->marks & EVENT_MARK_INCOMING) || misuse_hops(e) > 0;
}

/* This host's network, loopback, multicast, reserved and broadcast (RFC 6890): sources of no packet. The
 * unspecified address of IPv6 stands for a source that a log did not tell. */
static bool is_impossible(const struct addr *a)
{
	if (!addr_is_v4(a))
		return addr_is_multicast(a) || addr_is_loopback(a);
	return a->bytes[12] == 0 || a->bytes[12] == 127 || a->bytes[12] >= 224;
}

enum misuse misuse_of(const struct event *e, enum traffic traffic)
{
	if (traffic == TRAFFIC_OUTGOING || traffic == TRAFFIC_REST)
		return MISUSE_NONE;
	if (is_foreign_redirect(e))
		return MISUSE_REDIRECT;
	if (traffic == TRAFFIC_LOCAL)
		return MISUSE_NONE;
	if (e->ip_options & (EVENT_IP_OPTION_LOOSE_ROUTE | EVENT_IP_OPTION_STRICT_ROUTE |
				    EVENT_IP_OPTION_ROUTING_HEADER))
		return MISUSE_ROUTE;
	if (is_from_itself(e))
		return MISUSE_SELF;
	if (traffic == TRAFFIC_PROBE && is_impossible(&e->src) && !addr_is_loopback(&e->dst))
		return MISUSE_IMPOSSIBLE;
	return MISUSE_NONE;
}

enum incident_kind misuse_kind(enum misuse m)
{
	switch (m) {
	case MISUSE_REDIRECT:
		return INCIDENT_KIND_REDIRECT;
	case MISUSE_ROUTE:
		return INCIDENT_KIND_SOURCE_ROUTE;
	case MISUSE_SELF:
	case MISUSE_IMPOSSIBLE:
	case MISUSE_NONE:
		break;
	}
	return INCIDENT_KIND_SPOOF;
}
