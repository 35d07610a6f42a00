/* SPDX-License-Identifier: ISC */
/*
 * A probe on its way up two storeys.
 *
 * Ground floor: the doorkeeper has seen the source or not. The same door again is a retransmission;
 * another door lifts the source to the first floor, a record with the sequential test. When the test
 * says "notice", or the record has no room for another target, a dossier is opened; from there on
 * every packet goes into the dossier, and milestones (each a quarter further than the last) make
 * findings. So a forged source costs one cache line, a client that errs costs two, and only scanners
 * cost more.
 */
#include "detect/detector_state.h"
#include "detect/scan_shape.h"
#include "detect/sequential_test.h"
#include "detect/tool_mark.h"
#include "event/technique.h"
#include "net/ip_proto.h"

#include <string.h>

/* A source that repeats itself is told as a retry after this many packets to at most three doors (mail
 * programs try three): one Linux connect() sends up to 7 SYNs, and one more call is no story. */
#define RETRY_PACKETS 6
#define RETRY_DOORS 3
/* A scanner asks an open port twice within moments; later it is a visit. */
#define RETURN_AFTER_S 3
/* Distinct targets farther apart than this are a slow scan's (EVENTS.md). */
#define SLOW_GAP_S 300
/* A member that does this much alone leaves its group. */
#define GROUP_MEMBER_TARGETS 64

/* Counts a knock for the tables that are kept, and hands on those that open a new door. */
static void count_knock(struct detector *d, const struct event *e, const struct door *door, bool fresh)
{
	tally_add(d->tally, e->proto, door->target.space <= TARGET_ICMP ? door->target.port : 0, fresh);
	if (fresh && d->options.on_knock != NULL)
		d->options.on_knock(d->options.knock_context, e);
}

static uint32_t tcp_syn_techniques(const struct event *e)
{
	uint32_t t = technique_bit(TECHNIQUE_SYN);
	/* Timestamps in a SYN come from an operating system's own stack: connect(). */
	for (uint64_t layout = e->tcp_option_layout; layout != 0; layout >>= 4) {
		if ((layout & 15) == 9)
			return t | technique_bit(TECHNIQUE_CONNECT);
	}
	return t;
}

static uint32_t icmp_technique(const struct event *e)
{
	uint8_t echo = e->proto == IP_PROTO_ICMPV6 ? 128 : 8;
	if (e->icmp_type == echo)
		return technique_bit(TECHNIQUE_ICMP_ECHO);
	if (e->proto == IP_PROTO_ICMP && e->icmp_type == 13)
		return technique_bit(TECHNIQUE_ICMP_TIMESTAMP);
	if (e->proto == IP_PROTO_ICMP && e->icmp_type == 17)
		return technique_bit(TECHNIQUE_ICMP_MASK);
	return technique_bit(TECHNIQUE_ICMP);
}

static uint32_t techniques_of(const struct event *e)
{
	switch ((enum event_probe)e->probe) {
	case EVENT_PROBE_SYN:
		return tcp_syn_techniques(e);
	case EVENT_PROBE_FIN:
		return technique_bit(TECHNIQUE_FIN);
	case EVENT_PROBE_NULL:
		return technique_bit(TECHNIQUE_NULL);
	case EVENT_PROBE_XMAS:
		return technique_bit(TECHNIQUE_XMAS);
	case EVENT_PROBE_ACK:
		return technique_bit(TECHNIQUE_ACK) | technique_bit(TECHNIQUE_WINDOW);
	case EVENT_PROBE_MAIMON:
		return technique_bit(TECHNIQUE_MAIMON);
	case EVENT_PROBE_SYN_FIN:
		return technique_bit(TECHNIQUE_SYN_FIN);
	case EVENT_PROBE_ALL_FLAGS:
		return technique_bit(TECHNIQUE_ALL_FLAGS);
	case EVENT_PROBE_UDP:
		return technique_bit(TECHNIQUE_UDP);
	case EVENT_PROBE_ICMP:
		return icmp_technique(e);
	case EVENT_PROBE_SCTP_INIT:
		return technique_bit(TECHNIQUE_SCTP_INIT);
	case EVENT_PROBE_IP_PROTOCOL:
		return technique_bit(TECHNIQUE_IP_PROTOCOL);
	case EVENT_PROBE_SYN_ACK:
	case EVENT_PROBE_RST:
	case EVENT_PROBE_INVALID:
	case EVENT_PROBES:
		break;
	}
	return 0;
}

