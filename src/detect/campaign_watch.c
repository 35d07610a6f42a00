/* SPDX-License-Identifier: ISC */
/*
 * Many sources, one host, within minutes.
 *
 * Sources that share a scan bring few doors each and do not repeat each other: the touches summed
 * over them are hardly more than the distinct doors. The background of the Internet repeats itself
 * (the same twenty ports) or comes one door a source, and who knocks once is not counted here. A
 * flood with forged addresses also never repeats, but comes with hundreds of new sources a second:
 * that is a flood and nothing else, and its seconds teach nothing about anybody.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* Sources that came to a second door of this host within the window. */
#define DISTRIBUTED_SOURCES 8
#define DISTRIBUTED_DOORS 14 /* two each, less what the counter may take for the same */
/* Touches to distinct doors: with ten shared doors in forty this is passed. */
#define DISTRIBUTED_OVERLAP 1.25
/* A group goes on to take new sources for this long after its last packet. */
#define GROUP_OPEN_S 600
#define WAVE_PAUSE_US (60 * CLOCK_US_PER_S)
/* A flood at fewer doors than this is aim_watch's to tell, k by k. */
#define FLOOD_DOORS 8
/* Beyond this many doors a source is a scanner in its own right. */
#define MEMBER_DOORS 20

static uint64_t door_hash(const struct detector *d, const struct target *t)
{
	return keyed_hash_pair(&d->hash, (uint64_t)t->port << 8 | t->space, 0x9d);
}

bool detector_join_group(
	struct detector *d, struct source_record *r, struct dossier *group, const struct event *e)
{
	struct dossier *own = dossier_pool_get(d->dossiers, r->dossier);
	if (own == group)
		return true;
	bool has_own = own != NULL && !(r->flags & SOURCE_FLAG_GROUPED);
	if (has_own && own->new_targets > MEMBER_DOORS)
		return false;
	/* Of a stranger of the crowd, one packet stands in the group already. */
	if (dossier_has_member(group, &r->addr))
		group->packets--;
	detector_copy_targets(r, group);
	dossier_add_member(group, &r->addr, has_own ? &own->addr : NULL, false);
	group->techniques |= r->techniques;
	int64_t first_us = has_own ? own->first.us : (int64_t)r->first_s * CLOCK_US_PER_S;
	group->packets += has_own ? own->packets : r->packets;
	if (first_us < group->first.us)
		group->first.us = first_us;
	group->last = d->now;
	if (has_own) {
		detector_tell(d, FINDING_FOLDED, (enum incident_kind)group->hint, own, e, group);
		dossier_pool_free(d->dossiers, own);
	}
	r->dossier = group->number;
	r->flags |= SOURCE_FLAG_GROUPED;
	return true;
}

static enum incident_kind flood_kind(const struct event *e)
{
	return e->proto == IP_PROTO_UDP ? INCIDENT_KIND_UDP_FLOOD : INCIDENT_KIND_SYN_FLOOD;
}

static struct dossier *open_flood(struct detector *d, const struct prepared *p, struct campaign *c)
{
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_FLOOD, d->now);
	c->flood_dossier = o->number;
	o->addr = o->dst = c->host;
	o->hint = (uint8_t)flood_kind(p->event);
	o->score = SEQUENTIAL_BLOCK;
	o->packets = c->rate_comers - 1;
	o->forged_sources = c->rate_comers;
	o->rate_second = c->rate_second;
	o->rate_count = o->rate_peak = c->rate_comers;
	o->next_packets = o->packets * 2;
	detector_count_event(d, o, p->event);
	detector_tell(d, FINDING_FLOOD, (enum incident_kind)o->hint, o, p->event, NULL);
	return o;
}

static void count_in_flood(
	struct detector *d, const struct prepared *p, const struct knock *k, struct dossier *o)
{
	detector_count_event(d, o, p->event);
	o->forged_sources++;
	if (o->new_targets < TARGET_SET_EXACT)
		o->new_targets += target_set_add(&o->targets, k->target);
	if (o->packets >= o->next_packets) {
		o->next_packets = o->packets * 2;
		detector_tell(d, FINDING_FLOOD, (enum incident_kind)o->hint, o, p->event, NULL);
	}
}

static bool is_shared_work(const struct campaign *c)
{
	if (c->second_comers < DISTRIBUTED_SOURCES)
		return false;
	/* Of those who came, many stayed for a second door. */
	if (c->second_comers * 6 < c->comers)
		return false;
	unsigned doors = campaign_doors(c);
	return doors >= DISTRIBUTED_DOORS && (double)c->touches <= DISTRIBUTED_OVERLAP * doors;
}

