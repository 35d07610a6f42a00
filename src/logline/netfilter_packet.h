/* SPDX-License-Identifier: ISC */
/*
 * netfilter_packet - what the words of one netfilter line have told, and what follows from it.
 *
 * netfilter_line gathers; here it is decided whether the line is whole enough to be believed, and
 * the facts that need several words (direction, ports, flags, payload, fragments) are settled.
 */
#ifndef KW_LOGLINE_NETFILTER_PACKET_H
#define KW_LOGLINE_NETFILTER_PACKET_H

#include "base/text_slice.h"
#include "event/event.h"

enum netfilter_seen {
	NETFILTER_SEEN_SRC = 0x0001,
	NETFILTER_SEEN_DST = 0x0002,
	NETFILTER_SEEN_PROTO = 0x0004,
	NETFILTER_SEEN_SPT = 0x0008,
	NETFILTER_SEEN_DPT = 0x0010,
	NETFILTER_SEEN_SEQ = 0x0020,
	NETFILTER_SEEN_ACK = 0x0040,
	NETFILTER_SEEN_URGP = 0x0080, /* the list of TCP flags is whole */
	NETFILTER_SEEN_TYPE = 0x0100,
	NETFILTER_SEEN_CODE = 0x0200,
	NETFILTER_SEEN_LENGTH = 0x0400,
	NETFILTER_SEEN_UDP_LENGTH = 0x0800,
	NETFILTER_SEEN_LATER_FRAGMENT = 0x1000, /* no transport header in it */
	NETFILTER_SEEN_INCOMPLETE = 0x2000,     /* too short for its transport header */
	NETFILTER_SEEN_NOT_IP = 0x4000,         /* ARP, or ebtables' form of the line */
	NETFILTER_SEEN_MORE_FRAGMENTS = 0x8000,
	NETFILTER_SEEN_TTL = 0x10000,
};

struct netfilter_packet {
	struct event *event;       /* borrowed: what a word alone tells is already in it */
	struct text_slice in, out; /* IN= and OUT= */
	unsigned seen;             /* enum netfilter_seen */
	uint8_t ip_option_bytes;   /* length of the IPv4 options */
	uint16_t udp_length;       /* LEN= behind PROTO=UDP */
	const char *fault;         /* the first unreadable word; null = none */
};

/* True for the two protocols whose errors quote a packet. */
bool netfilter_packet_is_icmp(const struct event *e);

/* The value of MAC=: destination, source and type of an Ethernet frame, each byte in hexadecimal. */
void netfilter_packet_note_mac(struct netfilter_packet *p, struct text_slice mac);

/* What makes the line useless, as constant text; null if nothing does. */
const char *netfilter_packet_find_fault(const struct netfilter_packet *p);

/* Completes the event of a packet without fault. Fields foreign to the protocol are cleared. */
void netfilter_packet_settle(struct netfilter_packet *p);

#endif
