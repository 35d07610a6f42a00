/* SPDX-License-Identifier: ISC */
/*
 * port_set - a set of TCP, UDP and SCTP ports, and the lists of ranges people read and write.
 *
 * One bit a port, 24 KiB: for listening sets, configuration and reports, not for one per source.
 */
#ifndef KW_NET_PORT_SET_H
#define KW_NET_PORT_SET_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum port_set_proto { PORT_SET_TCP, PORT_SET_UDP, PORT_SET_SCTP, PORT_SET_PROTOS };

struct port_set {
	uint64_t bits[PORT_SET_PROTOS][65536 / 64];
};

void port_set_clear(struct port_set *set);

static inline void port_set_add(struct port_set *set, enum port_set_proto proto, uint16_t port)
{
	set->bits[proto][port / 64] |= UINT64_C(1) << port % 64;
}

static inline bool port_set_holds(
	const struct port_set *set, enum port_set_proto proto, uint16_t port)
{
	return set->bits[proto][port / 64] >> port % 64 & 1;
}

void port_set_add_range(
	struct port_set *set, enum port_set_proto proto, uint16_t first, uint16_t last);

/* Adds all that `what` holds. */
void port_set_add_all(struct port_set *set, const struct port_set *what);

unsigned port_set_count(const struct port_set *set, enum port_set_proto proto);

/* "tcp", "udp", "sctp". */
const char *port_set_proto_name(enum port_set_proto proto);

/* Maps an IP protocol number to its part of the set; false where the protocol has no part. */
bool port_set_proto_of(uint8_t ip_proto, enum port_set_proto *out);

struct port_range {
	enum port_set_proto proto;
	uint16_t first, last; /* both inside */
};

struct port_range_text {
	char text[24];   /* "tcp/79-81", "udp/53" */
	unsigned length; /* of the text */
};

struct port_range_text port_range_to_text(const struct port_range *r);

/* "tcp/22", "udp/5000-5010"; the protocol alone means all its ports. Must fill the text exactly. */
bool port_range_parse(const char *text, size_t length, struct port_range *out);

/* Walks the ranges in order: start with *cursor = 0; false at the end. */
bool port_set_next_range(const struct port_set *set, uint32_t *cursor, struct port_range *out);

#endif
