/* SPDX-License-Identifier: ISC */
#include "sensor/iface_list.h"

#include "base/word_guess.h"

#include <linux/if_link.h>
#include <linux/rtnetlink.h>
#include <string.h>
#include <sys/socket.h>

/* Kinds of master that see each packet of their ports again. */
static const char *const telling_masters[] = {"bridge", "bond", "team", "openvswitch"};

static bool kind_tells_twice(const struct netlink_attribute *kind)
{
	for (size_t i = 0; i < sizeof telling_masters / sizeof telling_masters[0]; i++) {
		size_t n = strlen(telling_masters[i]);
		if (kind->size >= n && memcmp(kind->bytes, telling_masters[i], n) == 0)
			return true;
	}
	return false;
}

static bool is_follower(const struct netlink_attribute *link_info)
{
	struct netlink_answer inside = {0, link_info->bytes, link_info->size};
	struct netlink_attribute part;
	size_t at = 0;
	while (netlink_answer_next_attribute(&inside, &at, &part)) {
		if (part.type == IFLA_INFO_SLAVE_KIND && kind_tells_twice(&part))
			return true;
	}
	return false;
}

static void take_link(void *context, const struct netlink_answer *answer)
{
	struct iface_list *list = context;
	struct ifinfomsg message;
	if (answer->type != RTM_NEWLINK || answer->size < sizeof message ||
		list->count == IFACE_LIST_MAX)
		return;
	memcpy(&message, answer->bytes, sizeof message);
	struct iface found = {.index = message.ifi_index};
	struct netlink_attribute attribute;
	size_t at = (sizeof message + 3u) & ~(size_t)3;
	while (netlink_answer_next_attribute(answer, &at, &attribute)) {
		if (attribute.type == IFLA_IFNAME && attribute.size <= sizeof found.name)
			memcpy(found.name, attribute.bytes, attribute.size);
		else if (attribute.type == IFLA_LINKINFO)
			found.follower = is_follower(&attribute);
	}
	found.name[sizeof found.name - 1] = '\0';
	list->items[list->count++] = found;
}

bool iface_list_read(struct netlink_dump *route, struct iface_list *out)
{
	struct ifinfomsg any = {.ifi_family = AF_UNSPEC};
	out->count = 0;
	if (netlink_dump_ask(route, RTM_GETLINK, &any, sizeof any, take_link, out) == 0)
		return true;
	out->count = 0;
	return false;
}

const struct iface *iface_list_find(const struct iface_list *list, int index)
{
	for (unsigned i = 0; i < list->count; i++) {
		if (list->items[i].index == index)
			return &list->items[i];
	}
	return NULL;
}

const char *iface_list_guess(const struct iface_list *list, const char *wanted)
{
	struct word_guess guess = word_guess_of(wanted);
	for (unsigned i = 0; i < list->count; i++)
		word_guess_offer(&guess, list->items[i].name);
	return guess.best;
}

void iface_list_write_names(const struct iface_list *list, struct text_buffer *out)
{
	for (unsigned i = 0; i < list->count; i++) {
		const char *name = list->items[i].name;
		text_buffer_add(out, i > 0 ? ", " : "");
		text_buffer_add_escaped(out, name, strlen(name));
	}
}