struct target probe_path_target(const struct event *e)
{
	struct target t = {.host = target_host_of(&e->dst)};
	switch (e->proto) {
	case IP_PROTO_TCP:
		t.space = TARGET_TCP;
		break;
	case IP_PROTO_UDP:
		t.space = TARGET_UDP;
		break;
	case IP_PROTO_SCTP:
		t.space = TARGET_SCTP;
		break;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		t.space = TARGET_ICMP;
		t.port = e->icmp_type;
		return t;
	default:
		t.space = TARGET_PROTOCOL;
		t.port = e->proto;
		return t;
	}
	/* A protocol scan's TCP or UDP packet may be too short to have ports. */
	if (!(e->has & EVENT_HAS_PORTS)) {
		t.space = TARGET_PROTOCOL;
		t.port = e->proto;
	} else {
		t.port = e->dst_port;
	}
	return t;
}

static bool is_listening(const struct detector *d, const struct event *e)
{
	enum port_set_proto proto;
	if (!d->knows_listening || !(e->has & EVENT_HAS_PORTS) || !port_set_proto_of(e->proto, &proto))
		return false;
	return port_set_holds(&d->listening, proto, e->dst_port);
}

static struct door door_of(const struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	struct door door = {.target = probe_path_target(e)};
	door.offered = is_listening(d, e) || service_table_is_open(d->services, p->aim);
	door.target.opened = door.offered;
	return door;
}

static bool is_impossible(uint32_t techniques)
{
	return techniques & (technique_bit(TECHNIQUE_NULL) | technique_bit(TECHNIQUE_XMAS) |
				    technique_bit(TECHNIQUE_SYN_FIN) | technique_bit(TECHNIQUE_ALL_FLAGS) |
				    technique_bit(TECHNIQUE_FIN));
}

static bool is_trap(const struct detector *d, const struct event *e)
{
	enum port_set_proto proto;
	if (d->options.dark.count > 0 && prefix_set_holds(&d->options.dark, &e->dst))
		return true;
	return d->options.trap_ports != NULL && port_set_proto_of(e->proto, &proto) &&
	       (e->has & EVENT_HAS_PORTS) && port_set_holds(d->options.trap_ports, proto, e->dst_port);
}

/* What one more distinct target is worth in the sequential test. */
static double weight_of(const struct detector *d, const struct event *e, const struct door *door, uint32_t t)
{
	if (is_impossible(t) || is_trap(d, e) || tool_mark_is_certain(e))
		return SEQUENTIAL_MARKED;
	return door->offered ? SEQUENTIAL_SUCCESS : SEQUENTIAL_FAILURE;
}

void detector_copy_targets(struct detector *d, const struct source_record *r, struct dossier *to)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		uint8_t space = r->spaces[i] & SOURCE_SPACE_MASK;
		if (r->spaces[i] & SOURCE_SPACE_GHOST) {
			if (to->form == DOSSIER_SOURCE) {
				target_set_add_ghost(
					&to->targets, (uint8_t)r->hosts[i], r->ports[i], space);
				to->new_targets++;
			}
			continue;
		}
		struct target t = {
			r->hosts[i], r->ports[i], space, (r->spaces[i] & SOURCE_SPACE_OPENED) != 0};
		to->new_targets += dossier_pool_add_target(d->dossiers, to, t);
	}
}

/* What the targets before the dossier say of it: whether they were all one, and how far apart. */
static void note_first_targets(const struct source_record *r, struct dossier *o, const struct event *e)
{
	struct target now = probe_path_target(e);
	unsigned known = r->targets_count < SOURCE_TARGETS_INLINE ? r->targets_count : SOURCE_TARGETS_INLINE;
	o->dst = e->dst;
	o->proto = e->proto;
	for (unsigned i = 0; i < known; i++) {
		uint32_t host = r->spaces[i] & SOURCE_SPACE_GHOST ? target_host8(now.host) : now.host;
		o->dst_many |= r->hosts[i] != host;
		o->proto_mixed |= (r->spaces[i] & SOURCE_SPACE_MASK) != now.space;
	}
	int64_t span_s = wall_time_seconds(e->time) - r->first_s;
	if (known > 0 && span_s / known > SLOW_GAP_S)
		o->slow_gaps = known - 1;
}

