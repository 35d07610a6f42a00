/* SPDX-License-Identifier: ISC */
/*
 * What many do to one door: a flood, or old friends who still call; and what many answer one host.
 *
 * Told apart by pace. A flood fills one window of four seconds with hundreds of packets; a scanner
 * never does that to one door (two packets are the rule). Callers come slowly, from at least eight
 * places, to a door above 1023, and come back after minutes.
 */
#include "detect/detector_state.h"
#include "detect/misdirected.h"
#include "detect/sequential_test.h"
#include "detect/tool_mark.h"
#include "net/ip_proto.h"

/* 64 a second for four seconds: ten times a client that retries as fast as it can. */
#define FLOOD_WINDOW_PACKETS 256
#define CALLERS_LEAST 8
#define CALLERS_MOST 200 /* where the counter still tells */
#define CALLERS_PACKETS 40
/* Answers nobody asked for, in one window, from one port of several servers: 100 a second. Ends of
 * our own questions come one by one, and a resolver's late ones by the dozen. */
#define ANSWERS_WINDOW_PACKETS 400
#define REFLECTORS_LEAST 4
/* In the key and the space of an aim: not a door of ours, but a port that answers us. */
#define ANSWERS_FROM 0x80

static enum incident_kind flood_kind(uint8_t space)
{
	switch ((enum target_space)space) {
	case TARGET_UDP:
		return INCIDENT_KIND_UDP_FLOOD;
	case TARGET_ICMP:
		return INCIDENT_KIND_ICMP_FLOOD;
	case TARGET_TCP:
	case TARGET_SCTP:
	case TARGET_PROTOCOL:
	case TARGET_SPACES:
		break;
	}
	return INCIDENT_KIND_SYN_FLOOD;
}

/* `door` may be null: answers hit whatever port the forger wrote. */
static struct dossier *open_group(struct detector *d, const struct target *door,
	struct aim_record *aim, enum dossier_form form, enum incident_kind kind)
{
	struct dossier *o = dossier_pool_open(d->dossiers, form, d->now);
	if (o == NULL)
		return NULL;
	bool flood = form == DOSSIER_FLOOD;
	uint32_t begun_s = flood ? aim->window_s : aim->first_s;
	aim->dossier = o->number;
	o->addr = aim->addr;
	o->dst = aim->addr;
	o->hint = (uint8_t)kind;
	o->first = (struct wall_time){(int64_t)begun_s * CLOCK_US_PER_S};
	if (flood) {
		o->score = SEQUENTIAL_BLOCK;
		o->rate_peak = aim->window_packets / (d->now_s - begun_s + 1);
	}
	if (door != NULL)
		o->new_targets = target_set_add(&o->targets, *door);
	o->packets = (flood ? aim->window_packets : aim->packets) - 1;
	o->next_packets = o->packets * 2;
	return o;
}

static struct dossier *note_in_group(
	struct detector *d, const struct prepared *p, const struct target *door, struct dossier *o)
{
	detector_count_event(d, o, p->event);
	dossier_add_member(o, &p->source, &p->event->src, false);
	if (door != NULL)
		o->new_targets += target_set_add(&o->targets, *door);
	if (o->packets >= o->next_packets) {
		o->next_packets = o->packets * 2;
		detector_tell(d, o->form == DOSSIER_FLOOD ? FINDING_FLOOD : FINDING_NOISE,
			(enum incident_kind)o->hint, o, p->event, NULL);
	}
	return o;
}

static bool is_flood(struct detector *d, const struct knock *k, const struct aim_record *aim)
{
	return !d->late && !k->offered && aim->window_packets >= FLOOD_WINDOW_PACKETS;
}

static bool are_callers(const struct aim_record *aim)
{
	if (aim->port < 1024 || aim->packets < CALLERS_PACKETS || aim->space > TARGET_UDP)
		return false;
	unsigned callers = aim_record_callers(aim);
	/* Scanners knock and go; callers come back after minutes. */
	return callers >= CALLERS_LEAST && callers < CALLERS_MOST &&
	       aim->returns * 2 >= aim->packets;
}

