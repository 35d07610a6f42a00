/* SPDX-License-Identifier: ISC */
/*
 * How many of N hosts m touches by chance hit is the occupancy problem (W. Feller, An Introduction to
 * Probability Theory, volume 1, chapter IV.2): with a = m/N, the mean is N(1 - e^-a) and the variance
 * N e^-a (1 - (1 + a) e^-a).
 */
#include "track/sweep_table.h"

#include <math.h>
#include <string.h>

#define LOOK_EVERY 8    /* touches */
#define SOURCES_LEAST 8 /* fewer may be one person's few machines */

static void start_window(struct sweep *s, uint32_t now_s)
{
	s->window_s = now_s;
	s->touches = s->sources = s->looked = 0;
	memset(s->hosts, 0, sizeof s->hosts);
}

struct sweep *sweep_table_get(struct sweep_table *t, uint8_t space, uint16_t port, uint32_t now_s)
{
	struct sweep *victim = &t->sweeps[0];
	for (unsigned i = 0; i < SWEEP_PORTS; i++) {
		struct sweep *s = &t->sweeps[i];
		if (s->used && s->port == port && s->space == space) {
			if (now_s - s->window_s > SWEEP_WINDOW_S)
				start_window(s, now_s);
			s->last_s = now_s;
			return s;
		}
		if (victim->used && (!s->used || s->last_s < victim->last_s))
			victim = s;
	}
	*victim = (struct sweep){.used = true, .space = space, .port = port, .last_s = now_s};
	start_window(victim, now_s);
	return victim;
}

void sweep_note_touch(struct sweep *s, uint8_t host8)
{
	s->touches++;
	s->hosts[host8 / 64] |= UINT64_C(1) << host8 % 64;
}

void sweep_note_source(struct sweep *s, const struct addr *source)
{
	s->recent[s->sources++ % SWEEP_RECENT] = *source;
}

bool sweep_is_due(struct sweep *s)
{
	if (s->touches - s->looked < LOOK_EVERY)
		return false;
	s->looked = s->touches;
	return true;
}

bool sweep_is_shared(const struct sweep *s)
{
	if (s->sources < SOURCES_LEAST)
		return false;
	int hit = 0;
	for (unsigned i = 0; i < SWEEP_HOSTS / 64; i++)
		hit += __builtin_popcountll(s->hosts[i]);
	double a = (double)s->touches / SWEEP_HOSTS, missed = exp(-a);
	double mean = SWEEP_HOSTS * (1 - missed);
	double deviation = sqrt(SWEEP_HOSTS * missed * (1 - (1 + a) * missed));
	return hit > mean + 4 * deviation;
}
