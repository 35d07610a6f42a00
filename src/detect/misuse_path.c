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
 */
#include "detect/detector_state.h"
#include "detect/misuse.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* Source ports of the records, which no reply has there. */
#define ROUTE_SLOT 4
#define REDIRECT_SLOT 5
#define SPOOF_SLOT 6
/* A flood throws dice for its senders, and one in eight of them cannot be: each comes but once. */
#define IMPOSSIBLE_PACKETS 3

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

static bool is_excused(struct detector *d, const struct prepared *p, enum misuse m)
{
	const struct event *e = p->event;
	if (m == MISUSE_SELF || m == MISUSE_IMPOSSIBLE)
		return is_own_call(d, e);
	return m == MISUSE_ROUTE && reply_path_answers_us(d, e);
}

static uint16_t slot_of(enum misuse m)
{
	return m == MISUSE_ROUTE ? ROUTE_SLOT : m == MISUSE_REDIRECT ? REDIRECT_SLOT : SPOOF_SLOT;
}

static struct dossier *open_story(
	struct detector *d, const struct event *e, enum misuse m, struct reply_record *r)
{
	if (!detector_may_tell_lone(d))
		return NULL;
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_REPLIES, d->now);
	if (o == NULL)
		return NULL;
	o->addr = e->src;
	o->hint = (uint8_t)misuse_kind(m);
	o->last_src_port = slot_of(m);
	o->score = SEQUENTIAL_ALERT;
	o->packets = r->packets - 1;
	if (r->packets > 1)
		o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	r->dossier = o->number;
	return o;
}

/* The rules for levels count packets and doors: told when either has doubled. */
static void add(struct detector *d, const struct event *e, struct dossier *o)
{
	detector_count_event(d, o, e);
	struct knock k = knock_read(e);
	o->techniques |= k.techniques;
	if (target_set_add(&o->targets, k.target)) {
		o->new_targets++;
		o->last_new = d->now;
	}
	if (o->packets < o->next_packets)
		return;
	o->next_packets = o->packets + o->packets / 2 + 1;
	detector_tell(d, FINDING_ATTACK, (enum incident_kind)o->hint, o, e, NULL);
}

/* A scanner that has its story keeps it, whatever else its packets are. */
static bool is_told_as_scan(struct detector *d, const struct prepared *p)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &p->source, &r);
	if (o == NULL || o->form != DOSSIER_SOURCE || o->score < SEQUENTIAL_NOTICE)
		return false;
	if (o->routed < UINT16_MAX)
		o->routed++;
	return true;
}

static struct reply_record *touch_record(
	struct detector *d, const struct prepared *p, enum misuse m)
{
	const struct addr *about = m == MISUSE_SELF ? &p->event->dst : &p->source;
	uint16_t slot = slot_of(m);
	uint64_t key = keyed_hash_pair(
		&d->hash, addr_high_word(about) ^ ((uint64_t)slot << 3 | 5), addr_low_word(about));
	struct reply_record *r = reply_table_touch(d->replies, key, about, slot, d->now);
	if (r->dossier != 0 && dossier_pool_get(d->dossiers, r->dossier) == NULL) {
		r->dossier = r->packets = 0;
		r->first_s = d->now_s;
	}
	r->packets += r->packets < UINT32_MAX;
	r->last_s = d->now_s;
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

bool misuse_path_take(struct detector *d, const struct prepared *p)
{
	enum misuse m = misuse_of(p->event, p->traffic);
	if (m == MISUSE_NONE || is_excused(d, p, m) || (m == MISUSE_ROUTE && is_told_as_scan(d, p)))
		return false;
	struct reply_record *r = touch_record(d, p, m);
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	if (o == NULL && m == MISUSE_IMPOSSIBLE && r->packets < IMPOSSIBLE_PACKETS)
		return false;
	if (o == NULL)
		o = open_story(d, p->event, m, r);
	if (o != NULL) {
		add(d, p->event, o);
	}
	if (misuse_kind(m) == INCIDENT_KIND_SPOOF)
		note_pace(d, p);
	return true;
}
