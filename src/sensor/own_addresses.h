/* SPDX-License-Identifier: ISC */
/*
 * own_addresses - the addresses this host answers on, as the kernel has them configured: those of its
 * interfaces, and blocks that are routed to itself (ip route add local 192.0.2.0/24 dev lo).
 *
 * A value without heap. Loopback addresses are left out unless asked for. Up to PREFIX_SET_MAX of
 * each kind; a host with more gets `cut`, and whoever filters by address must then let all pass.
 * Source of fact: rtnetlink(7), RTM_GETADDR, RTM_GETROUTE of the table
 * local.
 */
#ifndef KW_SENSOR_OWN_ADDRESSES_H
#define KW_SENSOR_OWN_ADDRESSES_H

#include "net/prefix.h"
#include "sensor/netlink_dump.h"

#include <stdbool.h>

struct own_addresses {
	struct prefix_set hosts; /* single addresses and blocks; with loopback also 127.0.0.0/8 */
	struct prefix_set broadcasts; /* directed broadcast addresses of the links (IPv4) */
	bool cut;                     /* there were more than fit */
};

/* `route` is a NETLINK_ROUTE socket, `strict` one that is strict, or null: then blocks are not known.
 * False with errno where the kernel did not tell. */
bool own_addresses_read(struct netlink_dump *route, struct netlink_dump *strict, bool with_loopback,
	struct own_addresses *out);

bool own_addresses_equal(const struct own_addresses *a, const struct own_addresses *b);

#endif
