/* SPDX-License-Identifier: ISC */
#include "net/door_set.h"

#include <string.h>

void door_set_clear(struct door_set *set)
{
	memset(set, 0, sizeof *set);
}

static bool is_any_v4(const struct addr *a)
{
	return addr_is_v4(a) && addr_v4(a) == 0;
}

static int compare(const struct door *a, const struct door *b)
{
	int order = addr_compare(&a->addr, &b->addr);
	if (order != 0)
		return order;
	if (a->proto != b->proto)
		return a->proto < b->proto ? -1 : 1;
	return a->port == b->port ? 0 : a->port < b->port ? -1 : 1;
}

/* The place of the first door that does not come before this one. */
static unsigned find_place(const struct door_set *set, const struct door *wanted)
{
	unsigned first = 0, end = set->narrow_count;
	while (first < end) {
		unsigned middle = (first + end) / 2;
		if (compare(&set->narrow[middle], wanted) < 0)
			first = middle + 1;
		else
			end = middle;
	}
	return first;
}

static void add_narrow(struct door_set *set, const struct door *door)
{
	unsigned place = find_place(set, door);
	if (place < set->narrow_count && compare(&set->narrow[place], door) == 0)
		return;
	if (set->narrow_count == DOOR_SET_NARROW) {
		port_set_add(&set->all[door_family_of(&door->addr)],
			(enum port_set_proto)door->proto, door->port);
		set->widened++;
		return;
	}
	memmove(&set->narrow[place + 1], &set->narrow[place],
		(set->narrow_count - place) * sizeof set->narrow[0]);
	set->narrow[place] = *door;
	set->narrow_count++;
}

void door_set_add(struct door_set *set, const struct addr *local, bool v6only,
	enum port_set_proto proto, uint16_t port)
{
	if (is_any_v4(local)) {
		port_set_add(&set->all[DOOR_FAMILY_V4], proto, port);
	} else if (addr_is_none(local)) {
		port_set_add(&set->all[DOOR_FAMILY_V6], proto, port);
		if (!v6only)
			port_set_add(&set->all[DOOR_FAMILY_V4], proto, port);
	} else {
		struct door door = {.addr = *local, .port = port, .proto = (uint8_t)proto};
		add_narrow(set, &door);
	}
}

bool door_set_holds(const struct door_set *set, const struct addr *addr, enum port_set_proto proto,
	uint16_t port)
{
	if (port_set_holds(&set->all[door_family_of(addr)], proto, port))
		return true;
	if (set->narrow_count == 0)
		return false;
	struct door door = {.addr = *addr, .port = port, .proto = (uint8_t)proto};
	unsigned place = find_place(set, &door);
	return place < set->narrow_count && compare(&set->narrow[place], &door) == 0;
}

bool door_set_equal(const struct door_set *a, const struct door_set *b)
{
	return a->narrow_count == b->narrow_count && a->widened == b->widened &&
	       memcmp(a->narrow, b->narrow, a->narrow_count * sizeof a->narrow[0]) == 0 &&
	       memcmp(a->all, b->all, sizeof a->all) == 0;
}

void door_set_write_ports(const struct door_set *set, struct port_set *out)
{
	*out = set->all[DOOR_FAMILY_V4];
	port_set_add_all(out, &set->all[DOOR_FAMILY_V6]);
	for (unsigned i = 0; i < set->narrow_count; i++)
		port_set_add(out, (enum port_set_proto)set->narrow[i].proto, set->narrow[i].port);
}
