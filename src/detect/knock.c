/* SPDX-License-Identifier: ISC */
#include "detect/knock.h"

#include "detect/tool_mark.h"
#include "event/technique.h"
#include "net/ip_proto.h"

static uint32_t tcp_syn_techniques(const struct event *e)
{
	uint32_t t = technique_bit(TECHNIQUE_SYN);
	/* Timestamps in a SYN come from an operating system's own stack: connect(). */
	return event_has_tcp_option(e, 8) ? t | technique_bit(TECHNIQUE_CONNECT) : t;
}

static uint32_t icmp_technique(const struct event *e)
{
	uint8_t echo = e->proto == IP_PROTO_ICMPV6 ? 128 : 8;
	if (e->icmp_type == echo)
		return technique_bit(TECHNIQUE_ICMP_ECHO);
	if (e->proto == IP_PROTO_ICMP && e->icmp_type == 13)
		return technique_bit(TECHNIQUE_ICMP_TIMESTAMP);
	if (e->proto == IP_PROTO_ICMP && e->icmp_type == 17)
		return technique_bit(TECHNIQUE_ICMP_MASK);
	return technique_bit(TECHNIQUE_ICMP);
}

static uint32_t techniques_of(const struct event *e)
{
	switch ((enum event_probe)e->probe) {
	case EVENT_PROBE_SYN:
		return tcp_syn_techniques(e);
	case EVENT_PROBE_FIN:
		return technique_bit(TECHNIQUE_FIN);
	case EVENT_PROBE_NULL:
		return technique_bit(TECHNIQUE_NULL);
	case EVENT_PROBE_XMAS:
		return technique_bit(TECHNIQUE_XMAS);
	case EVENT_PROBE_ACK:
		return technique_bit(TECHNIQUE_ACK) | technique_bit(TECHNIQUE_WINDOW);
	case EVENT_PROBE_MAIMON:
		return technique_bit(TECHNIQUE_MAIMON);
	case EVENT_PROBE_SYN_FIN:
		return technique_bit(TECHNIQUE_SYN_FIN);
	case EVENT_PROBE_ALL_FLAGS:
		return technique_bit(TECHNIQUE_ALL_FLAGS);
	case EVENT_PROBE_UDP:
		return technique_bit(TECHNIQUE_UDP);
	case EVENT_PROBE_ICMP:
		return icmp_technique(e);
	case EVENT_PROBE_SCTP_INIT:
		return technique_bit(TECHNIQUE_SCTP_INIT);
	case EVENT_PROBE_IP_PROTOCOL:
		return technique_bit(TECHNIQUE_IP_PROTOCOL);
	case EVENT_PROBE_RST: /* half of a handshake: the SYN is over, the reset tells what it was */
		return technique_bit(TECHNIQUE_SYN);
	case EVENT_PROBE_SYN_ACK:
	case EVENT_PROBE_INVALID:
	case EVENT_PROBES:
		break;
	}
	return 0;
}

struct target knock_target(const struct event *e)
{
	struct target t = {.host = target_host_of(&e->dst)};
	switch (e->proto) {
	case IP_PROTO_TCP:
		t.space = TARGET_TCP;
		break;
	case IP_PROTO_UDP:
		t.space = TARGET_UDP;
		break;
	case IP_PROTO_SCTP:
		t.space = TARGET_SCTP;
		break;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		t.space = TARGET_ICMP;
		t.port = e->icmp_type;
		return t;
	default:
		t.space = TARGET_PROTOCOL;
		t.port = e->proto;
		return t;
	}
	/* A protocol scan's TCP or UDP packet may be too short to have ports. */
	if (!(e->has & EVENT_HAS_PORTS)) {
		t.space = TARGET_PROTOCOL;
		t.port = e->proto;
	} else {
		t.port = e->dst_port;
	}
	return t;
}

uint32_t knock_techniques_at(const struct target *t)
{
	switch ((enum target_space)t->space) {
	case TARGET_UDP:
		return technique_bit(TECHNIQUE_UDP);
	case TARGET_ICMP:
		return technique_bit(t->port == 8 || t->port == 128 ? TECHNIQUE_ICMP_ECHO
				     : t->port == 13                ? TECHNIQUE_ICMP_TIMESTAMP
				     : t->port == 17                ? TECHNIQUE_ICMP_MASK
								    : TECHNIQUE_ICMP);
	case TARGET_PROTOCOL:
		/* Packets of these without ports stand here, too. */
		if (t->port == IP_PROTO_TCP || t->port == IP_PROTO_UDP || t->port == IP_PROTO_SCTP)
			return 0;
		return technique_bit(TECHNIQUE_IP_PROTOCOL);
	case TARGET_SCTP:
	case TARGET_TCP:
	case TARGET_SPACES:
		break;
	}
	return 0;
}

/* The usual knock; the rest of the flags and protocols need not be asked for. */
static struct knock read_syn(const struct event *e)
{
	return (struct knock){.target = {.host = target_host_of(&e->dst),
				      .port = e->dst_port,
				      .space = TARGET_TCP},
		.techniques = tcp_syn_techniques(e),
		.marks = tool_mark_of_syn(e)};
}

struct knock knock_read(const struct event *e)
{
	if (e->probe == EVENT_PROBE_SYN && e->proto == IP_PROTO_TCP && (e->has & EVENT_HAS_PORTS))
		return read_syn(e);
	return (struct knock){.target = knock_target(e),
		.techniques = techniques_of(e),
		.marks = tool_mark_of(e),
		.broken_off = e->probe == EVENT_PROBE_RST};
}
