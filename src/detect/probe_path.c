/* SPDX-License-Identifier: ISC */
/*
 * A probe on its way up two storeys.
 *
 * Ground floor: the doorkeeper has seen the source or not. The same door again is a retransmission;
 * another door lifts the source to the first floor, a record with the sequential test. When the
 * test says "notice", or the record has no room for another target, a dossier is opened; from there
 * on every packet goes into the dossier, and milestones (each a quarter further than the last) make
 * findings. So a forged source costs one cache line, a client that errs costs two, and only
 * scanners cost more.
 */
#include "detect/detector_state.h"
#include "detect/misdirected.h"
#include "detect/sequential_test.h"
#include "detect/tool_mark.h"
#include "net/ip_proto.h"

/* A source that repeats itself is told as a retry after this many packets to at most three doors
 * (mail programs try three): one Linux connect() sends up to 7 SYNs, and one more call is no story.
 */
#define RETRY_PACKETS 6
#define RETRY_DOORS 3

/* Not what most packets need: kept out of the way of those that come from known scanners, which are half of a
 * busy day's. */
#define ASIDE __attribute__((noinline))

/* Counts a knock for the tables that are kept, and hands on those that open a new door. */
static void count_knock(
	struct detector *d, const struct event *e, const struct knock *k, bool fresh)
{
	tally_add(d->tally, e->proto, k->target.space <= TARGET_ICMP ? k->target.port : 0, fresh);
	if (fresh && d->options.on_knock != NULL)
		d->options.on_knock(d->options.knock_context, e);
}

bool probe_path_is_listening(const struct detector *d, const struct event *e)
{
	enum port_set_proto proto;
	if (!d->knows_listening || !(e->has & EVENT_HAS_PORTS) ||
		!port_set_proto_of(e->proto, &proto))
		return false;
	return door_set_holds(&d->listening, &e->dst, proto, e->dst_port) &&
	       prefix_set_holds(&d->own, &e->dst);
}

static struct knock knock_of(const struct detector *d, const struct prepared *p, bool listening)
{
	struct knock k = p->knock;
	k.offered = listening || service_table_is_open(d->services, p->aim);
	k.target.state =
		(uint8_t)((k.offered ? TARGET_OPENED : 0) | (k.broken_off ? TARGET_SETTLED : 0));
	return k;
}

static bool is_trap(const struct detector *d, const struct event *e)
{
	enum port_set_proto proto;
	if (d->options.dark.count > 0 && prefix_set_holds(&d->options.dark, &e->dst))
		return true;
	return d->options.trap_ports != NULL && port_set_proto_of(e->proto, &proto) &&
	       (e->has & EVENT_HAS_PORTS) &&
	       port_set_holds(d->options.trap_ports, proto, e->dst_port);
}

double probe_path_weigh(const struct detector *d, const struct event *e, const struct knock *k)
{
	if (knock_is_impossible(k->techniques) || tool_mark_is_certain(k->marks) || is_trap(d, e) ||
		(e->marks & EVENT_MARK_TINY_FRAGMENT)) /* no link is so narrow */
		return SEQUENTIAL_MARKED;
	if (k->broken_off || !k->offered)
		return SEQUENTIAL_FAILURE;
	/* Where we see both sides, the handshake will tell (answer_watch). */
	bool open_case = k->target.space == TARGET_TCP && !d->knows_listening;
	return open_case ? 0 : SEQUENTIAL_SUCCESS;
}

double probe_path_weigh_break(const struct detector *d)
{
	/* Where the handshake cannot be heard, the SYN had passed for a client's. */
	return d->knows_listening ? SEQUENTIAL_FAILURE - SEQUENTIAL_SUCCESS : SEQUENTIAL_FAILURE;
}

/* Regular calls at a closed door: a health check that nobody told about the move. */
static bool is_regular(const struct dossier *o)
{
	return o->gaps >= 9 && o->gap_mean_ms >= 1000 && o->gap_dev_ms * 4 < o->gap_mean_ms;
}

/* A stream of datagrams from one high port to one high port is no client that tries again: somebody has
 * not noticed that we hung up (RTP, games). A client asks from ever new ports. */
static enum incident_kind repeat_kind(const struct event *e)
{
	if (misdirected_is_report(e))
		return INCIDENT_KIND_MISDIRECTED;
	bool stream = e->proto == IP_PROTO_UDP && e->src_port >= 1024 && e->dst_port >= 1024;
	return stream ? INCIDENT_KIND_LATE_REPLY : INCIDENT_KIND_RETRY;
}

