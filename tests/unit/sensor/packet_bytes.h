/* SPDX-License-Identifier: ISC */
/*
 * packet_bytes - builds the bytes of one packet, from the IP header on, with right checksums.
 *
 * For tests only. Addresses come as text; IPv4 or IPv6 follows from them.
 */
#ifndef KW_TESTS_PACKET_BYTES_H
#define KW_TESTS_PACKET_BYTES_H

#include <stddef.h>
#include <stdint.h>

struct packet_plan {
	const char *src, *dst;       /* numeric */
	uint8_t proto;               /* IP protocol number */
	uint16_t src_port, dst_port; /* TCP, UDP, SCTP */
	uint8_t flags;               /* TCP */
	uint8_t type, code;          /* ICMP, ICMPv6; first chunk of SCTP */
	uint16_t fragment;           /* IPv4: the flags-and-offset word */
	uint8_t hops;                /* hop count left; 0 = 64 */
	uint16_t cut_at;             /* the IP payload is cut to so many bytes; 0 = whole */
};

#define PACKET_BYTES_MAX 128

/* Returns the length. */
size_t packet_bytes_build(const struct packet_plan *plan, uint8_t out[PACKET_BYTES_MAX]);

#endif
