/* SPDX-License-Identifier: ISC */
/*
 * door_set - which doors of this host are open: (address or all of a family, protocol, port).
 *
 * A plain value of about 58 KiB without heap. A door on all addresses of a family costs one bit; up
 * to DOOR_SET_NARROW doors on a single address are kept one by one. What does not fit is opened on
 * all addresses of its family and counted in `widened`: whoever judges by the set then misses a
 * knock rather than invent one. Two sets that were filled in the same way are equal byte by byte.
 *
 * Source of fact: ipv6(7): a socket bound to :: is open over IPv4, too, unless IPV6_V6ONLY is set.
 */
#ifndef KW_NET_DOOR_SET_H
#define KW_NET_DOOR_SET_H

#include "net/addr.h"
#include "net/port_set.h"

#include <stdbool.h>
#include <stdint.h>

#define DOOR_SET_NARROW 512 /* a host that binds each of 20 services to each of 25 addresses */

enum door_family { DOOR_FAMILY_V4, DOOR_FAMILY_V6, DOOR_FAMILIES };

/* Open on one address only. */
struct door {
	struct addr addr;
	uint16_t port;
	uint8_t proto; /* enum port_set_proto */
	uint8_t zero;  /* so that equal doors are equal bytes */
};

struct door_set {
	struct port_set all[DOOR_FAMILIES];  /* open on every address of the family */
	struct door narrow[DOOR_SET_NARROW]; /* by address, protocol, port; zero behind the count */
	unsigned narrow_count;
	unsigned widened; /* doors that did not fit */
};

static inline enum door_family door_family_of(const struct addr *a)
{
	return addr_is_v4(a) ? DOOR_FAMILY_V4 : DOOR_FAMILY_V6;
}

void door_set_clear(struct door_set *set);

/* Adds the door of a socket bound to `local`: 0.0.0.0 and :: stand for all addresses of the family,
 * :: without `v6only` for those of both. Adding a door twice is harmless. */
void door_set_add(struct door_set *set, const struct addr *local, bool v6only,
	enum port_set_proto proto, uint16_t port);

/* True if the door is open on this address. */
bool door_set_holds(const struct door_set *set, const struct addr *addr, enum port_set_proto proto,
	uint16_t port);

bool door_set_equal(const struct door_set *a, const struct door_set *b);

/* The ports open on any address, for people. */
void door_set_write_ports(const struct door_set *set, struct port_set *out);

#endif
