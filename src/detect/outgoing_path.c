/* SPDX-License-Identifier: ISC */
/*
 * What we send ourselves: it tells which answers were asked for, which doors are offered, and which
 * of them a scanner has found.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* Of the doors a record remembers, the one that answered turns from a failure into a success. */
static void note_in_record(struct source_record *r, const struct event *e, uint8_t space)
{
	uint32_t host = target_host_of(&e->src);
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		if (r->ports[i] != e->src_port || r->spaces[i] != space || r->hosts[i] != host)
			continue;
		r->spaces[i] |= SOURCE_SPACE_OPENED;
		r->score = (float)sequential_add(
			(double)r->score, SEQUENTIAL_SUCCESS - SEQUENTIAL_FAILURE);
	}
}

/* A probe of this source was answered: it was no failure, and the source now knows a door. */
static void note_found_door(struct detector *d, const struct event *e, uint8_t space)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->dst, &r);
	if (r == NULL) {
		/* Who is known by this door only is a client. */
		struct addr scored = detector_scored_address(&e->dst);
		doorkeeper_forget(d->doorkeeper, detector_source_key(d, &scored));
		return;
	}
	if (o == NULL) {
		note_in_record(r, e, space);
		return;
	}
	dossier_add_answer(o, space, e->src_port, e->dst_port, e->time);
	struct target t = {target_host_of(&e->src), e->src_port, space, 1};
	if (target_set_mark_opened(&o->targets, t) && !(r->flags & SOURCE_FLAG_GROUPED)) {
		o->score = sequential_add(o->score, SEQUENTIAL_SUCCESS - SEQUENTIAL_FAILURE);
		r->score = (float)o->score;
	}
}

static void take_tcp(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe == EVENT_PROBE_RST) {
		/* RST+ACK with sequence number 0 answers a SYN to a closed door (RFC 9293, 3.10.7.1). */
		if ((e->tcp_flags & EVENT_TCP_ACK) && (e->has & EVENT_HAS_TCP_SEQ) && e->seq == 0)
			service_table_close(d->services, p->aim);
		else if (!(e->tcp_flags & EVENT_TCP_ACK))
			conversation_table_note(
				d->conversations, detector_reset_key(d, &e->src, &e->dst), d->now);
		return;
	}
	if (e->probe == EVENT_PROBE_SYN_ACK) {
		service_table_open(d->services, p->aim, d->now);
		handshake_note_offer(&d->handshakes, p->key, e->seq);
		note_found_door(d, e, TARGET_TCP);
	}
	conversation_table_note(d->conversations, p->key, d->now);
}

void outgoing_path_take(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	d->stats.outgoing++;
	switch (e->proto) {
	case IP_PROTO_TCP:
		take_tcp(d, p);
		return;
	case IP_PROTO_UDP:
		/* An answer to somebody who asked this door first: the door is offered. */
		if (!conversation_table_knows(d->conversations, p->key) && e->src_port < 32768 &&
			aim_table_has_touched(d->aims, p->aim, &e->src, TARGET_UDP, e->src_port)) {
			service_table_open(d->services, p->aim, d->now);
			note_found_door(d, e, TARGET_UDP);
		}
		conversation_table_note(d->conversations, p->key, d->now);
		return;
	case IP_PROTO_ICMP:
	case IP_PROTO_ICMPV6:
		if (!event_icmp_is_error(e->proto, e->icmp_type))
			conversation_table_note(d->conversations, p->key, d->now);
		return;
	default:
		conversation_table_note(d->conversations, p->key, d->now);
	}
}
