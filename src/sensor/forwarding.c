/* SPDX-License-Identifier: ISC */
#include "sensor/forwarding.h"

#include <linux/netconf.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

static int32_t number_of(const struct netlink_attribute *attribute)
{
	int32_t value = 0;
	if (attribute->size >= sizeof value)
		memcpy(&value, attribute->bytes, sizeof value);
	return value;
}

static void take_interface(void *context, const struct netlink_answer *answer)
{
	bool *forwards = context;
	if (answer->type != RTM_NEWNETCONF)
		return;
	struct netlink_attribute attribute;
	size_t at = (sizeof(struct netconfmsg) + 3u) & ~(size_t)3;
	int32_t index = 0, forwarding = 0;
	while (netlink_answer_next_attribute(answer, &at, &attribute)) {
		if (attribute.type == NETCONFA_IFINDEX)
			index = number_of(&attribute);
		else if (attribute.type == NETCONFA_FORWARDING)
			forwarding = number_of(&attribute);
	}
	/* What interfaces to come will do says nothing about those there are. */
	if (forwarding != 0 && index != NETCONFA_IFINDEX_DEFAULT)
		*forwards = true;
}

void forwarding_read(struct netlink_dump *route, bool forwards[DOOR_FAMILIES])
{
	static const uint8_t families[DOOR_FAMILIES] = {
		[DOOR_FAMILY_V4] = AF_INET, [DOOR_FAMILY_V6] = AF_INET6};
	for (unsigned i = 0; i < DOOR_FAMILIES; i++) {
		struct netconfmsg message = {.ncm_family = families[i]};
		forwards[i] = false;
		if (netlink_dump_ask(route, RTM_GETNETCONF, &message, sizeof message,
			    take_interface, &forwards[i]) < 0)
			forwards[i] = true;
	}
}