/* The story of one that repeats itself goes on: is it still what it was taken for? */
static void reconsider_retry(struct detector *d, const struct event *e, struct dossier *o)
{
	enum incident_kind kind = (enum incident_kind)o->hint;
	if (kind == INCIDENT_KIND_LATE_REPLY && e->src_port != o->last_src_port)
		kind = INCIDENT_KIND_RETRY;
	else if (kind == INCIDENT_KIND_RETRY && is_regular(o))
		kind = INCIDENT_KIND_HEALTH_CHECK;
	if (kind == o->hint)
		return;
	o->hint = (uint8_t)kind;
	detector_tell(d, FINDING_NOISE, kind, o, e, NULL);
}

static ASIDE void consider_retry(
	struct detector *d, const struct prepared *p, struct source_record *r)
{
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	enum incident_kind kind = repeat_kind(p->event);
	if (o == NULL) {
		/* Each door as often as one connect() would; after that, tried again when it has
		 * doubled. */
		uint32_t enough = RETRY_PACKETS * (r->targets_count ? r->targets_count : 1u);
		bool due = r->packets == enough ||
			   (r->packets > enough && (r->packets & (r->packets - 1)) == 0);
		if (!due || r->targets_count > RETRY_DOORS || !detector_may_tell_noise(d, kind))
			return;
		o = dossier_path_open(d, r, p->event);
		if (o == NULL)
			return;
		detector_count_event(d, o, p->event);
		o->packets = r->packets;
		o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
		o->hint = (uint8_t)kind;
		o->last_src_port = p->event->src_port;
		detector_tell(d, FINDING_NOISE, kind, o, p->event, NULL);
	} else {
		reconsider_retry(d, p->event, o);
	}
}

/* The group that shares the scan of which this door is a part, or null: of one host's doors, or of one door's
 * hosts. The source has joined it. Who knew more doors than a record lists is no small part of anything; and if
 * there was no dossier for him, his doors are not even known, and each would count again and again. */
static struct dossier *share_of(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, bool second)
{
	if (!second && r->targets_count >= SOURCE_TARGETS_INLINE)
		return NULL;
	struct dossier *group = campaign_watch_touch(d, p, k, r, second);
	return group != NULL ? group : sweep_watch_touch(d, p, k, r, second);
}

/* The record of a source without a dossier. True if the door was new to it. */
static ASIDE bool take_suspect(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, const struct aim_record *aim)
{
	const struct event *e = p->event;
	r->dossier = 0;
	bool odd_news = knock_is_impossible(k->techniques & ~r->techniques);
	r->techniques |= k->techniques;
	uint32_t now_s = d->now_s;
	r->score = (float)sequential_decay((double)r->score, (int64_t)now_s - r->last_s);
	if (r->targets_count == 0)
		r->first_s = r->last_s = now_s; /* a new visit of a source whose story was closed */
	if (source_record_find_target(r, k->target) >= 0) {
		r->last_s = now_s;
		/* A known door, but flags no stack sends: that is news about the source. */
		if (odd_news)
			r->score = (float)sequential_add((double)r->score, SEQUENTIAL_MARKED);
		if (k->broken_off && source_record_mark(r, k->target, TARGET_SETTLED))
			r->score =
				(float)sequential_add((double)r->score, probe_path_weigh_break(d));
		/* A door that many call in vain is told once, as a group (aim_watch). */
		if ((aim == NULL || aim->dossier == 0) && !k->offered)
			consider_retry(d, p, r);
		return false;
	}
	r->packets += k->broken_off; /* its SYN was taken for a client's */
	r->score = (float)sequential_add((double)r->score, probe_path_weigh(d, e, k));
	struct dossier *group = share_of(d, p, k, r, false);
	if (group != NULL) {
		group->packets--; /* the record that joined has counted this packet already */
		return dossier_path_add_to_group(d, p, k, r, group);
	}
	if ((double)r->score < SEQUENTIAL_NOTICE && r->targets_count < SOURCE_TARGETS_INLINE) {
		source_record_add_target(r, k->target, false);
		r->last_s = now_s;
		return true;
	}
	struct dossier *o = dossier_path_open(d, r, p->event);
	r->last_s = now_s;
	if (o == NULL) {
		/* No place, and no memory of this door: it may be a retransmission, so it must not
		 * count. */
		if (r->targets_count >= SOURCE_TARGETS_INLINE)
			r->score -= (float)probe_path_weigh(d, e, k);
		else
			source_record_add_target(r, k->target, false);
		return true;
	}
	o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	if (d->now.us - o->first.us < CLOCK_US_PER_S)
		o->first = d->now;
	o->score = (double)r->score - probe_path_weigh(d, e, k);
	o->packets--;
	return dossier_path_add(d, p, k, r, o);
}

