/* SPDX-License-Identifier: ISC */
#include "engine/home_guess.h"

#include "base/memory.h"
#include "net/ip_proto.h"

#include <stdlib.h>
#include <string.h>

enum {
	SLOTS = 8192, /* addresses looked at: more than that at once is a flood from outside */
	COVER_PERCENT = 90,
};

struct tally_of_block {
	struct prefix block;
	uint32_t packets;  /* with one end in it */
	uint32_t asked;    /* SYN, UDP, echo requests that came to it */
	uint32_t asking;   /* ... that it sent */
	uint32_t answered; /* SYN-ACKs it got */
	bool used;
};

/* Prefix lengths tried, from the single address up. */
static const struct {
	unsigned v4, v6;
} levels[] = {{32, 128}, {24, 64}, {16, 48}, {8, 32}};

static struct tally_of_block *find_block(struct tally_of_block *table, const struct prefix *p)
{
	uint64_t h =
		(addr_low_word(&p->base) ^ addr_high_word(&p->base)) * UINT64_C(0x9e3779b97f4a7c15);
	for (unsigned i = 0; i < 64; i++) {
		struct tally_of_block *t = &table[((h >> 40) + i) % SLOTS];
		if (t->used && addr_equal(&t->block.base, &p->base))
			return t;
		if (!t->used) {
			t->used = true;
			t->block = *p;
			return t;
		}
	}
	return NULL;
}

static bool is_question(const struct event *e)
{
	if (e->probe == EVENT_PROBE_SYN)
		return true;
	if (e->probe == EVENT_PROBE_UDP)
		return e->src_port >= 1024 || e->dst_port < 1024;
	return e->probe == EVENT_PROBE_ICMP && !event_icmp_is_error(e->proto, e->icmp_type) &&
	       !event_icmp_is_reply(e->proto, e->icmp_type);
}

static bool is_countable(const struct event *e)
{
	return !(e->has & EVENT_HAS_ACCESS) && !(e->marks & EVENT_MARK_LINK_GROUP) && !addr_is_multicast(&e->dst) &&
	       !addr_is_limited_broadcast(&e->dst) && !addr_is_link_local(&e->src);
}

static void count_end(
	struct tally_of_block *table, const struct event *e, size_t level, bool is_src)
{
	const struct addr *a = is_src ? &e->src : &e->dst;
	struct prefix p = prefix_of(a, addr_is_v4(a) ? levels[level].v4 : levels[level].v6);
	struct tally_of_block *t = find_block(table, &p);
	if (t == NULL || prefix_holds(&p, is_src ? &e->dst : &e->src))
		return;
	t->packets++;
	if (is_question(e)) {
		t->asking += is_src;
		t->asked += !is_src;
	}
	t->answered += !is_src && e->probe == EVENT_PROBE_SYN_ACK;
}

/* Not the scanner: it is asked more than it asks, or half of what it asks is answered. */
static bool looks_like_home(const struct tally_of_block *t)
{
	return t->asked >= t->asking || t->answered * 2 >= t->asking;
}

static const struct tally_of_block *best_block(
	const struct tally_of_block *table, uint32_t countable)
{
	const struct tally_of_block *best = NULL;
	for (size_t i = 0; i < SLOTS; i++) {
		const struct tally_of_block *t = &table[i];
		if (!t->used || (uint64_t)t->packets * 100 < (uint64_t)countable * COVER_PERCENT ||
			!looks_like_home(t))
			continue;
		if (best == NULL ||
			t->asked - (int64_t)t->asking > best->asked - (int64_t)best->asking)
			best = t;
	}
	return best;
}

static bool guess_level(
	const struct event *events, size_t count, size_t level, struct home_guess *g)
{
	struct tally_of_block *table = memory_calloc(SLOTS, sizeof *table);
	uint32_t countable = 0;
	for (size_t i = 0; i < count; i++) {
		if (!is_countable(&events[i]))
			continue;
		countable++;
		count_end(table, &events[i], level, true);
		count_end(table, &events[i], level, false);
	}
	const struct tally_of_block *best = countable ? best_block(table, countable) : NULL;
	if (best != NULL) {
		prefix_set_add(&g->home, &best->block);
		g->percent = (unsigned)((uint64_t)best->packets * 100 / countable);
	}
	free(table);
	return best != NULL;
}

struct home_guess home_guess_make(const struct event *events, size_t count)
{
	struct home_guess g;
	size_t marked = 0, packets = 0;
	memset(&g, 0, sizeof g);
	for (size_t i = 0; i < count; i++) {
		marked += (events[i].marks & (EVENT_MARK_INCOMING | EVENT_MARK_OUTGOING)) != 0;
		packets += !(events[i].has & EVENT_HAS_ACCESS);
	}
	g.needless = packets == 0;
	if (packets > 0 && marked * 100 >= packets * COVER_PERCENT) {
		g.from_marks = true;
		g.percent = (unsigned)(marked * 100 / packets);
		return g;
	}
	for (size_t level = 0; level < sizeof levels / sizeof levels[0]; level++) {
		if (guess_level(events, count, level, &g))
			break;
	}
	return g;
}