static void gather_members(struct detector *d, struct dossier *group, const struct event *e,
	const struct addr *members, unsigned count)
{
	for (unsigned i = 0; i < count; i++) {
		uint64_t key = detector_source_key(d, &members[i]);
		struct source_record *r = source_table_find(d->sources, key, &members[i]);
		if (r != NULL && !(r->flags & SOURCE_FLAG_GROUPED) &&
			r->targets_count <= MEMBER_DOORS)
			detector_join_group(d, r, group, e);
	}
}

/* The group of a shared scan, with nobody in it yet. */
static struct dossier *open_group(struct detector *d, const struct event *e)
{
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_DISTRIBUTED, d->now);
	o->addr = o->dst = e->dst;
	o->hint = INCIDENT_KIND_DISTRIBUTED;
	o->score = SEQUENTIAL_BLOCK;
	detector_count_event(d, o, e);
	o->packets = 0;
	return o;
}

struct dossier *campaign_watch_open(
	struct detector *d, const struct event *e, const struct addr *members, unsigned count)
{
	struct dossier *o = open_group(d, e);
	gather_members(d, o, e, members, count);
	detector_tell(d, FINDING_SCAN, INCIDENT_KIND_DISTRIBUTED, o, e, NULL);
	return o;
}

static struct dossier *open_distributed(
	struct detector *d, const struct prepared *p, struct campaign *c)
{
	unsigned members = c->recent_count < CAMPAIGN_RECENT ? c->recent_count : CAMPAIGN_RECENT;
	struct dossier *o = campaign_watch_open(d, p->event, c->recent, members);
	c->dossier = o->number;
	c->is_crowd = false;
	return o;
}

/* Who goes from host to host shares no host's doors with anybody, though he may come to this one, too. */
static bool has_another_door_here(const struct source_record *r, const struct target *t)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		uint8_t space = r->spaces[i] & SOURCE_SPACE_MASK;
		if (!(r->spaces[i] & SOURCE_SPACE_GHOST) && r->hosts[i] == t->host &&
			space <= TARGET_UDP && (r->ports[i] != t->port || space != t->space))
			return true;
	}
	return false;
}

/* The second door of a source, and the first one with it. */
static void note_second(struct detector *d, struct campaign *c, const struct knock *k,
	const struct source_record *r)
{
	struct target first = {.port = r->ports[0], .space = r->spaces[0] & SOURCE_SPACE_MASK};
	campaign_note_touch(c, door_hash(d, &first));
	campaign_note_touch(c, door_hash(d, &k->target));
	campaign_note_second(c, &r->addr);
}

struct dossier *campaign_watch_touch(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *r, bool second)
{
	if (k->target.space > TARGET_UDP || r->targets_count > MEMBER_DOORS ||
		!has_another_door_here(r, &k->target) || detector_is_research(d, &p->event->src))
		return NULL;
	struct campaign *c = campaign_table_get(d->campaigns, &p->event->dst, d->now);
	if (!campaign_is_forged(c, d->now)) {
		if (second)
			note_second(d, c, k, r);
		else
			campaign_note_touch(c, door_hash(d, &k->target));
	}
	struct dossier *group = dossier_pool_get(d->dossiers, c->dossier);
	if (group != NULL) {
		/* Who comes hours later, alone, is no part of it, though an old member may still
		 * knock. */
		bool busy = d->now.us - group->first.us < GROUP_OPEN_S * CLOCK_US_PER_S ||
			    c->second_comers >= DISTRIBUTED_SOURCES;
		if (!busy || d->now.us - group->last.us > GROUP_OPEN_S * CLOCK_US_PER_S)
			return NULL;
		return detector_join_group(d, r, group, p->event) ? group : NULL;
	}
	c->dossier = 0;
	if (!second || !is_shared_work(c))
		return NULL;
	group = open_distributed(d, p, c);
	if (!(r->flags & SOURCE_FLAG_GROUPED))
		detector_join_group(d, r, group, p->event);
	return group;
}

/* Somebody who came once, to a door that nobody of the group has tried. */
static void add_stranger(struct dossier *group, const struct crowd_comer *comer)
{
	struct addr scored = detector_scored_address(&comer->source);
	if (!target_set_add(&group->targets, comer->door))
		return;
	dossier_add_member(group, &scored, &comer->source, false);
	group->packets++;
	group->new_targets++;
}

