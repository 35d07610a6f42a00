/* SPDX-License-Identifier: ISC */
/*
 * What the wrappers of our services decided on those who came.
 *
 * Who is refused has knocked at a door that is offered, though not to him, and has learned that somebody stands
 * behind it. In the sequential test that is a failure, once for each service of each host, as a closed door is: a
 * client whom a table forgot is refused at his one service for ever and stays harmless; who is refused at four has
 * tried doors. Who is let in has succeeded, once a service. Of a stranger that is not even remembered.
 *
 * Beside that the refusals of a source are counted in a record of their own, and three of them are told at level 0,
 * within the budget of harmless stories: the wrapper has done what it is there for. If the source turns out to be
 * a scanner they become part of that story, and the harmless one is folded into it.
 *
 * A log line does not say to which of our addresses somebody came. Its host stands for that, by a number of a range
 * that no host has (240.0.0.0/4), unless packets of the source are known to have gone to one address of ours alone.
 *
 * What a log says proves no address: log lines can be forged, by programs of this host and over the network.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "event/technique.h"
#include "net/ip_proto.h"

#define REFUSALS_TOLD 3
#define REFUSED_SLOT 4 /* no packet's source port here, as the slots of reply_path */
#define HOST_BY_NAME UINT32_C(0xf0000000)

_Static_assert(REPLY_SERVICES_MAX == DOSSIER_REFUSED_MAX, "the lists are copied");

static struct target door_of(const struct event *e, const struct dossier *o)
{
	struct target t = {.port = e->dst_port,
		.space = e->proto == IP_PROTO_UDP ? TARGET_UDP : TARGET_TCP,
		.state = TARGET_SETTLED};
	if (!addr_is_none(&e->dst))
		t.host = target_host_of(&e->dst);
	else if (o != NULL && !o->dst_many && !addr_is_none(&o->dst) && o->host == e->host)
		t.host = target_host_of(&o->dst);
	else
		t.host = HOST_BY_NAME | (e->access_host & ~HOST_BY_NAME);
	return t;
}

static struct knock knock_of(const struct event *e, const struct dossier *o)
{
	return (struct knock){.target = door_of(e, o),
		.techniques = technique_bit(
			e->proto == IP_PROTO_UDP ? TECHNIQUE_UDP : TECHNIQUE_CONNECT)};
}

static uint64_t refusals_key(const struct detector *d, const struct addr *source)
{
	return keyed_hash_pair(&d->hash, addr_high_word(source) ^ 11, addr_low_word(source));
}

/* Its source's refusals, this one counted. */
static struct reply_record *count_refusal(struct detector *d, const struct event *e)
{
	struct reply_record *r = reply_table_touch(
		d->replies, refusals_key(d, &e->src), &e->src, REFUSED_SLOT, d->now);
	if (r->dossier != 0 && dossier_pool_get(d->dossiers, r->dossier) == NULL) {
		*r = (struct reply_record){ /* that story is over */
			.addr = r->addr,
			.src_port = r->src_port,
			.used = 1,
			.first_s = d->now_s};
	}
	r->packets += r->packets < UINT32_MAX;
	r->last_s = d->now_s;
	r->ports |= UINT64_C(1) << (keyed_hash_pair(&d->hash, e->access_service, 1) >> 58);
	for (unsigned i = 0; i < REPLY_SERVICES_MAX; i++) {
		if (r->services[i] == e->access_service)
			break;
		if (r->services[i] == 0) {
			r->services[i] = e->access_service;
			break;
		}
	}
	return r;
}

static void note_refusal(struct dossier *o, const struct reply_record *r, const struct event *e)
{
	o->refused = r->packets > o->refused ? r->packets : o->refused + 1;
	memcpy(o->refused_at, r->services, sizeof o->refused_at);
	o->refused_at_more = __builtin_popcountll(r->ports) > DOSSIER_REFUSED_MAX;
	bool told = e->access_line != 0 || e->access_table != 0;
	bool other = o->refused_line != e->access_line || o->refused_table != e->access_table;
	if (told && other) {
		o->refused_rules = (uint8_t)(o->refused_rules + (o->refused_rules < UINT8_MAX));
		o->refused_line = e->access_line;
		o->refused_table = e->access_table;
	}
}

/* Only our own wrappers are believed; and a datagram proves nothing to them, either. */
static bool proves_address(const struct event *e)
{
	return e->origin == EVENT_ORIGIN_WRAPPER && e->proto == IP_PROTO_TCP;
}

/* --- in the sequential test --- */

