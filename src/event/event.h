/* SPDX-License-Identifier: ISC */
/*
 * event - the noun everyone speaks: one packet, or one line that tells of one packet; or what a TCP wrapper
 * decided on a connection (EVENT_HAS_ACCESS), of which the whole is an access_event.
 *
 * A decoder (packet/, logline/) turns bytes into this value and judges nothing: no direction, no
 * guilt. It is plain data of two cache lines, copied freely, valid without any other memory. Everything
 * multi-byte is in host order; what the input did not tell is zero, and `has` says which of the
 * optional facts are real. `probe` is filled by event_name_probe.
 *
 * From here follow the data: track/ (what is remembered), detect/ (findings), verdict/ (incidents).
 */
#ifndef KW_EVENT_EVENT_H
#define KW_EVENT_EVENT_H

#include "base/clock.h"
#include "net/addr.h"

#include <stddef.h>
#include <stdint.h>
#include <string.h>

/* Where the fact came from (EVENTS.md, `origin`). */
enum event_origin {
	EVENT_ORIGIN_PACKET, /* captured bytes, live or from a capture file */
	EVENT_ORIGIN_KERNEL, /* the kernel's own word that nobody listens */
	EVENT_ORIGIN_NFLOG,
	EVENT_ORIGIN_LOG, /* a line of text */
	EVENT_ORIGIN_JOURNAL,
	EVENT_ORIGIN_TRAP,
	EVENT_ORIGIN_WRAPPER,
	EVENT_ORIGIN_FILE, /* our own events, read back */
	EVENT_ORIGIN_PEER,
	EVENT_ORIGINS
};

/* TCP flag bits as in the header (RFC 9293, 3.1). */
enum event_tcp_flag {
	EVENT_TCP_FIN = 0x01,
	EVENT_TCP_SYN = 0x02,
	EVENT_TCP_RST = 0x04,
	EVENT_TCP_PSH = 0x08,
	EVENT_TCP_ACK = 0x10,
	EVENT_TCP_URG = 0x20,
	EVENT_TCP_ECE = 0x40,
	EVENT_TCP_CWR = 0x80,
	EVENT_TCP_SIX = 0x3f, /* the six that name a technique; ECE and CWR do not */
};

/* The shape of one packet (EVENTS.md, `knock.probe`). */
enum event_probe {
	EVENT_PROBE_SYN,
	EVENT_PROBE_SYN_ACK,
	EVENT_PROBE_ACK, /* ACK, with or without PSH/URG, no SYN FIN RST */
	EVENT_PROBE_FIN, /* FIN alone */
	EVENT_PROBE_NULL,
	EVENT_PROBE_XMAS,      /* FIN+PSH+URG, or FIN with PSH or URG and no ACK */
	EVENT_PROBE_MAIMON,    /* FIN+ACK (with or without PSH/URG): also every orderly close */
	EVENT_PROBE_SYN_FIN,   /* SYN+FIN with anything but all six */
	EVENT_PROBE_ALL_FLAGS, /* all six */
	EVENT_PROBE_RST,       /* RST, with or without ACK */
	EVENT_PROBE_UDP,
	EVENT_PROBE_ICMP,
	EVENT_PROBE_SCTP_INIT,
	EVENT_PROBE_IP_PROTOCOL, /* any protocol without a name here */
	EVENT_PROBE_INVALID,     /* flags no stack sends (PSH or URG alone, SYN+RST, ...) */
	EVENT_PROBES
};

