/* SPDX-License-Identifier: ISC */
/*
 * What many do to one door: a flood, or old friends who still call.
 *
 * Told apart by pace. A flood fills one window of four seconds with hundreds of packets; a scanner
 * never does that to one door (two packets are the rule), and a service's own clients are not
 * counted at all. Callers come slowly, from at least eight places, to a door above 1023 that nobody
 * scans for, and knock again and again.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* 64 a second for four seconds: ten times a client that retries as fast as it can. */
#define FLOOD_WINDOW_PACKETS 256
#define CALLERS_LEAST 8
#define CALLERS_PACKETS 40

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

static struct dossier *open_group(struct detector *d, const struct prepared *p, const struct door *door,
	struct aim_record *aim, enum dossier_form form, enum incident_kind kind)
{
	struct dossier *o = dossier_pool_open(d->dossiers, form, d->now);
	if (o == NULL)
		return NULL;
	aim->dossier = o->number;
	o->addr = aim->addr;
	o->dst = aim->addr;
	o->hint = (uint8_t)kind;
	o->first = (struct wall_time){(int64_t)aim->first_s * CLOCK_US_PER_S};
	if (form == DOSSIER_FLOOD && (int64_t)aim->window_s * CLOCK_US_PER_S > o->first.us)
		o->first.us = (int64_t)aim->window_s * CLOCK_US_PER_S;
	o->score = form == DOSSIER_FLOOD ? SEQUENTIAL_BLOCK : 0;
	dossier_pool_add_target(d->dossiers, o, door->target);
	o->new_targets = 1;
	o->packets = form == DOSSIER_FLOOD ? aim->window_packets - 1 : aim->packets - 1;
	o->next_packets = o->packets * 2;
	(void)p;
	return o;
}

static struct dossier *note_in_group(
	struct detector *d, const struct prepared *p, const struct door *door, struct dossier *o)
{
	detector_count_event(d, o, p->event);
	dossier_add_member(o, &p->source, false);
	o->new_targets += dossier_pool_add_target(d->dossiers, o, door->target);
	if (o->packets >= o->next_packets) {
		o->next_packets = o->packets * 2;
		detector_tell(d, o->form == DOSSIER_FLOOD ? FINDING_FLOOD : FINDING_NOISE,
			(enum incident_kind)o->hint, o, p->event, NULL);
	}
	return o;
}

static bool is_flood(const struct aim_record *aim)
{
	return aim->window_packets >= FLOOD_WINDOW_PACKETS;
}

static bool are_callers(const struct aim_record *aim)
{
	if (aim->port < 1024 || aim->packets < CALLERS_PACKETS || aim->space > TARGET_UDP)
		return false;
	unsigned callers = aim_record_callers(aim);
	/* Scanners knock once or twice each; callers insist. */
	return callers >= CALLERS_LEAST && callers < 600 && aim->packets >= callers * 2 &&
	       aim->last_s - aim->first_s >= 60;
}

struct dossier *aim_watch_note(
	struct detector *d, const struct prepared *p, const struct door *door, struct aim_record **aim)
{
	const struct event *e = p->event;
	if (door->target.space == TARGET_PROTOCOL)
		return NULL;
	struct aim_record *a = aim_table_touch(
		d->aims, p->aim, &e->dst, door->target.space, door->target.port, p->key, d->now);
	*aim = a;
	struct dossier *o = dossier_pool_get(d->dossiers, a->dossier);
	bool flood = is_flood(a);
	if (o != NULL && !(flood && o->form == DOSSIER_CALLERS))
		return note_in_group(d, p, door, o);
	a->dossier = 0;
	if (flood)
		o = open_group(d, p, door, a, DOSSIER_FLOOD, flood_kind(door->target.space));
	else if ((a->packets & 15) == 0 && are_callers(a) && detector_may_tell_noise(d, INCIDENT_KIND_LEFTOVER))
		o = open_group(d, p, door, a, DOSSIER_CALLERS, INCIDENT_KIND_LEFTOVER);
	else
		return NULL;
	if (o == NULL)
		return NULL;
	note_in_group(d, p, door, o);
	o->sources_count = aim_record_callers(a);
	detector_tell(d, flood ? FINDING_FLOOD : FINDING_NOISE, (enum incident_kind)o->hint, o, e, NULL);
	return o;
}
