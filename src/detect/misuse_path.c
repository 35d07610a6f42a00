/* SPDX-License-Identifier: ISC */
/*
 * Packets that abuse IP itself: one is enough for a story, and it goes no further.
 *
 * Each is remembered beside the answers, for it must not count for or against the source's probes: who
 * forges one of our own addresses would otherwise make a scanner of our own host.
 *
 * Two looks are excused. What we ask for comes back: answers to our own source-routed question carry
 * the route reversed. And a gateway that translates our own call back to us (hairpin NAT) leaves our
 * address as the sender; so does a capture of every interface, the loopback included.
 *
 * Pieces of datagrams are looked at before anything else, for two of them may make one TCP header, and that is then
 * judged like any other packet: a scan in tiny pieces is a scan. Only where it is none, it is told as what it is.
 */
#include "detect/detector_state.h"
#include "detect/misuse.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* Source ports of the records, which no reply has there. */
#define ROUTE_SLOT 4
#define REDIRECT_SLOT 5
#define SPOOF_SLOT 6
#define ODD_SLOT 7
/* A flood throws dice for its senders, and one in eight of them cannot be: each comes but once. */
#define IMPOSSIBLE_PACKETS 3
/* Tiny pieces and odd flags are mostly a scan's, whose doors differ: that is a story of its own. */
#define SCAN_LIKE (ip_misuse_bit(IP_MISUSE_TINY) | ip_misuse_bit(IP_MISUSE_SYN_FIN))
#define ONE_DOOR_PACKETS 3

static uint64_t call_key(const struct detector *d, const struct event *e)
{
	uint64_t end = (uint64_t)e->src_port << 8 | e->proto;
	return keyed_hash_pair(&d->hash, addr_low_word(&e->src) ^ end, addr_high_word(&e->src));
}

void misuse_path_note_call(struct detector *d, const struct event *e)
{
	uint64_t key = call_key(d, e);
	d->own_calls[key % DETECTOR_OWN_CALLS] = (uint32_t)(key >> 32);
}

/* From our own address because we did send it. */
static bool is_own_call(const struct detector *d, const struct event *e)
{
	uint64_t key = call_key(d, e);
	return d->own_calls[key % DETECTOR_OWN_CALLS] == (uint32_t)(key >> 32);
}

/* The news of pieces, in the words of misuse. */
static uint32_t misuses_of_pieces(unsigned news)
{
	uint32_t misuses = 0;
	if (news & FRAGMENT_OVERLAPS)
		misuses |= ip_misuse_bit(IP_MISUSE_OVERLAP);
	if (news & FRAGMENT_SHREDDED)
		misuses |= ip_misuse_bit(IP_MISUSE_SHREDDED);
	if (news & FRAGMENT_TOO_LONG)
		misuses |= ip_misuse_bit(IP_MISUSE_OVERSIZED);
	return misuses;
}

void misuse_path_prepare(struct detector *d, struct prepared *p)
{
	const struct event *e = p->event;
	bool to_us =
		(e->marks & EVENT_MARK_INCOMING) || prefix_set_holds(&d->options.home, &e->dst);
	if (p->traffic == TRAFFIC_OUTGOING || p->traffic == TRAFFIC_LOCAL || !to_us)
		return;
	p->is_piece = true;
	struct event *joined = &d->joined[d->joined_next];
	unsigned news = fragment_table_note(d->fragments, &d->hash, e, joined);
	p->pieces = misuses_of_pieces(news);
	if (news & FRAGMENT_JOINED) {
		d->joined_next = (d->joined_next + 1) % DETECTOR_BATCH;
		p->event = joined;
		p->traffic = traffic_classify_from(joined, &d->options.home, &p->internal);
	}
}

/* From another address of ours, come from outside: where the addresses of this host are known, one by one. With
 * the loopback among them, what we send to ourselves is heard, too. */
static bool is_from_our_other(const struct detector *d, const struct prepared *p)
{
	static const struct addr loopback = {
		{0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0xff, 0xff, 127, 0, 0, 1}};
	const struct event *e = p->event;
	return d->knows_listening && p->traffic != TRAFFIC_LOCAL &&
	       e->origin == EVENT_ORIGIN_PACKET && !(e->marks & EVENT_MARK_OUTGOING) &&
	       prefix_set_holds(&d->own, &e->src) && prefix_set_holds(&d->own, &e->dst) &&
	       !prefix_set_holds(&d->own, &loopback) && !addr_equal(&e->src, &e->dst);
}

/* What is wrong with this packet, without what is excused. */
static uint32_t misuses_of(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	const uint32_t options = IP_MISUSE_OPTIONS | IP_MISUSE_ROUTES;
	uint32_t misuses = misuse_of(e, p->traffic) | p->pieces;
	if (p->traffic != TRAFFIC_OUTGOING && p->traffic != TRAFFIC_REST && is_from_our_other(d, p))
		misuses |= ip_misuse_bit(IP_MISUSE_SELF);
	if ((misuses & IP_MISUSE_FORGERIES) && is_own_call(d, e))
		misuses &= ~IP_MISUSE_FORGERIES;
	if ((misuses & options) && reply_path_answers_us(d, e))
		misuses &= ~options;
	return misuses;
}

