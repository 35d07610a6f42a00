/* SPDX-License-Identifier: ISC */
/*
 * iface_list - the network interfaces of this host, and which of them tell a packet twice.
 *
 * A value without heap, read over a NETLINK_ROUTE socket. A port of a bridge, bond or team hands
 * each packet on to the master device, where it is seen again: whoever watches all interfaces
 * leaves those ports out. (A member of a VRF is not such a port.)
 * Source of fact: rtnetlink(7), RTM_GETLINK.
 */
#ifndef KW_SENSOR_IFACE_LIST_H
#define KW_SENSOR_IFACE_LIST_H

#include "base/text_buffer.h"
#include "sensor/netlink_dump.h"

#include <stdbool.h>

#define IFACE_LIST_MAX                                                                             \
	1024              /* a host of a few hundred containers; the rest is watched as unnamed    \
			   */
#define IFACE_NAME_MAX 16 /* IFNAMSIZ, with its NUL */

struct iface {
	int index;
	char name[IFACE_NAME_MAX];
	bool follower; /* a port of a bridge, bond or team */
};

struct iface_list {
	struct iface items[IFACE_LIST_MAX];
	unsigned count;
};

/* False with errno where the kernel did not tell; `out` then holds nothing. */
bool iface_list_read(struct netlink_dump *route, struct iface_list *out);

/* Null if there is none of this number. Borrowed from the list. */
const struct iface *iface_list_find(const struct iface_list *list, int index);

/* The name that a misspelt one was to be; null if none is near. Borrowed from the list. */
const char *iface_list_guess(const struct iface_list *list, const char *wanted);

/* "lo, eth0, wlan0" */
void iface_list_write_names(const struct iface_list *list, struct text_buffer *out);

#endif
