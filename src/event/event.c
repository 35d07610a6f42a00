/* SPDX-License-Identifier: ISC */
#include "event/event.h"

#include "net/ip_proto.h"

#include <assert.h>

static enum event_probe name_tcp(uint8_t flags)
{
	const uint8_t fin = EVENT_TCP_FIN, syn = EVENT_TCP_SYN, rst = EVENT_TCP_RST,
		      ack = EVENT_TCP_ACK;
	flags &= EVENT_TCP_SIX;
	if (flags == syn) /* what most packets are, at first; then what most others are */
		return EVENT_PROBE_SYN;
	if (flags == ack)
		return EVENT_PROBE_ACK;
	if (flags == EVENT_TCP_SIX)
		return EVENT_PROBE_ALL_FLAGS;
	if ((flags & (syn | fin)) == (syn | fin))
		return EVENT_PROBE_SYN_FIN;
	if (flags & rst)
		return flags & (syn | fin) ? EVENT_PROBE_INVALID : EVENT_PROBE_RST;
	if (flags & syn)
		return flags & ack ? EVENT_PROBE_SYN_ACK : EVENT_PROBE_SYN;
	if (flags & fin) {
		if (flags & ack)
			return EVENT_PROBE_MAIMON;
		return flags == fin ? EVENT_PROBE_FIN : EVENT_PROBE_XMAS;
	}
	if (flags & ack)
		return EVENT_PROBE_ACK;
	return flags == 0 ? EVENT_PROBE_NULL : EVENT_PROBE_INVALID;
}

static enum event_probe name_probe(const struct event *e)
{
	const uint8_t sctp_init = 1; /* RFC 9260, 3.2 */
	switch (e->proto) {
	case IP_PROTO_TCP:
		return e->has & EVENT_HAS_TCP_FLAGS ? name_tcp(e->tcp_flags) : EVENT_PROBE_SYN;
	case IP_PROTO_UDP:
	case IP_PROTO_UDPLITE:
		return EVENT_PROBE_UDP;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		return EVENT_PROBE_ICMP;
	case IP_PROTO_SCTP:
		return !(e->has & EVENT_HAS_SCTP_CHUNK) || e->sctp_chunk == sctp_init
			       ? EVENT_PROBE_SCTP_INIT
			       : EVENT_PROBE_INVALID;
	default:
		return EVENT_PROBE_IP_PROTOCOL;
	}
}

void event_name_probe(struct event *e)
{
	e->probe = (uint8_t)name_probe(e);
}

const char *event_probe_name(enum event_probe probe)
{
	static const char *const names[EVENT_PROBES] = {
		[EVENT_PROBE_SYN] = "syn",
		[EVENT_PROBE_SYN_ACK] = "syn-ack",
		[EVENT_PROBE_ACK] = "ack",
		[EVENT_PROBE_FIN] = "fin",
		[EVENT_PROBE_NULL] = "null",
		[EVENT_PROBE_XMAS] = "xmas",
		[EVENT_PROBE_MAIMON] = "maimon",
		[EVENT_PROBE_SYN_FIN] = "syn-fin",
		[EVENT_PROBE_ALL_FLAGS] = "all-flags",
		[EVENT_PROBE_RST] = "rst",
		[EVENT_PROBE_UDP] = "udp",
		[EVENT_PROBE_ICMP] = "icmp",
		[EVENT_PROBE_SCTP_INIT] = "sctp-init",
		[EVENT_PROBE_IP_PROTOCOL] = "ip-protocol",
		[EVENT_PROBE_INVALID] = "invalid",
	};
	assert(probe < EVENT_PROBES);
	return names[probe];
}

const char *event_origin_name(enum event_origin origin)
{
	static const char *const names[EVENT_ORIGINS] = {
		[EVENT_ORIGIN_PACKET] = "packet",
		[EVENT_ORIGIN_KERNEL] = "kernel",
		[EVENT_ORIGIN_NFLOG] = "nflog",
		[EVENT_ORIGIN_LOG] = "log",
		[EVENT_ORIGIN_JOURNAL] = "journal",
		[EVENT_ORIGIN_TRAP] = "trap",
		[EVENT_ORIGIN_WRAPPER] = "wrapper",
		[EVENT_ORIGIN_FILE] = "file",
		[EVENT_ORIGIN_PEER] = "peer",
	};
	assert(origin < EVENT_ORIGINS);
	return names[origin];
}

bool event_icmp_is_error(uint8_t proto, uint8_t type)
{
	if (proto == IP_PROTO_ICMPV6)
		return type < 128; /* RFC 4443, 2.1 */
	/* unreachable, source quench, redirect, time exceeded, parameter problem (RFC 792) */
	return type == 3 || type == 4 || type == 5 || type == 11 || type == 12;
}

bool event_icmp_is_reply(uint8_t proto, uint8_t type)
{
	if (proto == IP_PROTO_ICMPV6)
		return type == 129 || type == 140; /* echo reply, node information reply */
	/* echo, timestamp, information, mask, domain name replies; extended echo (RFC 8335) */
	return type == 0 || type == 14 || type == 16 || type == 18 || type == 38 || type == 43;
}