static uint16_t slot_of(enum incident_kind kind)
{
	return kind == INCIDENT_KIND_SOURCE_ROUTE ? ROUTE_SLOT
	       : kind == INCIDENT_KIND_REDIRECT   ? REDIRECT_SLOT
	       : kind == INCIDENT_KIND_SPOOF      ? SPOOF_SLOT
						  : ODD_SLOT;
}

static struct dossier *open_story(
	struct detector *d, const struct event *e, enum incident_kind kind, struct reply_record *r)
{
	if (!detector_may_tell_lone(d))
		return NULL;
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_REPLIES, d->now);
	if (o == NULL)
		return NULL;
	o->addr = e->src;
	o->hint = (uint8_t)kind;
	o->last_src_port = slot_of(kind);
	o->score = SEQUENTIAL_ALERT;
	o->packets = r->packets - 1;
	if (r->packets > 1)
		o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	r->dossier = o->number;
	return o;
}

/* The rules for levels count packets and doors: told when either has doubled, and when something else is wrong with
 * them, too. */
static void add(struct detector *d, const struct event *e, uint32_t misuses, struct dossier *o)
{
	detector_count_event(d, o, e);
	struct knock k = knock_read(e);
	bool news = (misuses & ~o->misuses) != 0;
	o->misuses |= misuses;
	if (e->has & (EVENT_HAS_PORTS | EVENT_HAS_ICMP)) {
		o->techniques |= k.techniques;
		if (target_set_add(&o->targets, k.target)) {
			o->new_targets++;
			o->last_new = d->now;
		}
	}
	if (o->packets < o->next_packets && !news)
		return;
	o->next_packets = o->packets + o->packets / 2 + 1;
	detector_tell(d, FINDING_ATTACK, (enum incident_kind)o->hint, o, e, NULL);
}

/* A scanner that has its story keeps it, whatever else its packets are. */
static bool is_told_as_scan(struct detector *d, const struct prepared *p, uint32_t misuses)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &p->source, &r);
	if (o == NULL || o->form != DOSSIER_SOURCE || o->score < SEQUENTIAL_NOTICE)
		return false;
	o->misuses |= misuses;
	if (o->routed < UINT16_MAX && misuse_kind(misuses) == INCIDENT_KIND_SOURCE_ROUTE)
		o->routed++;
	return true;
}

static void note_door(const struct detector *d, const struct event *e, struct reply_record *r)
{
	r->ports |= UINT64_C(1) << (keyed_hash_pair(&d->hash, e->dst_port, 1) >> 58);
	r->hosts |= UINT32_C(1) << (keyed_hash_pair(&d->hash, addr_low_word(&e->dst), 2) >> 59);
}

static struct reply_record *touch_record(
	struct detector *d, const struct prepared *p, uint32_t misuses)
{
	const bool own = misuses & ip_misuse_bit(IP_MISUSE_SELF);
	const struct addr *about = own ? &p->event->dst : &p->source;
	uint16_t slot = slot_of(misuse_kind(misuses));
	uint64_t key = keyed_hash_pair(
		&d->hash, addr_high_word(about) ^ ((uint64_t)slot << 3 | 5), addr_low_word(about));
	struct reply_record *r = reply_table_touch(d->replies, key, about, slot, d->now);
	if (r->dossier != 0 && dossier_pool_get(d->dossiers, r->dossier) == NULL) {
		r->dossier = r->packets = r->hosts = 0;
		r->ports = 0;
		r->first_s = d->now_s;
	}
	r->packets += r->packets < UINT32_MAX;
	r->last_s = d->now_s;
	note_door(d, p->event, r);
	return r;
}

/* A forger may also flood. */
static void note_pace(struct detector *d, const struct prepared *p)
{
	struct knock k = knock_read(p->event);
	struct aim_record *aim = NULL;
	if (p->traffic == TRAFFIC_PROBE)
		aim_watch_note(d, p, &k, &aim);
}

/* Whether so much makes a story. */
static bool is_enough(uint32_t misuses, const struct reply_record *r)
{
	if (misuses == ip_misuse_bit(IP_MISUSE_IMPOSSIBLE))
		return r->packets >= IMPOSSIBLE_PACKETS;
	if (misuses & ~SCAN_LIKE)
		return true;
	return r->packets >= ONE_DOOR_PACKETS && __builtin_popcountll(r->ports) == 1 &&
	       __builtin_popcount(r->hosts) == 1;
}

/* Misuse that a scan may have beside its own story. */
static bool may_be_scan(enum incident_kind kind)
{
	return kind == INCIDENT_KIND_SOURCE_ROUTE || kind == INCIDENT_KIND_EXPLOIT;
}

bool misuse_path_take(struct detector *d, const struct prepared *p)
{
	uint32_t misuses = misuses_of(d, p);
	if (misuses == 0)
		return false;
	const enum incident_kind kind = misuse_kind(misuses);
	if (may_be_scan(kind) && is_told_as_scan(d, p, misuses))
		return false;
	struct reply_record *r = touch_record(d, p, misuses);
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	if (o == NULL && !is_enough(misuses, r))
		return false;
	if (o == NULL)
		o = open_story(d, p->event, kind, r);
	if (o != NULL)
		add(d, p->event, misuses, o);
	if (kind == INCIDENT_KIND_SPOOF)
		note_pace(d, p);
	/* It may yet become a scan. */
	return (misuses & ~SCAN_LIKE) != 0;
}
