/* SPDX-License-Identifier: ISC */
#include "sensor/own_addresses.h"

#include <errno.h>
#include <linux/if_addr.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

struct reading {
	struct own_addresses *out;
	bool with_loopback;
};

static bool attribute_address(
	unsigned char family, const struct netlink_attribute *attribute, struct addr *out)
{
	if (family == AF_INET && attribute->size >= 4) {
		*out = addr_from_v4_bytes(attribute->bytes);
		return true;
	}
	if (family == AF_INET6 && attribute->size >= sizeof out->bytes) {
		memcpy(out->bytes, attribute->bytes, sizeof out->bytes);
		return true;
	}
	return false;
}

static void add(struct prefix_set *set, const struct addr *a, bool *cut)
{
	struct prefix p = {*a, 128};
	if (!addr_is_none(a) && !prefix_set_holds(set, a) && !prefix_set_add(set, &p))
		*cut = true;
}

static void take_address(void *context, const struct netlink_answer *answer)
{
	struct reading *reading = context;
	struct ifaddrmsg message;
	if (answer->type != RTM_NEWADDR || answer->size < sizeof message)
		return;
	memcpy(&message, answer->bytes, sizeof message);
	struct addr address = {{0}}, local = {{0}}, broadcast = {{0}};
	struct netlink_attribute attribute;
	size_t at = (sizeof message + 3u) & ~(size_t)3;
	while (netlink_answer_next_attribute(answer, &at, &attribute)) {
		if (attribute.type == IFA_ADDRESS)
			(void)attribute_address(message.ifa_family, &attribute, &address);
		else if (attribute.type == IFA_LOCAL)
			(void)attribute_address(message.ifa_family, &attribute, &local);
		else if (attribute.type == IFA_BROADCAST)
			(void)attribute_address(message.ifa_family, &attribute, &broadcast);
	}
	/* On a point-to-point link IFA_ADDRESS is the other end, and IFA_LOCAL ours. */
	struct addr own = addr_is_none(&local) ? address : local;
	if (addr_is_loopback(&own) && !reading->with_loopback)
		return;
	add(&reading->out->hosts, &own, &reading->out->cut);
	add(&reading->out->broadcasts, &broadcast, &reading->out->cut);
}

/* Of the table local, what is shorter than an address: the addresses are known already. */
static void take_route(void *context, const struct netlink_answer *answer)
{
	struct reading *reading = context;
	struct rtmsg message;
	if (answer->type != RTM_NEWROUTE || answer->size < sizeof message)
		return;
	memcpy(&message, answer->bytes, sizeof message);
	bool v4 = message.rtm_family == AF_INET;
	if (message.rtm_table != RT_TABLE_LOCAL || message.rtm_type != RTN_LOCAL ||
		message.rtm_dst_len == 0 || message.rtm_dst_len >= (v4 ? 32 : 128))
		return;
	struct netlink_attribute attribute;
	struct addr base;
	size_t at = (sizeof message + 3u) & ~(size_t)3;
	while (netlink_answer_next_attribute(answer, &at, &attribute)) {
		if (attribute.type != RTA_DST ||
			!attribute_address(message.rtm_family, &attribute, &base) ||
			addr_is_loopback(&base))
			continue;
		struct prefix p = prefix_of(&base, message.rtm_dst_len);
		if (!prefix_set_add(&reading->out->hosts, &p))
			reading->out->cut = true;
	}
}

static bool read_routes(struct netlink_dump *strict, struct reading *reading)
{
	static const uint8_t families[] = {AF_INET, AF_INET6};
	for (size_t i = 0; i < sizeof families; i++) {
		struct rtmsg message = {.rtm_family = families[i],
			.rtm_table = RT_TABLE_LOCAL,
			.rtm_type = RTN_LOCAL};
		if (netlink_dump_ask(strict, RTM_GETROUTE, &message, sizeof message, take_route,
			    reading) < 0 &&
			errno != ENOENT && errno != EAFNOSUPPORT && errno != EOPNOTSUPP)
			return false;
	}
	return true;
}

bool own_addresses_read(struct netlink_dump *route, struct netlink_dump *strict, bool with_loopback,
	struct own_addresses *out)
{
	struct own_addresses found = {0};
	struct reading reading = {&found, with_loopback};
	struct ifaddrmsg any = {.ifa_family = AF_UNSPEC};
	if (with_loopback) {
		struct addr loopback = addr_from_v4(0x7f000000);
		struct prefix p = prefix_of(&loopback, 8);
		(void)prefix_set_add(&found.hosts, &p);
	}
	/* Blocks first: an address inside one takes no place of its own. */
	if (strict != NULL && !read_routes(strict, &reading))
		return false;
	if (netlink_dump_ask(route, RTM_GETADDR, &any, sizeof any, take_address, &reading) < 0)
		return false;
	*out = found;
	return true;
}

static bool sets_equal(const struct prefix_set *a, const struct prefix_set *b)
{
	if (a->count != b->count)
		return false;
	for (unsigned i = 0; i < a->count; i++) {
		if (a->items[i].length_bits != b->items[i].length_bits ||
			!addr_equal(&a->items[i].base, &b->items[i].base))
			return false;
	}
	return true;
}

bool own_addresses_equal(const struct own_addresses *a, const struct own_addresses *b)
{
	return a->cut == b->cut && sets_equal(&a->hosts, &b->hosts) &&
	       sets_equal(&a->broadcasts, &b->broadcasts);
}