/* Which optional facts the input told (bits of event.has). */
enum event_has {
	EVENT_HAS_PORTS = 0x0001,
	EVENT_HAS_TCP_FLAGS = 0x0002, /* ipchains and Cisco lines do not tell them */
	EVENT_HAS_TCP_SEQ = 0x0004,   /* seq and ack are real */
	EVENT_HAS_TCP_WINDOW = 0x0008,
	EVENT_HAS_TCP_OPTIONS = 0x0010, /* option fields are real (an empty list counts) */
	EVENT_HAS_IP_ID = 0x0020,
	EVENT_HAS_TTL = 0x0040,
	EVENT_HAS_ICMP = 0x0080,   /* icmp_type and icmp_code */
	EVENT_HAS_QUOTED = 0x0100, /* quoted_*: the header an ICMP error brings back */
	EVENT_HAS_LENGTH = 0x0200,
	EVENT_HAS_QUOTED_PORTS = 0x0400,
	EVENT_HAS_SCTP_CHUNK = 0x0800, /* sctp_chunk */
	EVENT_HAS_FRAGMENT = 0x1000,   /* fragment_* */
	EVENT_HAS_ACCESS = 0x2000,     /* access*: no packet, but what a wrapper decided */
};

/* What a TCP wrapper decided on a connection to a service that is offered. */
enum event_access {
	EVENT_ACCESS_REFUSED,
	EVENT_ACCESS_GRANTED,
	EVENT_ACCESSES
};

/* Circumstances (bits of event.marks). */
enum event_mark {
	EVENT_MARK_OUTGOING = 0x01,   /* the link layer or the firewall says that we sent it */
	EVENT_MARK_INCOMING = 0x02,   /* ... that it came to us (IN= set and OUT= empty) */
	EVENT_MARK_LINK_GROUP = 0x04, /* link-layer broadcast or multicast */
	EVENT_MARK_FRAGMENT =
		0x08, /* a fragment: of the first one the ports are known, of later ones not; of one that
	           begins within a TCP header perhaps the flags */
	EVENT_MARK_CUT = 0x10,           /* the capture or line ends inside the headers */
	EVENT_MARK_FIREWALL = 0x20,      /* a packet filter reported it: dropped or refused */
	EVENT_MARK_TINY_FRAGMENT = 0x40, /* first fragment too small for the transport header */
	EVENT_MARK_DF = 0x80,
};

/* IP options seen (bits of event.ip_options). */
enum event_ip_option {
	EVENT_IP_OPTION_RECORD_ROUTE = 0x01,
	EVENT_IP_OPTION_TIMESTAMP = 0x02,
	EVENT_IP_OPTION_LOOSE_ROUTE = 0x04,
	EVENT_IP_OPTION_STRICT_ROUTE = 0x08,
	EVENT_IP_OPTION_ROUTER_ALERT = 0x10,
	EVENT_IP_OPTION_SECURITY = 0x20,
	EVENT_IP_OPTION_OTHER = 0x40,
	EVENT_IP_OPTION_ROUTING_HEADER =
		0x80, /* IPv6 routing header of type 0; the lawful types count as OTHER */
};

/* Numbers that lie side by side in a header lie so here in the opposite order, and single bytes in the same
 * one: a little-endian host moves both at once. */
