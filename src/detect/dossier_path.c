/* SPDX-License-Identifier: ISC */
/*
 * What a probe adds to the dossier of its source, or of the group its source belongs to.
 *
 * Every packet is counted; only a new target, technique or system probe is news. Of the news only
 * milestones (each a quarter, later a half further than the last) make findings, so that a scan of
 * thousands of ports is judged some twenty times and not thousands of times.
 */
#include "detect/detector_state.h"
#include "detect/scan_shape.h"
#include "detect/sequential_test.h"
#include "detect/tool_mark.h"
#include "net/ip_proto.h"

/* A scanner asks an open port twice within moments; later it is a visit. */
#define RETURN_AFTER_S 3
/* Distinct targets farther apart than this are a slow scan's (EVENTS.md). */
#define SLOW_GAP_S 300
/* A member that does this much alone leaves its group. */
#define GROUP_MEMBER_TARGETS 64

/* Of a ghost only eight bits of its host are known. A source may keep it so. In a group it is taken for a
 * neighbour of the host that the source knocked on next, if at the same port; else it is left out, for
 * somebody else of the group may have been there. */
static void copy_ghost(const struct source_record *r, unsigned i, struct dossier *to)
{
	struct target t = {.port = r->ports[i], .space = r->spaces[i] & SOURCE_SPACE_MASK};
	if (to->form == DOSSIER_SOURCE) {
		target_set_add_ghost(&to->targets, (uint8_t)r->hosts[i], t.port, t.space);
		to->new_targets++;
		return;
	}
	if (i + 1 >= r->targets_count || i + 1 >= SOURCE_TARGETS_INLINE ||
		r->ports[i + 1] != t.port || (r->spaces[i + 1] & SOURCE_SPACE_MASK) != t.space)
		return;
	t.host = target_host_beside(r->hosts[i + 1], (uint8_t)r->hosts[i]);
	to->new_targets += target_set_add(&to->targets, t);
}

void detector_copy_targets(const struct source_record *r, struct dossier *to)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		uint8_t space = r->spaces[i] & SOURCE_SPACE_MASK;
		if (r->spaces[i] & SOURCE_SPACE_GHOST) {
			copy_ghost(r, i, to);
			continue;
		}
		uint8_t state = (r->spaces[i] & SOURCE_SPACE_STATE) >> SOURCE_SPACE_STATE_SHIFT;
		struct target t = {r->hosts[i], r->ports[i], space, state};
		if (state & TARGET_OPENED)
			dossier_add_answer(to, t, 0, wall_time_from_parts(r->last_s, 0));
		to->new_targets += target_set_add(&to->targets, t);
	}
}

/* What the targets before the dossier say of it: whether they were all one, and how far apart. */
static void note_first_targets(
	const struct source_record *r, struct dossier *o, const struct event *e)
{
	struct target now = knock_target(e);
	unsigned known =
		r->targets_count < SOURCE_TARGETS_INLINE ? r->targets_count : SOURCE_TARGETS_INLINE;
	o->dst = e->dst;
	o->proto = e->proto;
	for (unsigned i = 0; i < known; i++) {
		uint32_t host =
			r->spaces[i] & SOURCE_SPACE_GHOST ? target_host8(now.host) : now.host;
		o->dst_many |= r->hosts[i] != host;
		o->proto_mixed |= (r->spaces[i] & SOURCE_SPACE_MASK) != now.space;
	}
	int64_t span_s = wall_time_seconds(e->time) - r->first_s;
	if (known > 0 && span_s / known > SLOW_GAP_S)
		o->slow_gaps = known - 1;
}

struct dossier *dossier_path_open(
	struct detector *d, struct source_record *r, const struct event *e)
{
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_SOURCE, d->now);
	if (o == NULL)
		return NULL;
	o->addr = e->src;
	o->last_new = (struct wall_time){(int64_t)r->last_s * CLOCK_US_PER_S};
	o->block_bits = r->flags & SOURCE_FLAG_BLOCK ? 48 : addr_is_v4(&r->addr) ? 128 : 64;
	o->packets = r->packets;
	o->techniques = r->techniques;
	o->visits = r->visits;
	o->score = (double)r->score;
	detector_copy_targets(r, o);
	note_first_targets(r, o, e);
	o->spoofable = !(r->flags & SOURCE_FLAG_PROVEN);
	r->dossier = o->number;
	return o;
}

/* A scanner's datagrams are small (it asks); 500 full ones a second are meant to fill the line. */
static bool is_udp_flood(const struct dossier *o)
{
	return o->proto == IP_PROTO_UDP && !o->proto_mixed && o->rate_peak >= 500 &&
	       o->bytes / o->packets >= 500;
}

static void tell_scan(struct detector *d, struct dossier *o, const struct event *e)
{
	struct target_counts counts = target_set_count(&o->targets);
	struct finding f = {FINDING_SCAN, scan_shape_kind(o, &counts), o, e, NULL, &counts};
	if (is_udp_flood(o)) {
		f.what = FINDING_FLOOD;
		f.kind = INCIDENT_KIND_UDP_FLOOD;
	}
	d->options.on_finding(d->options.context, &f);
}

static void match_signature(struct detector *d, struct dossier *o, const struct event *e)
{
	if (d->options.signatures == NULL || (e->has & EVENT_HAS_ACCESS))
		return;
	const struct signature *s =
		signature_set_match(d->options.signatures, e, o->signature_level);
	if (s == NULL)
		return;
	o->signature = s->id;
	o->signature_level = s->level;
}