/* Opens the dossier of a source and carries over what the record knew; null if there is no place. */
static struct dossier *open_dossier(struct detector *d, struct source_record *r, const struct event *e)
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
	detector_copy_targets(d, r, o);
	note_first_targets(r, o, e);
	o->spoofable = !detector_has_proof(d, &e->src);
	r->dossier = o->number;
	return o;
}

static void add_inline_target(struct source_record *r, struct target t, bool ghost)
{
	unsigned i = r->targets_count;
	if (i < SOURCE_TARGETS_INLINE) {
		r->hosts[i] = t.host;
		r->ports[i] = t.port;
		r->spaces[i] = (uint8_t)(t.space | (ghost ? SOURCE_SPACE_GHOST : 0));
	}
	if (r->targets_count < UINT8_MAX)
		r->targets_count++;
}

static bool has_inline_target(struct source_record *r, struct target t)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		if (r->ports[i] != t.port || (r->spaces[i] & SOURCE_SPACE_MASK) != t.space)
			continue;
		if (r->hosts[i] == t.host && !(r->spaces[i] & SOURCE_SPACE_GHOST))
			return true;
		if ((r->spaces[i] & SOURCE_SPACE_GHOST) && r->hosts[i] == target_host8(t.host)) {
			r->hosts[i] = t.host;
			r->spaces[i] = t.space;
			return true;
		}
	}
	return false;
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
	if (d->options.signatures == NULL)
		return;
	const struct signature *s = signature_set_match(d->options.signatures, e);
	if (s == NULL || (o->signature >= 0 && s->level <= o->signature_level))
		return;
	o->signature = s->id;
	o->signature_level = s->level;
}

/* Is it time for a finding? Milestones in targets, and news in techniques and system probes. */
static bool is_milestone(struct dossier *o, uint32_t techniques_before, unsigned os_before)
{
	if (o->new_targets >= o->next_targets) {
		o->next_targets = o->new_targets + o->new_targets / 4 + 1;
		return true;
	}
	return o->techniques != techniques_before || (tool_mark_os_probes(o) != os_before && os_before < 3);
}

/* True if the door was new to the group. */
static bool add_to_group(struct detector *d, const struct prepared *p, const struct door *door,
	struct source_record *r, struct dossier *group, uint32_t techniques)
{
	uint32_t before = group->techniques;
	detector_count_event(d, group, p->event);
	group->techniques |= techniques;
	tool_mark_count(group, p->event);
	bool fresh = dossier_pool_add_target(d->dossiers, group, door->target);
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
	if (is_milestone(group, before, tool_mark_os_probes(group)))
		detector_tell(d, FINDING_SCAN,
			group->form == DOSSIER_DISTRIBUTED ? INCIDENT_KIND_DISTRIBUTED
							   : INCIDENT_KIND_VERTICAL,
			group, p->event, NULL);
	return fresh;
}

/* A known port touched again, from another source port, after it had been found open. */
static void note_return(struct dossier *o, const struct event *e, const struct door *door)
{
	if (!door->offered || e->probe != EVENT_PROBE_SYN)
		return;
	const struct dossier_answer *a = dossier_find_answer(o, door->target.space, door->target.port);
	if (a == NULL)
		dossier_add_answer(o, door->target.space, door->target.port, e->src_port, e->time);
	else if (a->src_port != e->src_port && wall_time_seconds(e->time) - a->found_s > RETURN_AFTER_S)
		o->returned = true;
}

