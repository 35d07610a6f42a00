/* SPDX-License-Identifier: ISC */
#include "track/campaign_table.h"

#include "base/memory.h"

#include <endian.h>
#include <stddef.h>
#include <stdlib.h>
#include <string.h>

enum {
	HOSTS = 256, /* our hosts under watch at once: 1 MiB */
	PROBES = 4,
};

/* What a look-up needs, apart from the rest: a campaign is four kilobytes. */
struct head {
	struct addr host;
	uint32_t last_s;
	bool used;
};

struct campaign_table {
	struct head heads[HOSTS];
	struct campaign campaigns[HOSTS];
};

struct campaign_table *campaign_table_create(void)
{
	return memory_calloc(1, sizeof(struct campaign_table));
}

void campaign_table_destroy(struct campaign_table *t)
{
	free(t);
}

/* Neighbours lie side by side, so that a sweep over all of a /24 pushes none of them out. Networks are
 * mixed; our own addresses are not the enemy's choice, so that a plain mix will do. */
static uint32_t slot_of(const struct addr *host)
{
	uint64_t low = be64toh(addr_low_word(host)), network = low >> 8 ^ addr_high_word(host);
	return (uint32_t)(low & 0xff) + (uint32_t)(network * UINT64_C(0x9e3779b97f4a7c15) >> 40);
}

static void start_window(struct campaign *c, uint32_t second)
{
	c->window_s = second;
	c->touches = c->comers = c->second_comers = c->recent_count = 0;
	c->rate_comers = 0;
}

static struct campaign *take_place(
	struct campaign_table *t, uint32_t place, const struct addr *host, uint32_t second)
{
	struct campaign *c = &t->campaigns[place];
	memset(c, 0, offsetof(struct campaign, doors));
	crowd_start(&c->crowd);
	c->host = *host;
	c->window_s = second;
	t->heads[place] = (struct head){.host = *host, .last_s = second, .used = true};
	return c;
}

struct campaign *campaign_table_get(
	struct campaign_table *t, const struct addr *host, struct wall_time now)
{
	uint32_t second = (uint32_t)wall_time_seconds(now), slot = slot_of(host);
	uint32_t victim = slot % HOSTS;
	for (uint32_t i = 0; i < PROBES; i++) {
		uint32_t place = (slot + i) % HOSTS;
		struct head *h = &t->heads[place];
		if (h->used && addr_equal(&h->host, host)) {
			struct campaign *c = &t->campaigns[place];
			if (second - c->window_s > CAMPAIGN_WINDOW_S)
				start_window(c, second);
			h->last_s = second;
			return c;
		}
		const struct head *v = &t->heads[victim];
		if (v->used && (!h->used || h->last_s < v->last_s))
			victim = place;
	}
	return take_place(t, victim, host, second);
}

struct campaign *campaign_table_next(struct campaign_table *t, uint32_t *cursor)
{
	while (*cursor < HOSTS) {
		uint32_t place = (*cursor)++;
		if (t->heads[place].used)
			return &t->campaigns[place];
	}
	return NULL;
}

void campaign_note_comer(struct campaign *c, uint64_t door_hash, struct wall_time now)
{
	uint32_t second = (uint32_t)wall_time_seconds(now);
	if (second != c->rate_second) {
		c->rate_second = second;
		c->rate_comers = 0;
		c->rate_doors = 0;
	}
	c->rate_doors |= UINT64_C(1) << (door_hash >> 58);
	c->rate_comers++;
	if (c->rate_comers < CAMPAIGN_FORGED_RATE) {
		c->comers++;
	} else if (c->forged_second != second) {
		c->forged_second = second;
		c->comers -= c->comers < c->rate_comers - 1 ? c->comers : c->rate_comers - 1;
	}
}

bool campaign_is_forged(const struct campaign *c, struct wall_time now)
{
	return c->forged_second != 0 && (uint32_t)wall_time_seconds(now) - c->forged_second <= 1;
}

void campaign_note_second(struct campaign *c, const struct addr *source)
{
	c->second_comers++;
	c->recent[c->recent_count++ % CAMPAIGN_RECENT] = *source;
}

void campaign_note_touch(struct campaign *c, uint64_t door_hash)
{
	if (c->touches++ == 0)
		memset(c->doors, 0, sizeof c->doors);
	linear_counter_note(c->doors, door_hash);
}

unsigned campaign_doors(const struct campaign *c)
{
	return c->touches > 0 ? linear_counter_estimate(c->doors) : 0;
}
