/* SPDX-License-Identifier: ISC */
/*
 * own_addresses - the addresses this host answers on, as the kernel has them configured.
 *
 * A value without heap. Loopback addresses are left out unless asked for. Up to PREFIX_SET_MAX of
 * each kind; a host with more gets `cut`, and whoever filters by address must then let all pass.
 * Source of fact: rtnetlink(7), RTM_GETADDR.
 */
#ifndef KW_SENSOR_OWN_ADDRESSES_H
#define KW_SENSOR_OWN_ADDRESSES_H

#include "net/prefix.h"
#include "sensor/netlink_dump.h"

#include <stdbool.h>

struct own_addresses {
	struct prefix_set hosts;      /* single addresses; with loopback also 127.0.0.0/8 */
	struct prefix_set broadcasts; /* directed broadcast addresses of the links (IPv4) */
	bool cut;                     /* there were more than fit */
};

/* `route` is a NETLINK_ROUTE socket. False with errno where the kernel did not tell. */
bool own_addresses_read(struct netlink_dump *route, bool with_loopback, struct own_addresses *out);

bool own_addresses_equal(const struct own_addresses *a, const struct own_addresses *b);

#endif