/* A source without a record. */
static void take_unknown(struct detector *d, const struct prepared *p, const struct knock *k)
{
	struct doorkeeper_sight sight =
		doorkeeper_touch(d->doorkeeper, p->key, probe_path_small_door(&k->target), d->now);
	d->stats.sources_new += sight.answer == DOORKEEPER_NEW;
	tally_add(d->tally, p->event->proto, k->target.port, sight.answer != DOORKEEPER_REPEAT);
	if (sight.answer != DOORKEEPER_SECOND)
		return;
	struct source_record *r = probe_path_add_record(d, p, sight.first);
	r->packets = sight.repeats + 1;
	r->techniques = k->techniques;
	probe_path_recall_target(r, sight.door, &k->target);
	source_record_add_target(r, k->target, false);
	r->score = (float)(2 * probe_path_weigh(d, p->event, k));
}

/* A door that counts, and is not to be counted again. Where its SYN was heard before, it had passed for a client's,
 * and lowered the score. */
static void turn_success(
	struct detector *d, const struct event *e, struct source_record *r, struct target door)
{
	bool credited = d->knows_listening && probe_path_is_listening(d, e);
	if (source_record_mark(r, door, TARGET_SETTLED) && credited)
		r->score = (float)sequential_add((double)r->score, probe_path_weigh_break(d));
}

static struct dossier *open_dossier(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *r, const struct reply_record *refusals)
{
	double weight = probe_path_weigh(d, p->event, k);
	struct dossier *o = dossier_path_open(d, r, p->event);
	if (o == NULL) {
		if (r->targets_count >= SOURCE_TARGETS_INLINE)
			r->score -= (float)weight; /* not remembered, so it must not count */
		else
			source_record_add_target(r, k->target, false);
		return NULL;
	}
	o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	if (d->now.us - o->first.us < CLOCK_US_PER_S)
		o->first = d->now;
	o->score = (double)r->score - weight;
	o->packets--;
	note_refusal(o, refusals, p->event);
	dossier_path_add(d, p, k, r, o);
	return o;
}

/* The record of a source without a dossier. */
static struct dossier *take_suspect(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *r, const struct reply_record *refusals)
{
	r->dossier = 0;
	r->techniques |= k->techniques;
	r->score = (float)sequential_decay((double)r->score, (int64_t)d->now_s - r->last_s);
	if (r->targets_count == 0)
		r->first_s = d->now_s; /* a new visit of a source whose story was closed */
	struct dossier *o = NULL;
	if (source_record_find_target(r, k->target) >= 0) {
		turn_success(d, p->event, r, k->target);
	} else {
		r->score = (float)sequential_add(
			(double)r->score, probe_path_weigh(d, p->event, k));
		if ((double)r->score < SEQUENTIAL_NOTICE &&
			r->targets_count < SOURCE_TARGETS_INLINE)
			source_record_add_target(r, k->target, false);
		else
			o = open_dossier(d, p, k, r, refusals);
	}
	r->last_s = d->now_s;
	return o;
}

static void turn_success_in_dossier(
	struct detector *d, const struct event *e, struct dossier *o, struct target door)
{
	const struct dossier_answer *a = dossier_find_answer(o, door.space, door.port);
	if (!target_set_mark(&o->targets, door, TARGET_SETTLED) || a == NULL || a->visited ||
		!d->knows_listening || !probe_path_is_listening(d, e))
		return;
	o->score = sequential_add(o->score, probe_path_weigh_break(d));
}

static struct dossier *take_known(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *r, const struct reply_record *refusals)
{
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	r->packets += r->packets < UINT32_MAX;
	tally_add(d->tally, p->event->proto, k->target.port, false);
	if (o != NULL && (r->flags & SOURCE_FLAG_GROUPED)) {
		o->refused += o->refused < UINT32_MAX;
		dossier_path_add_to_group(d, p, k, r, o);
		return o;
	}
	r->flags &= (uint8_t)~SOURCE_FLAG_GROUPED & 15;
	if (proves_address(p->event))
		r->flags |= SOURCE_FLAG_PROVEN;
	if (o == NULL)
		return take_suspect(d, p, k, r, refusals);
	if (proves_address(p->event))
		o->spoofable = false;
	note_refusal(o, refusals, p->event);
	turn_success_in_dossier(d, p->event, o, k->target);
	dossier_path_add(d, p, k, r, o);
	return o;
}

/* The dossier of the source's scan, or of its group's; null if it is no scanner. */
static struct dossier *score(
	struct detector *d, const struct prepared *p, const struct reply_record *refusals)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &p->event->src, &r);
	if (p->event->has & EVENT_HAS_PORTS) {
		struct knock k = knock_of(p->event, o);
		struct prepared own = *p;
		own.key = detector_source_key(d, &own.source);
		r = block_path_find(d, &own, &k);
		if (r == NULL)
			take_unknown(d, &own, &k);
		o = r != NULL ? take_known(d, &own, &k, r, refusals) : NULL;
	}
	return o != NULL && o->score >= SEQUENTIAL_NOTICE ? o : NULL;
}