/* The record of a source that has one. True if the door was new to it. */
static bool take_known(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, const struct aim_record *aim)
{
	/* Of a handshake that is broken off the SYN was counted. */
	r->packets += r->packets < UINT32_MAX && !k->broken_off;
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	if (o != NULL && (r->flags & SOURCE_FLAG_GROUPED))
		return dossier_path_add_to_group(d, p, k, r, o);
	r->flags &= (uint8_t)~SOURCE_FLAG_GROUPED & 15;
	if (o == NULL)
		return take_suspect(d, p, k, r, aim);
	bool fresh = dossier_path_add(d, p, k, r, o);
	if (o->score < SEQUENTIAL_NOTICE && !k->offered)
		consider_retry(d, p, r);
	return fresh;
}

struct source_record *probe_path_add_record(
	struct detector *d, const struct prepared *p, struct wall_time first)
{
	struct source_record evicted;
	struct source_record *r = source_table_add(d->sources, p->key, &p->source, &evicted);
	if (evicted.packets > 0) {
		d->stats.evicted_sources++;
		struct dossier *o = dossier_pool_get(d->dossiers, evicted.dossier);
		if (o != NULL && !(evicted.flags & SOURCE_FLAG_GROUPED))
			dossier_pool_free(d->dossiers, o);
	}
	d->stats.promoted++;
	r->first_s = (uint32_t)wall_time_seconds(first);
	r->last_s = d->now_s;
	return r;
}

/* A single packet that is a story by itself. */
static void consider_lone_signature(
	struct detector *d, const struct prepared *p, const struct knock *k)
{
	const struct signature *s =
		d->options.signatures ? signature_set_match(d->options.signatures, p->event, -1)
				      : NULL;
	if (s == NULL || !s->alone || !detector_may_tell_lone(d))
		return;
	doorkeeper_forget(d->doorkeeper, p->key);
	struct source_record *r = probe_path_add_record(d, p, d->now);
	r->packets = 1;
	r->techniques = k->techniques;
	r->score = (float)SEQUENTIAL_FAILURE;
	struct dossier *o = dossier_path_open(d, r, p->event);
	if (o == NULL)
		return;
	o->packets = 0;
	dossier_path_add(d, p, k, r, o);
	detector_tell(d, FINDING_ATTACK, INCIDENT_KIND_EXPLOIT, o, p->event, NULL);
}

struct doorkeeper_door probe_path_small_door(const struct target *t)
{
	uint8_t proto = t->space == TARGET_TCP    ? 0
			: t->space == TARGET_UDP  ? 1
			: t->space == TARGET_ICMP ? 2
						  : 3;
	uint16_t port = t->space == TARGET_SCTP ? (uint16_t)(t->port ^ 0x8000) : t->port;
	return (struct doorkeeper_door){port, target_host8(t->host), proto};
}

void probe_path_recall_target(
	struct source_record *r, struct doorkeeper_door kept, const struct target *now)
{
	static const uint8_t spaces[] = {TARGET_TCP, TARGET_UDP, TARGET_ICMP, TARGET_PROTOCOL};
	struct target t = {.port = kept.port, .space = spaces[kept.proto]};
	bool same_host = kept.host8 == target_host8(now->host);
	if (now->space == TARGET_SCTP && kept.proto == 3) {
		t.space = TARGET_SCTP;
		t.port ^= 0x8000;
	}
	t.host = same_host ? now->host : kept.host8;
	r->techniques |= knock_techniques_at(&t);
	source_record_add_target(r, t, !same_host);
}

/* Who comes to an offered service, as far as one packet tells. */
static bool is_client(const struct knock *k)
{
	return k->offered && !k->broken_off && !knock_is_impossible(k->techniques) &&
	       !tool_mark_is_certain(k->marks);
}

/* Whether the first door of a source, of which only the doorkeeper knows, turned out to be offered. */
static bool is_first_open(const struct detector *d, const struct event *e, const struct knock *k,
	struct doorkeeper_door first)
{
	bool same_host = first.host8 == target_host8(k->target.host);
	if (k->target.space != TARGET_TCP || first.proto != 0 || !same_host)
		return false;
	struct event at_first = *e;
	at_first.dst_port = first.port;
	return probe_path_is_listening(d, &at_first) ||
	       service_table_is_open(
		       d->services, service_key(&d->hash, &e->dst, first.port, IP_PROTO_TCP));
}