/* True if the door was new to the source. */
static bool add_to_dossier(struct detector *d, const struct prepared *p, const struct door *door,
	struct source_record *r, struct dossier *o, uint32_t techniques)
{
	const struct event *e = p->event;
	uint32_t before = o->techniques;
	unsigned os_before = tool_mark_os_probes(o);
	int64_t idle_s = (d->now.us - o->last.us) / CLOCK_US_PER_S;
	detector_count_event(d, o, e);
	o->techniques |= techniques;
	o->score = sequential_decay(o->score, idle_s);
	tool_mark_count(o, e);
	match_signature(d, o, e);
	note_return(o, e, door);
	bool fresh = dossier_pool_add_target(d->dossiers, o, door->target);
	if (fresh) {
		o->new_targets++;
		o->slow_gaps += d->now.us - o->last_new.us > SLOW_GAP_S * CLOCK_US_PER_S && o->new_targets > 1;
		o->last_new = d->now;
		o->score = sequential_add(o->score, weight_of(d, e, door, techniques));
	}
	if (!fresh && is_impossible(techniques & ~before))
		o->score = sequential_add(o->score, SEQUENTIAL_MARKED);
	r->score = (float)o->score;
	r->last_s = (uint32_t)wall_time_seconds(d->now);
	if (is_milestone(o, before, os_before) && o->score >= SEQUENTIAL_NOTICE)
		tell_scan(d, o, e);
	return fresh;
}

/* Regular calls at a closed door: a health check that nobody told about the move. */
static bool is_regular(const struct dossier *o)
{
	return o->gaps >= 9 && o->gap_mean_ms >= 1000 && o->gap_dev_ms * 4 < o->gap_mean_ms;
}

/* A stream of datagrams to one high port is no client that tries again: somebody has not noticed that
 * we hung up (RTP, games). */
static enum incident_kind repeat_kind(const struct event *e)
{
	bool stream = e->proto == IP_PROTO_UDP && e->src_port >= 1024 && e->dst_port >= 1024;
	return stream ? INCIDENT_KIND_LATE_REPLY : INCIDENT_KIND_RETRY;
}

static void consider_retry(struct detector *d, const struct prepared *p, struct source_record *r)
{
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	enum incident_kind kind = repeat_kind(p->event);
	if (o == NULL) {
		/* Each door as often as one connect() would; after that, tried again when it has doubled. */
		uint32_t enough = RETRY_PACKETS * (r->targets_count ? r->targets_count : 1u);
		bool due = r->packets == enough || (r->packets > enough && (r->packets & (r->packets - 1)) == 0);
		if (!due || r->targets_count > RETRY_DOORS || !detector_may_tell_noise(d, kind))
			return;
		o = open_dossier(d, r, p->event);
		if (o == NULL)
			return;
		detector_count_event(d, o, p->event);
		o->packets = r->packets;
		o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
		o->hint = (uint8_t)kind;
		detector_tell(d, FINDING_NOISE, kind, o, p->event, NULL);
	} else if (o->hint == INCIDENT_KIND_RETRY && is_regular(o)) {
		o->hint = INCIDENT_KIND_HEALTH_CHECK;
		detector_tell(d, FINDING_NOISE, INCIDENT_KIND_HEALTH_CHECK, o, p->event, NULL);
	}
}

/* The record of a source that has one. True if the door was new to it. */
static bool take_known(struct detector *d, const struct prepared *p, const struct door *door,
	struct source_record *r, const struct aim_record *aim, uint32_t techniques)
{
	const struct event *e = p->event;
	r->packets += r->packets < UINT32_MAX;
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	if (o != NULL && (r->flags & SOURCE_FLAG_GROUPED)) {
		return add_to_group(d, p, door, r, o, techniques);
	}
	r->flags &= (uint8_t)~SOURCE_FLAG_GROUPED & 15;
	if (o != NULL) {
		bool fresh = add_to_dossier(d, p, door, r, o, techniques);
		if (o->score < SEQUENTIAL_NOTICE)
			consider_retry(d, p, r);
		return fresh;
	}
	r->dossier = 0;
	bool odd_news = is_impossible(techniques & ~r->techniques);
	r->techniques |= techniques;
	uint32_t now_s = (uint32_t)wall_time_seconds(d->now);
	r->score = (float)sequential_decay((double)r->score, (int64_t)now_s - r->last_s);
	if (r->targets_count == 0)
		r->first_s = r->last_s = now_s; /* a new visit of a source whose story was closed */
	if (has_inline_target(r, door->target)) {
		r->last_s = now_s;
		/* A known door, but flags no stack sends: that is news about the source. */
		if (odd_news)
			r->score = (float)sequential_add((double)r->score, SEQUENTIAL_MARKED);
		/* A door that many call in vain is told once, as a group (aim_watch). */
		if (aim == NULL || aim->dossier == 0)
			consider_retry(d, p, r);
		return false;
	}
	r->score = (float)sequential_add((double)r->score, weight_of(d, e, door, techniques));
	struct dossier *group = campaign_watch_touch(d, p, door, r, false);
	if (group != NULL) {
		group->packets--; /* the record that joined has counted this packet already */
		return add_to_group(d, p, door, r, group, techniques);
	}
	if ((double)r->score < SEQUENTIAL_NOTICE && r->targets_count < SOURCE_TARGETS_INLINE) {
		add_inline_target(r, door->target, false);
		r->last_s = now_s;
		return true;
	}
	o = open_dossier(d, r, p->event);
	r->last_s = now_s;
	if (o == NULL) {
		/* No place, and no memory of this door: it may be a retransmission, so it must not count. */
		if (r->targets_count >= SOURCE_TARGETS_INLINE)
			r->score -= (float)weight_of(d, e, door, techniques);
		else
			add_inline_target(r, door->target, false);
		return true;
	}
	o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	if (d->now.us - o->first.us < CLOCK_US_PER_S)
		o->first = d->now;
	o->score = (double)r->score - weight_of(d, e, door, techniques);
	o->packets--;
	return add_to_dossier(d, p, door, r, o, techniques);
}