struct event {
	struct wall_time time;
	struct addr src, dst;
	uint16_t dst_port, src_port; /* EVENT_HAS_PORTS */
	uint32_t ack, seq;
	uint16_t ip_id;  /* IPv4 only */
	uint16_t length; /* of the whole IP packet as its header says, in bytes */
	uint8_t ttl;     /* or hop limit */
	uint8_t proto;   /* IP protocol number; of IPv6 the last header read */
	uint8_t marks;   /* enum event_mark */
	uint8_t probe;   /* enum event_probe */
	uint8_t tcp_flags;
	uint8_t tcp_wscale; /* option value; 0xff = no such option */
	uint16_t window;
	uint16_t payload_length; /* behind the transport header, as the headers say */
	uint16_t tcp_mss;        /* option value; 0 = no such option */
	uint16_t has;            /* enum event_has */
	uint8_t origin;          /* enum event_origin */
	uint8_t ip_options;      /* enum event_ip_option */
	uint64_t
		tcp_option_layout; /* kinds in order, 4 bits each from the lowest: kind + 1, 15 = 14 and
	                               above, 0 = end */
	/* From here on what few packets tell (event_clear_rare). */
	uint8_t icmp_type, icmp_code;
	uint16_t icmp_id; /* echo, timestamp, mask; identifier */
	uint16_t icmp_seq;
	uint16_t iface; /* index in a name_table; 0 = unknown */
	uint16_t host;  /* index in a name_table: who logged it; 0 = this host */
	union {
		uint16_t quoted_src_port; /* EVENT_HAS_QUOTED_PORTS; as the next one */
		uint16_t access_table;    /* index in a name_table: of whose line; 0 = not told */
	};
	uint16_t quoted_dst_port;
	uint8_t quoted_proto;
	uint8_t sctp_chunk; /* type of the first chunk */
	struct addr
		quoted_dst; /* whom the quoted packet was sent to; its source is `dst` or forged */
	union {
		uint32_t fragment_id; /* the number that its pieces share: of IPv4 the ip_id */
		uint32_t access_line; /* of the table that decided; 0 = not told */
	};
	union {
		uint32_t fragment_digest; /* of the first bytes of its data, never 0; 0 = they were not captured */
		uint32_t access_host; /* stands for who decided, where `dst` is none (event_host_digest) */
	};
	uint16_t fragment_offset; /* of its data in the datagram's, in bytes */
	uint16_t fragment_length; /* of its data, in bytes */
	uint8_t fragment_more;    /* 1 = it is not the last piece */
	uint8_t access;           /* enum event_access */
	uint16_t access_service;  /* index in a name_table: who decided ("sshd"); 0 = not told */
};

_Static_assert(sizeof(struct event) <= 128, "an event is two cache lines");

/* Makes zero the fields that few packets tell, from icmp_type on. */
static inline void event_clear_rare(struct event *e)
{
	const size_t start = offsetof(struct event, icmp_type);
	memset((uint8_t *)e + start, 0, sizeof *e - start);
}

/* Makes every field zero. In two parts, because gcc clears up to 96 bytes with plain stores but a
 * whole event with `rep stos`, which costs 4 ns, a third of what reading a packet costs. */
static inline void event_clear(struct event *e)
{
	memset(e, 0, offsetof(struct event, icmp_type));
	event_clear_rare(e);
}

/* True where a TCP option of this kind (below 14) stands in the layout. */
static inline bool event_has_tcp_option(const struct event *e, unsigned kind)
{
	/* A nibble of `differs` is zero where the kinds are equal; the classic test for a zero digit. */
	const uint64_t ones = UINT64_C(0x1111111111111111);
	uint64_t differs = e->tcp_option_layout ^ ones * (kind + 1);
	return ((differs - ones) & ~differs & ones << 3) != 0;
}

/* A number for the name of a host, the same in every run; 0 for an empty one. */
uint32_t event_host_digest(const char *name, size_t length);

/* Names the packet's shape in `probe` from protocol, flags and chunk. TCP without known flags counts
 * as SYN: such lines (ipchains, Cisco) tell of refused connection attempts; but a first fragment without
 * them is none of a shape that a stack sends. */
void event_name_probe(struct event *e);

/* The same of TCP flags alone: the enum event_probe that they make, ECE and CWR aside. */
extern const uint8_t event_tcp_probes[EVENT_TCP_SIX + 1];
static inline uint8_t event_probe_of_tcp(uint8_t flags)
{
	return event_tcp_probes[flags & EVENT_TCP_SIX];
}

/* True where every number that stands for something in here stands for something: for events that come from
 * another process. The numbers of names are for the owner of the names to check. */
bool event_is_sound(const struct event *e);

/* "syn", "syn-ack", ... as EVENTS.md writes them. */
const char *event_probe_name(enum event_probe probe);
/* "packet", "log", ... */
const char *event_origin_name(enum event_origin origin);

/* True where ICMP or ICMPv6 of this type quotes the packet that caused it (an error message). */
bool event_icmp_is_error(uint8_t proto, uint8_t type);
/* True for replies (echo, timestamp, mask, ...): an answer to something, never a question. */
bool event_icmp_is_reply(uint8_t proto, uint8_t type);

#endif
