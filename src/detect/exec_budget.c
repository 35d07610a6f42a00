/* SPDX-License-Identifier: ISC */
/*
 * An allowance is one moment: until when it is drawn. Each start moves it on by 1 s / rate, it never lies before
 * now, and a start is refused where it would lie more than the burst ahead (GCRA, the leaky bucket of ATM). So a
 * bucket needs no filling, and no clock but that of the starts.
 */
#include "detect/exec_budget.h"

void exec_budget_clear(struct exec_budget *b)
{
	memset(b, 0, sizeof *b);
}

/* May one be drawn? Brings an allowance that a jump of time left in the future back to all of its burst. */
static bool has_room(int64_t *until_us, int64_t now_us, int64_t burst, int64_t rate)
{
	int64_t step = CLOCK_US_PER_S / rate, most = now_us + (burst - 1) * step;
	if (*until_us < now_us)
		*until_us = now_us;
	if (*until_us > most + step)
		*until_us = most + step;
	return *until_us <= most;
}

static bool draw(int64_t *own_us, int64_t *shared_us, int64_t now_us)
{
	if (!has_room(own_us, now_us, EXEC_BUDGET_BURST, EXEC_BUDGET_RATE) ||
		!has_room(shared_us, now_us, EXEC_BUDGET_BURST_ALL, EXEC_BUDGET_RATE_ALL))
		return false;
	*own_us += CLOCK_US_PER_S / EXEC_BUDGET_RATE;
	*shared_us += CLOCK_US_PER_S / EXEC_BUDGET_RATE_ALL;
	return true;
}

static struct exec_budget_unit *take_place(struct exec_budget *b)
{
	struct exec_budget_unit *place = NULL;
	for (unsigned i = 0; i < EXEC_BUDGET_UNITS; i++) {
		struct exec_budget_unit *u = &b->units[i];
		if (!u->in_use)
			return u;
		if (u->held == 0 && (place == NULL || u->seen_us < place->seen_us))
			place = u;
	}
	return place;
}

/* A unit is known by its name, and where there is none by the name of the parent. */
static struct exec_budget_unit *find(struct exec_budget *b, const struct exec_event *e)
{
	const char *parent = e->unit[0] ? "" : e->parent;
	for (unsigned i = 0; i < EXEC_BUDGET_UNITS; i++) {
		struct exec_budget_unit *u = &b->units[i];
		if (u->in_use && strcmp(u->unit, e->unit) == 0 && strcmp(u->parent, parent) == 0)
			return u;
	}
	struct exec_budget_unit *place = take_place(b);
	if (place == NULL)
		return &b->units[EXEC_BUDGET_UNITS];
	memset(place, 0, sizeof *place);
	place->in_use = true;
	memcpy(place->unit, e->unit, sizeof place->unit);
	memcpy(place->parent, parent, strlen(parent) + 1);
	return place;
}

static void hold(
	struct exec_budget *b, struct exec_budget_unit *u, const struct exec_event *e, bool is_new)
{
	if (u->held++ == 0)
		u->first = e->time;
	u->last = e->time;
	u->held_fresh += is_new;
	b->held++;
	memcpy(u->exe, e->exe, sizeof u->exe);
}

bool exec_budget_take(struct exec_budget *b, const struct exec_event *e, bool is_new)
{
	struct exec_budget_unit *u = find(b, e);
	u->in_use = true;
	u->seen_us = e->time.us;
	bool may = is_new ? draw(&u->fresh_us, &b->fresh_us, e->time.us)
			  : draw(&u->known_us, &b->known_us, e->time.us);
	if (!may)
		hold(b, u, e, is_new);
	return may;
}

bool exec_budget_next_sum(
	struct exec_budget *b, struct wall_time now, bool all, struct exec_json_held *out)
{
	for (unsigned i = 0; i <= EXEC_BUDGET_UNITS; i++) {
		struct exec_budget_unit *u = &b->units[i];
		int64_t age_us = now.us - u->first.us;
		if (u->held == 0 ||
			(!all && age_us >= 0 && age_us < EXEC_BUDGET_SUM_S * CLOCK_US_PER_S))
			continue;
		*out = (struct exec_json_held){.first = u->first,
			.last = u->last,
			.count = u->held,
			.fresh = u->held_fresh,
			.unit = u->unit,
			.parent = u->parent,
			.exe = u->exe};
		u->held = u->held_fresh = 0;
		return true;
	}
	return false;
}
