/* SPDX-License-Identifier: ISC */
/*
 * forwarding - whether this host passes packets on for others (a router, a host of containers).
 *
 * With address translation (masquerading) answers for others then come to our own address, to ports
 * that no socket of ours has. Source of fact: rtnetlink, RTM_GETNETCONF (Linux 3.8).
 */
#ifndef KW_SENSOR_FORWARDING_H
#define KW_SENSOR_FORWARDING_H

#include "net/door_set.h"
#include "sensor/netlink_dump.h"

#include <stdbool.h>

/* Of each family, whether any interface forwards; true where the kernel does not tell. `route` is a
 * NETLINK_ROUTE socket. */
void forwarding_read(struct netlink_dump *route, bool forwards[DOOR_FAMILIES]);

#endif
