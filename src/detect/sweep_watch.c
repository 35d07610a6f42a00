/* SPDX-License-Identifier: ISC */
/*
 * Many sources, one port, the hosts of our network shared out among them.
 *
 * Each source alone is a sweep of a few hosts, or nothing at all. Bots that draw their targets by lot, and
 * scanners that go through a network one after the other, meet each other; parts of one machine do not
 * (sweep_table). Only the first few hosts of a source are looked at: then it has a story of its own, which
 * is folded into the group if the rest of the group comes in time.
 */
#include "detect/detector_state.h"

/* A group goes on to take new sources for this long after its last packet. */
#define GROUP_OPEN_US (600 * CLOCK_US_PER_S)

/* The record's first door, where it was the same port of another host; -1 if it was none of this sweep. */
static int first_host8(const struct source_record *r, const struct target *now)
{
	if (r->ports[0] != now->port || (r->spaces[0] & SOURCE_SPACE_MASK) != now->space)
		return -1;
	bool ghost = r->spaces[0] & SOURCE_SPACE_GHOST;
	int first = ghost ? (int)(r->hosts[0] & 0xff) : target_host8(r->hosts[0]);
	return first == target_host8(now->host) ? -1 : first;
}

static struct dossier *group_of(struct detector *d, struct sweep *s)
{
	struct dossier *group = dossier_pool_get(d->dossiers, s->dossier);
	if (group == NULL || d->now.us - group->last.us > GROUP_OPEN_US)
		return NULL;
	return group;
}

struct dossier *sweep_watch_touch(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *r, bool second)
{
	int first = k->target.space <= TARGET_UDP ? first_host8(r, &k->target) : -1;
	if (first < 0 || d->late || detector_is_research(d, &p->event->src))
		return NULL;
	struct sweep *s = sweep_table_get(&d->sweeps, k->target.space, k->target.port, d->now_s);
	if (second) {
		sweep_note_touch(s, (uint8_t)first);
		sweep_note_source(s, &r->addr);
	}
	sweep_note_touch(s, target_host8(k->target.host));
	struct dossier *group = group_of(d, s);
	if (group == NULL && sweep_is_due(s) && sweep_is_shared(s)) {
		unsigned members = s->sources < SWEEP_RECENT ? s->sources : SWEEP_RECENT;
		group = campaign_watch_open(d, p->event, s->recent, members);
		s->dossier = group->number;
	}
	if (group == NULL)
		return NULL;
	return detector_join_group(d, r, group, p->event) ? group : NULL;
}
