/* SPDX-License-Identifier: ISC */
#include "event/event.h"

#include "net/ip_proto.h"

#include <assert.h>

/* A row for URG, ACK and PSH; in it a column for RST, SYN and FIN. With RST, and where two of these meet,
 * the others change nothing, but for all six. */
#define TCP_ROW(none, fin, syn, all_three)                                                         \
	EVENT_PROBE_##none, EVENT_PROBE_##fin, EVENT_PROBE_##syn, EVENT_PROBE_SYN_FIN,             \
		EVENT_PROBE_RST, EVENT_PROBE_INVALID, EVENT_PROBE_INVALID, EVENT_PROBE_##all_three

const uint8_t event_tcp_probes[EVENT_TCP_SIX + 1] = {
	TCP_ROW(NULL, FIN, SYN, SYN_FIN),       /* none */
	TCP_ROW(INVALID, XMAS, SYN, SYN_FIN),   /* PSH */
	TCP_ROW(ACK, MAIMON, SYN_ACK, SYN_FIN), /* ACK */
	TCP_ROW(ACK, MAIMON, SYN_ACK, SYN_FIN), /* ACK PSH */
	TCP_ROW(INVALID, XMAS, SYN, SYN_FIN),   /* URG */
	TCP_ROW(INVALID, XMAS, SYN, SYN_FIN),   /* URG PSH */
	TCP_ROW(ACK, MAIMON, SYN_ACK, SYN_FIN), /* URG ACK */
	TCP_ROW(ACK, MAIMON, SYN_ACK, ALL_FLAGS),
};

static uint8_t name_flagless(const struct event *e)
{
	return e->has & EVENT_HAS_FRAGMENT ? EVENT_PROBE_INVALID : EVENT_PROBE_SYN;
}

static uint8_t name_probe(const struct event *e)
{
	const uint8_t sctp_init = 1; /* RFC 9260, 3.2 */
	switch (e->proto) {
	case IP_PROTO_TCP:
		return e->has & EVENT_HAS_TCP_FLAGS ? event_probe_of_tcp(e->tcp_flags)
						    : name_flagless(e);
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
	e->probe = name_probe(e);
}

uint32_t event_host_digest(const char *name, size_t length)
{
	uint32_t h = 2166136261u; /* FNV-1a */
	for (size_t i = 0; i < length; i++)
		h = (h ^ (unsigned char)name[i]) * 16777619u;
	return length > 0 && h == 0 ? 1 : length > 0 ? h : 0;
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

bool event_is_sound(const struct event *e)
{
	return e->probe < EVENT_PROBES && e->origin < EVENT_ORIGINS && e->time.us >= 0 &&
	       (!(e->has & EVENT_HAS_ACCESS) || e->access < EVENT_ACCESSES);
}
