/* SPDX-License-Identifier: ISC */
#include "track/crowd.h"

#include <stddef.h>
#include <string.h>

void crowd_start(struct crowd *c)
{
	memset(c, 0, offsetof(struct crowd, doors));
}

/* Those who waited are among the comers now. */
static void take_waiting(struct crowd *c, unsigned kept)
{
	for (unsigned i = 0; i < kept; i++)
		c->latest[c->kept++ % CROWD_KEPT] = c->queue[i];
	if (c->comers == 0)
		memset(c->doors, 0, sizeof c->doors);
	for (int i = 0; i < LINEAR_COUNTER_WORDS; i++)
		c->doors[i] |= c->waiting_doors[i];
	c->comers += c->waiting;
}

/* Those who waited have come, or, in a flood, were never there. */
unsigned crowd_end_second(struct crowd *c, bool forged)
{
	unsigned kept = c->waiting < CROWD_KEPT ? c->waiting : CROWD_KEPT;
	if (kept > 0 && !forged)
		take_waiting(c, kept);
	c->waiting = 0;
	return forged ? 0 : kept;
}

static void end_window(struct crowd *c, uint32_t second)
{
	bool just_before = second - c->window_s <= 2 * CROWD_WINDOW_S;
	c->comers_before = just_before ? c->comers : 0;
	c->comers = c->kept = 0;
	c->window_s = second;
}

unsigned crowd_note(struct crowd *c, const struct crowd_comer *comer, uint64_t door_hash,
	uint32_t second, bool forged)
{
	unsigned come = 0;
	if (second - c->window_s > CROWD_WINDOW_S)
		end_window(c, c->waiting > 0 ? c->second : second);
	if (second != c->second)
		come = crowd_end_second(c, forged);
	c->second = second;
	if (c->waiting < CROWD_KEPT)
		c->queue[c->waiting] = *comer;
	if (c->waiting++ == 0)
		memset(c->waiting_doors, 0, sizeof c->waiting_doors);
	linear_counter_note(c->waiting_doors, door_hash);
	return come;
}

bool crowd_shares_work(const struct crowd *c)
{
	return c->comers >= CROWD_SOURCES && c->comers >= CROWD_GROWTH * c->comers_before &&
	       (double)c->comers <= CROWD_OVERLAP * linear_counter_estimate(c->doors);
}

unsigned crowd_kept(const struct crowd *c)
{
	return c->kept < CROWD_KEPT ? c->kept : CROWD_KEPT;
}

const struct crowd_comer *crowd_latest(const struct crowd *c, unsigned n)
{
	return &c->latest[(c->kept - 1 - n) % CROWD_KEPT];
}
