/* SPDX-License-Identifier: ISC */
/*
 * Decoys: equal (sequence number, source port, IP id) from several sources to one door at once.
 *
 * The group is certain from the headers; who is real is not, and nothing here guesses. Two probes
 * must agree before a group is opened: one could be a chance, or one packet seen on two interfaces.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

static uint64_t numbers_of(const struct detector *d, const struct event *e)
{
	uint64_t ports = (uint64_t)e->src_port << 48 | (uint64_t)e->dst_port << 32 | e->seq;
	uint64_t rest = addr_low_word(&e->dst) ^ ((uint64_t)e->ip_id << 8 | e->proto) * 0x9e3779b1u;
	uint64_t h = keyed_hash_pair(&d->hash, ports, rest);
	return h ? h : 1;
}

/* Numbers that many tools leave constant say nothing. IPv6 has no IP id: there the sequence number does. */
static bool is_telling(const struct event *e)
{
	if (!(e->has & EVENT_HAS_PORTS))
		return false;
	bool id = (e->has & EVENT_HAS_IP_ID) && e->ip_id != 0;
	if (e->proto == IP_PROTO_UDP)
		return id;
	if (e->proto != IP_PROTO_TCP)
		return false;
	if (e->has & EVENT_HAS_TCP_SEQ)
		return e->seq != 0 && (id || !addr_is_v4(&e->src));
	return id;
}

static struct dossier *group_of(struct detector *d, const struct source_record *r)
{
	if (r == NULL || !(r->flags & SOURCE_FLAG_GROUPED))
		return NULL;
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	return o != NULL && o->form == DOSSIER_DECOYS ? o : NULL;
}

static bool has_large_story(struct detector *d, const struct source_record *r)
{
	struct dossier *o = r ? dossier_pool_get(d->dossiers, r->dossier) : NULL;
	return o != NULL && o->form == DOSSIER_SOURCE && o->new_targets > 20;
}

struct dossier *decoy_watch_note(
	struct detector *d, const struct prepared *p, struct source_record *mine)
{
	const struct event *e = p->event;
	struct addr other;
	/* A story of its own size is not folded into what two forged twins can make. */
	if (d->late || !is_telling(e) || has_large_story(d, mine) ||
		!burst_table_note(&d->bursts, numbers_of(d, e), &p->source, d->now, &other))
		return NULL;
	struct source_record *theirs =
		source_table_find(d->sources, detector_source_key(d, &other), &other);
	struct dossier *their_group = group_of(d, theirs), *group = group_of(d, mine);
	if (group == NULL)
		group = their_group;
	/* Both have a record: each came to a second door, so this is at least the second probe. */
	if (group == NULL && (mine == NULL || theirs == NULL || theirs->targets_count < 2))
		return NULL;
	if (has_large_story(d, theirs))
		return NULL;
	if (group == NULL) {
		group = dossier_pool_open(d->dossiers, DOSSIER_DECOYS, d->now);
		group->addr = group->dst = e->dst;
		group->hint = INCIDENT_KIND_VERTICAL;
		group->score = SEQUENTIAL_ALERT;
		detector_count_event(d, group, e);
		group->packets = 0;
		detector_join_group(d, theirs, group, e);
		detector_join_group(d, mine, group, e);
		detector_tell(d, FINDING_SCAN, INCIDENT_KIND_VERTICAL, group, e, NULL);
	}
	if (theirs != NULL && their_group == NULL && theirs->dossier != group->number)
		detector_join_group(d, theirs, group, e);
	return group;
}
