/* SPDX-License-Identifier: ISC */
#include "track/tally.h"

#include "base/memory.h"
#include "net/ip_proto.h"

#include <stdlib.h>

enum {
	ROWS = 65536,
	OTHER = 2 * ROWS, /* 256 ICMP types, 256 ICMPv6 types, 256 protocols behind the ports */
	COUNTERS = OTHER + 3 * 256,
};

struct pair {
	uint32_t packets, touches;
};

struct tally {
	int64_t hour;
	unsigned drained; /* where the drain goes on */
	struct pair counts[COUNTERS];
};

struct tally *tally_create(void)
{
	return memory_map_table(sizeof(struct tally));
}

void tally_destroy(struct tally *t)
{
	memory_unmap_table(t, sizeof *t);
}

static unsigned index_of(uint8_t proto, uint16_t port)
{
	switch (proto) {
	case IP_PROTO_TCP:
		return port;
	case IP_PROTO_UDP:
		return ROWS + port;
	case IP_PROTO_ICMP:
		return OTHER + (port & 0xff);
	case IP_PROTO_ICMPV6:
		return OTHER + 256 + (port & 0xff);
	default:
		return OTHER + 512 + proto;
	}
}

static struct tally_count count_at(const struct tally *t, unsigned index)
{
	struct tally_count c = {.hour = t->hour,
		.packets = t->counts[index].packets,
		.touches = t->counts[index].touches};
	if (index < OTHER) {
		c.proto = index < ROWS ? IP_PROTO_TCP : IP_PROTO_UDP;
		c.port = (uint16_t)index;
	} else if (index < OTHER + 512) {
		c.proto = index < OTHER + 256 ? IP_PROTO_ICMP : IP_PROTO_ICMPV6;
		c.port = (uint16_t)((index - OTHER) & 0xff);
	} else {
		c.proto = (uint8_t)(index - OTHER - 512);
	}
	return c;
}

void tally_prefetch(const struct tally *t, uint8_t proto, uint16_t port)
{
	__builtin_prefetch(&t->counts[index_of(proto, port)], 1);
}

void tally_add(struct tally *t, uint8_t proto, uint16_t port, bool first_touch)
{
	struct pair *p = &t->counts[index_of(proto, port)];
	p->packets += p->packets < UINT32_MAX;
	p->touches += first_touch && p->touches < UINT32_MAX;
}

static int64_t hour_of(struct wall_time now)
{
	return wall_time_seconds(now) / 3600;
}

bool tally_hour_is_over(const struct tally *t, struct wall_time now)
{
	return hour_of(now) != t->hour;
}

unsigned tally_drain(struct tally *t, struct tally_count *out, unsigned max)
{
	unsigned n = 0;
	for (; t->drained < COUNTERS && n < max; t->drained++) {
		if (t->counts[t->drained].packets == 0)
			continue;
		out[n++] = count_at(t, t->drained);
		t->counts[t->drained] = (struct pair){0, 0};
	}
	if (n == 0)
		t->drained = 0;
	return n;
}

void tally_start_hour(struct tally *t, struct wall_time now)
{
	t->hour = hour_of(now);
	t->drained = 0;
}