static struct source_record *add_record(struct detector *d, const struct prepared *p, struct wall_time first)
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
	r->last_s = (uint32_t)wall_time_seconds(d->now);
	return r;
}

/* A single packet that is a story by itself. */
static void consider_lone_signature(
	struct detector *d, const struct prepared *p, const struct door *door, uint32_t techniques)
{
	const struct signature *s =
		d->options.signatures ? signature_set_match(d->options.signatures, p->event) : NULL;
	if (s == NULL || !s->alone || !detector_may_tell_lone(d))
		return;
	doorkeeper_forget(d->doorkeeper, p->key);
	struct source_record *r = add_record(d, p, d->now);
	r->packets = 1;
	r->techniques = techniques;
	r->score = (float)SEQUENTIAL_FAILURE;
	struct dossier *o = open_dossier(d, r, p->event);
	if (o == NULL)
		return;
	o->packets = 0;
	add_to_dossier(d, p, door, r, o, techniques);
	detector_tell(d, FINDING_ATTACK, INCIDENT_KIND_EXPLOIT, o, p->event, NULL);
}

static struct doorkeeper_door small_door(const struct target *t)
{
	uint8_t proto = t->space == TARGET_TCP ? 0 : t->space == TARGET_UDP ? 1 : t->space == TARGET_ICMP ? 2 : 3;
	uint16_t port = t->space == TARGET_SCTP ? (uint16_t)(t->port ^ 0x8000) : t->port;
	return (struct doorkeeper_door){port, target_host8(t->host), proto};
}

/* What the doorkeeper kept, as a target: exact where the host is surely the same one. */
static void recall_first_target(struct source_record *r, struct doorkeeper_door kept, const struct target *now)
{
	static const uint8_t spaces[] = {TARGET_TCP, TARGET_UDP, TARGET_ICMP, TARGET_PROTOCOL};
	struct target t = {.port = kept.port, .space = spaces[kept.proto]};
	bool same_host = kept.host8 == target_host8(now->host);
	if (now->space == TARGET_SCTP && kept.proto == 3) {
		t.space = TARGET_SCTP;
		t.port ^= 0x8000;
	}
	t.host = same_host ? now->host : kept.host8;
	add_inline_target(r, t, !same_host);
}