/* --- as a story of its own --- */

static void open_story(struct detector *d, const struct event *e, struct reply_record *r)
{
	if (!detector_may_tell_noise(d, INCIDENT_KIND_REFUSED))
		return;
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_REPLIES, d->now);
	if (o == NULL)
		return;
	r->dossier = o->number;
	o->addr = e->src;
	o->last_src_port = REFUSED_SLOT;
	o->hint = INCIDENT_KIND_REFUSED;
	o->spoofable = !proves_address(e);
	detector_count_event(d, o, e);
	o->packets = r->packets;
	o->score = 0;
	o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	if (d->now.us - o->first.us < CLOCK_US_PER_S)
		o->first = d->now;
	if (e->has & EVENT_HAS_PORTS)
		(void)target_set_add(&o->targets, door_of(e, NULL));
	note_refusal(o, r, e);
	detector_tell(d, FINDING_NOISE, INCIDENT_KIND_REFUSED, o, e, NULL);
}

static void grow_story(struct detector *d, const struct event *e, const struct reply_record *r,
	struct dossier *o)
{
	detector_count_event(d, o, e);
	if (e->has & EVENT_HAS_PORTS)
		(void)target_set_add(&o->targets, door_of(e, NULL));
	note_refusal(o, r, e);
}

/* Each service so often; after that, and where there was no place, when it has doubled. Who goes from one to the
 * next is about to be a scanner, and told as such: at the fourth one, if their doors are known. */
static bool is_due(const struct reply_record *r)
{
	const uint32_t most = 4;
	uint32_t services = (uint32_t)__builtin_popcountll(r->ports);
	uint32_t enough = REFUSALS_TOLD * (services < most ? services : most);
	return r->packets == enough ||
	       (r->packets > enough && (r->packets & (r->packets - 1)) == 0);
}

static void take_refused(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	struct reply_record *r = count_refusal(d, e);
	struct dossier *scan = score(d, p, r);
	struct dossier *own = dossier_pool_get(d->dossiers, r->dossier);
	d->stats.refused++;
	if (scan != NULL && own != NULL) {
		detector_tell(d, FINDING_FOLDED, INCIDENT_KIND_REFUSED, own, e, scan);
		dossier_pool_free(d->dossiers, own);
		r->dossier = 0;
	} else if (own != NULL) {
		grow_story(d, e, r, own);
	} else if (scan == NULL && is_due(r)) {
		open_story(d, e, r);
	}
}

/* --- who is let in --- */

static void credit(struct detector *d, const struct event *e, struct source_record *r,
	struct dossier *o)
{
	struct target door = door_of(e, o);
	door.state |= TARGET_OPENED;
	if (o == NULL) {
		if (r->targets_count >= SOURCE_TARGETS_INLINE ||
			source_record_find_target(r, door) >= 0)
			return;
		source_record_add_target(r, door, false);
		r->score = (float)sequential_add((double)r->score, SEQUENTIAL_SUCCESS);
		return;
	}
	dossier_add_answer(o, door, e->src_port, e->time);
	if (!target_set_add(&o->targets, door))
		return;
	o->new_targets++;
	o->last_new = d->now;
	o->score = sequential_add(o->score, SEQUENTIAL_SUCCESS);
	r->score = (float)o->score;
}

static void take_granted(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->src, &r);
	const struct reply_record *refusals =
		reply_table_find(d->replies, refusals_key(d, &e->src), &e->src, REFUSED_SLOT);
	struct dossier *own =
		refusals != NULL ? dossier_pool_get(d->dossiers, refusals->dossier) : NULL;
	d->stats.granted++;
	if (own != NULL)
		own->granted += own->granted < UINT32_MAX;
	if (r == NULL || (o != NULL && (r->flags & SOURCE_FLAG_GROUPED)))
		return;
	if (o != NULL)
		o->granted += o->granted < UINT32_MAX;
	if (e->has & EVENT_HAS_PORTS)
		credit(d, e, r, o);
}

void access_path_take(struct detector *d, const struct prepared *p)
{
	if (d->options.on_knock != NULL)
		d->options.on_knock(d->options.knock_context, p->event);
	switch ((enum event_access)p->event->access) {
	case EVENT_ACCESS_REFUSED:
		take_refused(d, p);
		break;
	case EVENT_ACCESS_GRANTED:
		take_granted(d, p);
		break;
	case EVENT_ACCESSES:
		break;
	}
}