/* The group that this aim's packets go to; a flood that paused is over. */
static struct dossier *current_group(struct detector *d, struct aim_record *a)
{
	struct dossier *o = dossier_pool_get(d->dossiers, a->dossier);
	if (o != NULL && o->form == DOSSIER_FLOOD &&
		d->now.us - o->last.us > AIM_WATCH_FLOOD_PAUSE_US)
		o = NULL;
	if (o == NULL)
		a->dossier = 0;
	return o;
}

struct dossier *aim_watch_note(struct detector *d, const struct prepared *p, const struct knock *k,
	struct aim_record **aim)
{
	const struct event *e = p->event;
	if (k->target.space == TARGET_PROTOCOL)
		return NULL;
	struct aim_record *a = aim_table_touch(
		d->aims, p->aim, &e->dst, k->target.space, k->target.port, p->key, d->now);
	*aim = a;
	a->window_packets -= d->late;
	struct dossier *o = current_group(d, a);
	bool flood = is_flood(d, k, a);
	if (o != NULL && !(flood && o->form == DOSSIER_CALLERS))
		return note_in_group(d, p, &k->target, o);
	if (k->offered && e->probe == EVENT_PROBE_SYN)
		offer_watch_note(d, p);
	if (flood)
		o = open_group(d, &k->target, a, DOSSIER_FLOOD, flood_kind(k->target.space));
	else if ((a->packets & 15) == 0 && !k->offered && !tool_mark_is_certain(k->marks) &&
		 are_callers(a) && detector_may_tell_noise(d, INCIDENT_KIND_LEFTOVER))
		o = open_group(d, &k->target, a, DOSSIER_CALLERS,
			misdirected_is_report(e) ? INCIDENT_KIND_MISDIRECTED
						 : INCIDENT_KIND_LEFTOVER);
	else
		return NULL;
	if (o == NULL)
		return NULL;
	note_in_group(d, p, &k->target, o);
	detector_tell(
		d, flood ? FINDING_FLOOD : FINDING_NOISE, (enum incident_kind)o->hint, o, e, NULL);
	return o;
}

struct dossier *aim_watch_open_flood(struct detector *d, const struct event *e, uint64_t key)
{
	struct target target = knock_read(e).target;
	struct addr source = detector_scored_address(&e->src);
	struct aim_record *a = aim_table_touch(d->aims, key, &e->dst, target.space, target.port,
		detector_source_key(d, &source), d->now);
	struct dossier *o = open_group(d, &target, a, DOSSIER_FLOOD, flood_kind(target.space));
	if (o == NULL)
		return NULL;
	detector_count_event(d, o, e);
	dossier_add_member(o, &source, &e->src, false);
	return o;
}

/* Reflectors answer with real addresses: each alone looks like a server that is late. */
bool aim_watch_note_answer(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	bool udp = e->proto == IP_PROTO_UDP;
	uint16_t port = udp ? e->src_port : e->icmp_type;
	uint8_t space = (udp ? TARGET_UDP : TARGET_ICMP) | ANSWERS_FROM;
	uint64_t key = service_key(&d->hash, &e->dst, port, e->proto ^ ANSWERS_FROM);
	struct aim_record *a = aim_table_touch(
		d->aims, key, &e->dst, space, port, detector_source_key(d, &p->source), d->now);
	a->window_packets -= d->late;
	struct dossier *o = current_group(d, a);
	if (o != NULL) {
		note_in_group(d, p, NULL, o);
		return true;
	}
	if (d->late || a->window_packets < ANSWERS_WINDOW_PACKETS ||
		aim_record_callers(a) < REFLECTORS_LEAST)
		return false;
	enum incident_kind kind = udp ? INCIDENT_KIND_REFLECTION : INCIDENT_KIND_ICMP_FLOOD;
	o = open_group(d, NULL, a, DOSSIER_FLOOD, kind);
	if (o == NULL)
		return false;
	o->last_src_port = udp ? port : 0;
	note_in_group(d, p, NULL, o);
	detector_tell(d, FINDING_FLOOD, kind, o, e, NULL);
	return true;
}
