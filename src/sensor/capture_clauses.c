/* SPDX-License-Identifier: ISC */
#include "sensor/capture_clauses.h"

#define LIST(array)                                                                                \
	{                                                                                          \
		array, sizeof(array) / sizeof(array)[0]                                            \
	}

static const uint8_t icmp4_types[] = {3, 4, 5, 8, 11, 12, 13, 15, 17, 37, 42};
static const uint8_t icmp6_types[] = {1, 2, 3, 4, 128, 137, 139, 160};
static const uint8_t own_clause[] = {IP_PROTO_TCP, IP_PROTO_UDP, IP_PROTO_ICMP, IP_PROTO_ICMPV6,
	IP_PROTO_SCTP, IP_PROTO_HOPOPTS, IP_PROTO_ROUTING, IP_PROTO_FRAGMENT, IP_PROTO_DSTOPTS};
static const uint8_t tunnels[] = {IP_PROTO_IPIP, IP_PROTO_IPV6, IP_PROTO_GRE, IP_PROTO_ESP,
	IP_PROTO_AH, 97 /* EtherIP */, 108 /* IPComp */, 115 /* L2TP */, 137 /* MPLS */};

const struct capture_bytes capture_clauses_icmp4 = LIST(icmp4_types);
const struct capture_bytes capture_clauses_icmp6 = LIST(icmp6_types);
const struct capture_bytes capture_clauses_own = LIST(own_clause);
const struct capture_bytes capture_clauses_tunnels = LIST(tunnels);

static const struct capture_flags_pattern heard[] = {
	{0x17, 0x02}, /* SYN alone */
	{0x17, 0x00}, /* neither SYN, ACK, FIN nor RST */
	{0x11, 0x01}, /* FIN without ACK */
	{0x03, 0x03}, /* SYN+FIN */
	{0x06, 0x06}, /* SYN+RST */
	{0x29, 0x29}, /* FIN+PSH+URG */
};

static const struct capture_flags_pattern answers[] = {
	{0x17, 0x12}, /* SYN-ACK */
	{0x17, 0x04}, /* RST alone */
};

const struct capture_flags capture_clauses_heard = LIST(heard);
const struct capture_flags capture_clauses_answers = LIST(answers);