static void open_crowd(struct detector *d, const struct prepared *p, struct campaign *c)
{
	struct dossier *o = open_group(d, p->event);
	c->dossier = o->number;
	c->is_crowd = true;
	o->first = wall_time_from_parts(c->crowd.window_s, 0);
	o->techniques |= knock_read(p->event).techniques;
	for (unsigned i = crowd_kept(&c->crowd); i > 0; i--)
		add_stranger(o, crowd_latest(&c->crowd, i - 1));
	o->next_targets = o->new_targets + o->new_targets / 2;
	detector_tell(d, FINDING_SCAN, INCIDENT_KIND_DISTRIBUTED, o, p->event, NULL);
}

/* The newcomers of the second that is over join the scan of their kind. */
static void join_crowd(struct detector *d, const struct event *e, struct campaign *c,
	struct dossier *group, unsigned come)
{
	if (d->now.us - group->last.us > GROUP_OPEN_S * CLOCK_US_PER_S)
		return;
	for (unsigned i = come; i > 0; i--)
		add_stranger(group, crowd_latest(&c->crowd, i - 1));
	group->last = group->last_new = d->now;
	if (group->new_targets < group->next_targets)
		return;
	group->next_targets = group->new_targets + group->new_targets / 2;
	detector_tell(d, FINDING_SCAN, INCIDENT_KIND_DISTRIBUTED, group, e, NULL);
}

/* New sources a second at all our hosts together that make a crowd at one of them no news. */
#define COMERS_FLOOD 64
#define COMERS_FLOOD_NEAR_S 60

static void count_comer(struct detector *d)
{
	uint32_t second = d->now_s;
	if (d->comers_s != second) {
		d->comers_s = second;
		d->comers = 0;
	}
	if (++d->comers >= COMERS_FLOOD)
		d->comers_flood_s = second;
}

/* A flood at the host, or one that spreads over all of them, in or about that second. */
static bool is_queue_forged(const struct detector *d, const struct campaign *c)
{
	uint32_t second = c->crowd.second;
	uint32_t apart = d->comers_flood_s > second ? d->comers_flood_s - second
						    : second - d->comers_flood_s;
	return (c->forged_second != 0 && c->forged_second == second) ||
	       (d->comers_flood_s != 0 && apart < COMERS_FLOOD_NEAR_S);
}

void campaign_watch_settle(struct detector *d, struct wall_time now)
{
	uint32_t cursor = 0;
	for (struct campaign *c; (c = campaign_table_next(d->campaigns, &cursor)) != NULL;) {
		struct dossier *group = dossier_pool_get(d->dossiers, c->dossier);
		if (group == NULL || !c->is_crowd || c->crowd.waiting == 0 ||
			c->crowd.second >= (uint32_t)wall_time_seconds(now))
			continue;
		unsigned come = crowd_end_second(&c->crowd, is_queue_forged(d, c));
		if (come > 0)
			join_crowd(d, NULL, c, group, come);
	}
}

static void note_in_crowd(struct detector *d, const struct prepared *p, const struct knock *k,
	struct campaign *c, uint64_t door)
{
	count_comer(d);
	struct dossier *group = dossier_pool_get(d->dossiers, c->dossier);
	struct crowd_comer comer = {p->event->src, k->target};
	unsigned come = crowd_note(&c->crowd, &comer, door, d->now_s, is_queue_forged(d, c));
	if (group == NULL && crowd_shares_work(&c->crowd))
		open_crowd(d, p, c);
	else if (group != NULL && c->is_crowd && come > 0)
		join_crowd(d, p->event, c, group, come);
}

/* More newcomers in this second than are ever real. */
static bool is_overrun(const struct detector *d, const struct campaign *c)
{
	return c->rate_second == d->now_s && c->rate_comers >= CAMPAIGN_FORGED_RATE;
}

struct dossier *campaign_watch_comer(
	struct detector *d, const struct prepared *p, const struct knock *k)
{
	if (k->target.space > TARGET_UDP || d->late)
		return NULL;
	struct campaign *c = campaign_table_get(d->campaigns, &p->event->dst, d->now);
	if (!is_overrun(d, c) && detector_is_research(d, &p->event->src))
		return NULL;
	uint64_t door = door_hash(d, &k->target);
	note_in_crowd(d, p, k, c, door);
	campaign_note_comer(c, door, d->now);
	struct dossier *flood = dossier_pool_get(d->dossiers, c->flood_dossier);
	bool fast = is_overrun(d, c) && __builtin_popcountll(c->rate_doors) > FLOOD_DOORS;
	if (flood == NULL)
		return fast ? open_flood(d, p, c) : NULL;
	/* A pause ends a wave; a later wave is the same story while that is open. */
	if (!fast && d->now.us - flood->last.us > WAVE_PAUSE_US)
		return NULL;
	count_in_flood(d, p, k, flood);
	return flood;
}
