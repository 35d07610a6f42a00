/* SPDX-License-Identifier: ISC */
#include "detect/misuse.h"

#include "net/ip_proto.h"

#include <stddef.h>

#define ICMP_REDIRECT 5
#define ICMPV6_REDIRECT 137
#define ICMPV6_ADVERTISEMENT 134

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

/* Over a router it cannot come: hop limit 255 is the proof, and the sender is link-local (RFC 4861, 6.1.2). */
static bool is_foreign_advertisement(const struct event *e)
{
	return e->proto == IP_PROTO_ICMPV6 && e->icmp_type == ICMPV6_ADVERTISEMENT &&
	       (e->has & EVENT_HAS_ICMP) &&
	       (!addr_is_link_local(&e->src) || ((e->has & EVENT_HAS_TTL) && e->ttl != 255));
}

/* The bits of options, whose lawful ones have none. What IPv6 counts as OTHER are lawful routing headers. */
static uint32_t options_of(const struct event *e)
{
	static const struct {
		uint8_t option;
		enum ip_misuse misuse;
	} rows[] = {
		{EVENT_IP_OPTION_LOOSE_ROUTE, IP_MISUSE_LOOSE_ROUTE},
		{EVENT_IP_OPTION_STRICT_ROUTE, IP_MISUSE_STRICT_ROUTE},
		{EVENT_IP_OPTION_ROUTING_HEADER, IP_MISUSE_ROUTING_HEADER},
		{EVENT_IP_OPTION_RECORD_ROUTE, IP_MISUSE_RECORD_ROUTE},
		{EVENT_IP_OPTION_TIMESTAMP, IP_MISUSE_TIMESTAMP},
		{EVENT_IP_OPTION_SECURITY, IP_MISUSE_SECURITY},
		{EVENT_IP_OPTION_OTHER, IP_MISUSE_OPTION},
	};
	uint32_t misuses = 0;
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (e->ip_options & rows[i].option)
			misuses |= ip_misuse_bit(rows[i].misuse);
	}
	return addr_is_v4(&e->src) ? misuses : misuses & ~ip_misuse_bit(IP_MISUSE_OPTION);
}

uint32_t misuse_of(const struct event *e, enum traffic traffic)
{
	uint32_t misuses = 0;
	if (traffic == TRAFFIC_OUTGOING || traffic == TRAFFIC_REST)
		return 0;
	if (is_foreign_redirect(e))
		misuses |= ip_misuse_bit(IP_MISUSE_REDIRECT);
	if (is_foreign_advertisement(e))
		misuses |= ip_misuse_bit(IP_MISUSE_ADVERTISEMENT);
	if (traffic == TRAFFIC_LOCAL)
		return misuses;
	if (e->ip_options != 0)
		misuses |= options_of(e);
	if (is_from_itself(e))
		misuses |= ip_misuse_bit(IP_MISUSE_SELF);
	else if (traffic == TRAFFIC_PROBE && is_impossible(&e->src) && !addr_is_loopback(&e->dst))
		misuses |= ip_misuse_bit(IP_MISUSE_IMPOSSIBLE);
	if (traffic == TRAFFIC_PROBE &&
		(e->probe == EVENT_PROBE_SYN_FIN || e->probe == EVENT_PROBE_ALL_FLAGS))
		misuses |= ip_misuse_bit(IP_MISUSE_SYN_FIN);
	/* Of two pieces that were joined the first has been here. */
	if ((e->marks & EVENT_MARK_TINY_FRAGMENT) && e->fragment_offset == 0)
		misuses |= ip_misuse_bit(IP_MISUSE_TINY);
	return misuses;
}

enum incident_kind misuse_kind(uint32_t misuses)
{
	static const struct {
		uint32_t misuses;
		enum incident_kind kind;
	} rows[] = {
		{IP_MISUSE_REDIRECTS, INCIDENT_KIND_REDIRECT},
		{IP_MISUSE_ROUTES, INCIDENT_KIND_SOURCE_ROUTE},
		{IP_MISUSE_FORGERIES, INCIDENT_KIND_SPOOF},
	};
	for (size_t i = 0; i < sizeof rows / sizeof rows[0]; i++) {
		if (misuses & rows[i].misuses)
			return rows[i].kind;
	}
	return INCIDENT_KIND_EXPLOIT;
}