static void note_visit(struct detector *d, const struct prepared *p, const struct knock *k)
{
	struct visit visit = {.source = p->key,
		.host = k->target.host,
		.second = d->now_s,
		.port = k->target.port,
		.src_port = p->event->src_port};
	visit_table_note(&d->visits, &visit);
}

/* A source without a record. */
static ASIDE void take_unknown(struct detector *d, const struct prepared *p, const struct knock *k,
	const struct aim_record *aim)
{
	if (is_client(k)) {
		if (p->event->probe == EVENT_PROBE_SYN)
			note_visit(d, p, k);
		/* A door that is offered is where an attack of one packet does harm. */
		consider_lone_signature(d, p, k);
		return;
	}
	struct doorkeeper_sight sight =
		doorkeeper_touch(d->doorkeeper, p->key, probe_path_small_door(&k->target), d->now);
	if (sight.answer == DOORKEEPER_NEW) {
		d->stats.sources_new++;
		count_knock(d, p->event, k, true);
		campaign_watch_comer(d, p, k);
		if (!k->broken_off)
			consider_lone_signature(d, p, k);
		return;
	}
	count_knock(d, p->event, k, sight.answer == DOORKEEPER_SECOND);
	if (sight.answer == DOORKEEPER_REPEAT &&
		(sight.repeats < 4 || (aim != NULL && aim->dossier != 0)))
		return;
	struct source_record *r = probe_path_add_record(d, p, sight.first);
	r->packets = sight.repeats + (sight.answer == DOORKEEPER_SECOND);
	r->techniques = k->techniques;
	double weight = probe_path_weigh(d, p->event, k);
	if (sight.answer == DOORKEEPER_REPEAT) {
		doorkeeper_forget(d->doorkeeper, p->key);
		source_record_add_target(r, k->target, false);
		r->score = (float)sequential_add(0, weight);
		return;
	}
	probe_path_recall_target(r, sight.door, &k->target);
	source_record_add_target(r, k->target, false);
	bool open = is_first_open(d, p->event, k, sight.door);
	if (open)
		r->spaces[0] |= TARGET_OPENED << SOURCE_SPACE_STATE_SHIFT;
	/* Two knocks by one hand weigh the same; but none at a door that was offered, unless this hand
	 * breaks off what it began. */
	r->score = (float)sequential_add(open && !k->broken_off ? 0 : weight, weight);
	struct dossier *group = share_of(d, p, k, r, true);
	if (group == NULL && (double)r->score >= SEQUENTIAL_NOTICE) {
		struct dossier *o = dossier_path_open(d, r, p->event);
		if (o == NULL)
			return;
		o->first = sight.first;
		o->packets--;
		o->next_targets = 0;
		dossier_path_add(d, p, k, r, o);
	}
}

/* The record under which the probe is scored, what else it says being noted. */
static void take(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r)
{
	struct aim_record *aim = NULL;
	/* A known scanner's packets say nothing about what others aim at. */
	bool known_scanner = r != NULL && r->dossier != 0 && (double)r->score >= SEQUENTIAL_NOTICE;
	if (!known_scanner && !k->broken_off && (!k->offered || r == NULL))
		aim_watch_note(d, p, k, &aim);
	struct dossier *decoys = k->broken_off ? NULL : decoy_watch_note(d, p, r);
	if (decoys != NULL && r != NULL)
		detector_join_group(d, r, decoys, p->event);
	if (r == NULL) {
		take_unknown(d, p, k, aim);
		return;
	}
	bool fresh = take_known(d, p, k, r, aim);
	count_knock(d, p->event, k, fresh);
}

static ASIDE void take_of_block(struct detector *d, const struct prepared *p, const struct knock *k)
{
	struct prepared own = *p;
	struct source_record *r = block_path_find(d, &own, k);
	take(d, &own, k, r);
}

void probe_path_take(struct detector *d, const struct prepared *p)
{
	bool listening = d->knows_listening && probe_path_is_listening(d, p->event);
	struct knock k = knock_of(d, p, listening);
	d->stats.probes += !k.broken_off;
	if (listening || answer_watch_is_one_way(d))
		answer_watch_syn(d, p->event);
	if (addr_is_v4(&p->source))
		take(d, p, &k, detector_find_record(d, p));
	else
		take_of_block(d, p, &k);
}
