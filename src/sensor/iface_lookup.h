/* SPDX-License-Identifier: ISC */
/*
 * iface_lookup - an interface's number to its name, again and again, as packets need it.
 *
 * Keeps the list of interfaces and the last answer; a number it does not know makes it ask the kernel
 * anew, once a second at most. Works without privilege.
 */
#ifndef KW_SENSOR_IFACE_LOOKUP_H
#define KW_SENSOR_IFACE_LOOKUP_H

#include "event/name_table.h"
#include "sensor/iface_list.h"

#include <stdbool.h>
#include <stdint.h>

struct iface_lookup;

/* What an event needs to know of an interface. */
struct iface_known {
	int index;
	uint16_t number; /* of its name in the name_table; 0 = not known */
	bool follower;   /* a port of a bridge, bond or team */
};

/* `names` is borrowed. Null with errno where the kernel gives no socket for it. */
struct iface_lookup *iface_lookup_open(struct name_table *names);
/* Accepts null. */
void iface_lookup_close(struct iface_lookup *l);

/* Never null; valid until the next call. */
const struct iface_known *iface_lookup_find(struct iface_lookup *l, int index);

/* Asks the kernel now. */
void iface_lookup_renew(struct iface_lookup *l);

/* As of the last asking. */
const struct iface_list *iface_lookup_list(const struct iface_lookup *l);

#endif
