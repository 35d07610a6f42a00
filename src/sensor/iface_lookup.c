/* SPDX-License-Identifier: ISC */
#include "sensor/iface_lookup.h"

#include "base/clock_now.h"
#include "base/memory.h"

#include <errno.h>
#include <linux/netlink.h>
#include <stdlib.h>
#include <time.h>

#define LIST_AGE_MIN_MS 1000 /* unknown numbers make us ask at most this often */

struct iface_lookup {
	struct netlink_dump *route;
	struct name_table *names;
	struct iface_list list;
	int64_t read_ms;         /* monotonic */
	struct iface_known last; /* most packets come on the interface of the one before */
};

struct iface_lookup *iface_lookup_open(struct name_table *names)
{
	struct iface_lookup *l = memory_calloc(1, sizeof *l);
	l->names = names;
	l->route = netlink_dump_open(NETLINK_ROUTE);
	if (l->route == NULL) {
		int kept = errno;
		free(l);
		errno = kept;
		return NULL;
	}
	iface_lookup_renew(l);
	return l;
}

void iface_lookup_close(struct iface_lookup *l)
{
	if (l == NULL)
		return;
	netlink_dump_close(l->route);
	free(l);
}

void iface_lookup_renew(struct iface_lookup *l)
{
	l->read_ms = clock_now_monotonic_ms();
	l->last = (struct iface_known){0};
	for (int try = 0; try < 3 && !iface_list_read(l->route, &l->list); try++)
		;
}

const struct iface_known *iface_lookup_find(struct iface_lookup *l, int index)
{
	if (l->last.index == index)
		return &l->last;
	const struct iface *found = iface_list_find(&l->list, index);
	if (!found && clock_now_monotonic_ms() - l->read_ms >= LIST_AGE_MIN_MS) {
		iface_lookup_renew(l);
		found = iface_list_find(&l->list, index);
	}
	l->last = (struct iface_known){.index = index};
	if (found) {
		l->last.number = name_table_intern(l->names, text_slice_of(found->name));
		l->last.follower = found->follower;
	}
	return &l->last;
}

const struct iface_list *iface_lookup_list(const struct iface_lookup *l)
{
	return &l->list;
}