/* A source without a record. */
static void take_unknown(struct detector *d, const struct prepared *p, const struct door *door,
	const struct aim_record *aim, uint32_t techniques)
{
	if (door->offered && !is_impossible(techniques))
		return; /* a client of an offered service is no knock */
	struct doorkeeper_sight sight =
		doorkeeper_touch(d->doorkeeper, p->key, small_door(&door->target), d->now);
	if (sight.answer == DOORKEEPER_NEW) {
		d->stats.sources_new++;
		count_knock(d, p->event, door, true);
		campaign_watch_comer(d, p, door);
		consider_lone_signature(d, p, door, techniques);
		return;
	}
	count_knock(d, p->event, door, sight.answer == DOORKEEPER_SECOND);
	if (sight.answer == DOORKEEPER_REPEAT && (sight.repeats < 4 || aim == NULL || aim->dossier != 0))
		return;
	struct source_record *r = add_record(d, p, sight.first);
	r->packets = sight.repeats + (sight.answer == DOORKEEPER_SECOND);
	r->techniques = techniques;
	double weight = weight_of(d, p->event, door, techniques);
	if (sight.answer == DOORKEEPER_REPEAT) {
		doorkeeper_forget(d->doorkeeper, p->key);
		add_inline_target(r, door->target, false);
		r->score = (float)sequential_add(0, weight);
		return;
	}
	recall_first_target(r, sight.door, &door->target);
	add_inline_target(r, door->target, false);
	/* The first target was of the same making: two targets by one hand. */
	r->score = (float)sequential_add(weight, weight);
	struct dossier *group = campaign_watch_touch(d, p, door, r, true);
	if (group == NULL && (double)r->score >= SEQUENTIAL_NOTICE) {
		struct dossier *o = open_dossier(d, r, p->event);
		if (o == NULL)
			return;
		o->first = sight.first;
		o->packets--;
		o->next_targets = 0;
		add_to_dossier(d, p, door, r, o, techniques);
	}
}

/*
 * IPv6: a source owns at least a /64 and often a /48. Each /64 is scored on its own; beside it the /48
 * keeps count of its /64s, and once three of them are active the block is the source.
 */
#define BLOCKS_ACTIVE 3

/* The /48's record if it has become the source; else counts the event for it and returns null. */
static struct source_record *take_block(
	struct detector *d, struct prepared *p, const struct door *door, uint32_t techniques)
{
	struct prepared block = *p;
	block.source = detector_block_address(&p->source);
	block.key = detector_source_key(d, &block.source);
	uint8_t class = (uint8_t)(1u << (keyed_hash_pair(&d->hash, addr_high_word(&p->source), 48) >> 61));
	struct source_record *r = source_table_find(d->sources, block.key, &block.source);
	if (r == NULL) {
		struct doorkeeper_sight sight =
			doorkeeper_touch(d->doorkeeper, block.key, small_door(&door->target), d->now);
		if (sight.answer != DOORKEEPER_SECOND)
			return NULL;
		r = add_record(d, &block, sight.first);
		r->flags = SOURCE_FLAG_BLOCK;
		recall_first_target(r, sight.door, &door->target);
		r->score = (float)SEQUENTIAL_FAILURE;
	}
	r->blocks |= class;
	if (__builtin_popcount(r->blocks) >= BLOCKS_ACTIVE) {
		*p = block;
		return r;
	}
	r->packets++;
	r->techniques |= techniques;
	if (!has_inline_target(r, door->target)) {
		r->score = (float)sequential_add((double)r->score, weight_of(d, p->event, door, techniques));
		add_inline_target(r, door->target, false);
	}
	return NULL;
}

static struct source_record *find_source(
	struct detector *d, struct prepared *p, const struct door *door, uint32_t techniques)
{
	struct source_record *r = source_table_find(d->sources, p->key, &p->source);
	if (addr_is_v4(&p->source) || addr_is_link_local(&p->source) || door->offered ||
		(r != NULL && r->dossier != 0))
		return r;
	struct source_record *block = take_block(d, p, door, techniques);
	/* Counting for the block may have moved the records of the bucket. */
	return block ? block : source_table_find(d->sources, p->key, &p->source);
}

void probe_path_take(struct detector *d, const struct prepared *prepared)
{
	struct prepared own = *prepared, *p = &own;
	struct door door = door_of(d, p);
	struct aim_record *aim = NULL;
	uint32_t techniques = techniques_of(p->event);
	d->stats.probes++;
	struct source_record *r = find_source(d, p, &door, techniques);
	/* A known scanner's packets say nothing about what others aim at. */
	bool known_scanner = r != NULL && r->dossier != 0 && (double)r->score >= SEQUENTIAL_NOTICE;
	if (!known_scanner && (!door.offered || r == NULL))
		aim_watch_note(d, p, &door, &aim);
	struct dossier *decoys = decoy_watch_note(d, p);
	if (decoys != NULL && r != NULL)
		detector_join_group(d, r, decoys, p->event);
	if (r == NULL) {
		take_unknown(d, p, &door, aim, techniques);
		return;
	}
	bool fresh = take_known(d, p, &door, r, aim, techniques);
	count_knock(d, p->event, &door, fresh);
}