/* Is it time for a finding? Milestones in targets, and news in techniques and system probes. */
static bool is_milestone(struct dossier *o, uint32_t techniques_before, uint32_t os_before)
{
	if (o->new_targets >= o->next_targets) {
		/* Early every few, for the first levels lie there; later each half further. */
		o->next_targets =
			o->new_targets + o->new_targets / (o->new_targets < 64 ? 4 : 2) + 1;
		return true;
	}
	/* The question that gives the story its name. */
	if (o->questions >= SCAN_SHAPE_QUESTIONS && !o->questions_told) {
		o->questions_told = true;
		return true;
	}
	return o->techniques != techniques_before ||
	       (o->os_probes != os_before && tool_mark_os_probes(o) <= 3);
}

bool dossier_path_add_to_group(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, struct dossier *group)
{
	uint32_t before = group->techniques;
	detector_count_event(d, group, p->event);
	group->techniques |= k->techniques;
	if (!addr_is_v4(&p->source))
		dossier_add_member(group, &r->addr, &p->event->src, false);
	tool_mark_count(group, p->event, k->marks);
	bool fresh = target_set_add(&group->targets, k->target);
	group->packets -= k->broken_off && !fresh;
	if (fresh) {
		group->new_targets++;
		group->last_new = d->now;
		if (r->targets_count < UINT8_MAX)
			r->targets_count++;
	}
	group->score = sequential_add(group->score, SEQUENTIAL_FAILURE);
	if (group->form == DOSSIER_DISTRIBUTED && r->targets_count > GROUP_MEMBER_TARGETS) {
		r->flags &= (uint8_t)~SOURCE_FLAG_GROUPED & 15;
		r->dossier = 0;
		r->score = (float)SEQUENTIAL_ALERT;
	}
	if (is_milestone(group, before, group->os_probes))
		detector_tell(d, FINDING_SCAN,
			group->form == DOSSIER_DISTRIBUTED ? INCIDENT_KIND_DISTRIBUTED
							   : INCIDENT_KIND_VERTICAL,
			group, p->event, NULL);
	return fresh;
}

/* A connection by an operating system, to a door it knew before: it has something to ask there. */
static void note_question(struct dossier *o, struct dossier_answer *a, const struct knock *k)
{
	if (a == NULL || a->asked || !(k->techniques & technique_bit(TECHNIQUE_CONNECT)))
		return;
	a->asked = true;
	o->questions++;
}

/* A known port touched again, from another source port, after it had been found open. */
static void note_return(struct dossier *o, const struct event *e, const struct knock *k, bool fresh)
{
	if (!k->offered || (e->probe != EVENT_PROBE_SYN && !k->broken_off))
		return;
	struct dossier_answer *a = dossier_find_answer(o, k->target.space, k->target.port);
	if (a == NULL) {
		dossier_add_answer(o, k->target, e->src_port, e->time);
		if (!fresh && !k->broken_off)
			note_question(
				o, dossier_find_answer(o, k->target.space, k->target.port), k);
		return;
	}
	if (a->host != k->target.host || k->broken_off || a->src_port == e->src_port)
		return;
	note_question(o, a, k);
	if (a->src_port == 0)
		a->src_port = e->src_port;
	else if (wall_time_seconds(e->time) - a->found_s > RETURN_AFTER_S)
		o->returned = true;
}

/* The open doors that a scan met while it still passed for a client. */
static void recall_visits(struct detector *d, const struct source_record *r, struct dossier *o)
{
	struct visit visits[VISIT_WAYS];
	uint32_t first_s = (uint32_t)wall_time_seconds(o->first);
	unsigned count =
		visit_table_recall(&d->visits, detector_source_key(d, &r->addr), first_s, visits);
	for (unsigned i = 0; i < count; i++) {
		struct target door = {visits[i].host, visits[i].port, TARGET_TCP, TARGET_OPENED};
		dossier_add_answer(
			o, door, visits[i].src_port, wall_time_from_parts(visits[i].second, 0));
	}
}

bool dossier_path_add(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, struct dossier *o)
{
	const struct event *e = p->event;
	uint32_t before = o->techniques;
	uint32_t os_before = o->os_probes;
	int64_t idle_s = (d->now.us - o->last.us) / CLOCK_US_PER_S;
	detector_count_event(d, o, e);
	o->techniques |= k->techniques;
	o->score = sequential_decay(o->score, idle_s);
	if (!(e->has & EVENT_HAS_ACCESS))
		tool_mark_count(o, e, k->marks);
	match_signature(d, o, e);
	bool settled = k->broken_off && target_set_mark(&o->targets, k->target, TARGET_SETTLED);
	bool fresh = target_set_add(&o->targets, k->target);
	note_return(o, e, k, fresh);
	o->packets -= k->broken_off && !fresh; /* the SYN was counted */
	if (settled)
		o->score = sequential_add(o->score, probe_path_weigh_break(d));
	if (fresh) {
		o->new_targets++;
		o->slow_gaps += d->now.us - o->last_new.us > SLOW_GAP_S * CLOCK_US_PER_S &&
				o->new_targets > 1;
		o->last_new = d->now;
		o->score = sequential_add(o->score, probe_path_weigh(d, e, k));
	}
	if (!fresh && knock_is_impossible(k->techniques & ~before))
		o->score = sequential_add(o->score, SEQUENTIAL_MARKED);
	r->score = (float)o->score;
	r->last_s = d->now_s;
	bool untold = o->next_targets == 0;
	if (o->score >= SEQUENTIAL_NOTICE && is_milestone(o, before, os_before)) {
		if (untold)
			recall_visits(d, r, o);
		tell_scan(d, o, e);
	} else if (fresh && k->offered && d->knows_listening) {
		knock_row_consider(d, r, o, e);
	}
	return fresh;
}
