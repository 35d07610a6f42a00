/* SPDX-License-Identifier: ISC */
/*
 * What a door of ours answered, and what the source made of it.
 *
 * A SYN to a door that answers is no failure, but not yet a success either: only the next packet tells
 * a client from somebody who looks which doors are open. A client completes the handshake and counts
 * downwards, once for a service, on however many hosts. Who breaks it off with a reset (nmap -sS, zmap:
 * their kernel knows nothing of the connection) has got what it wanted, and that counts as a closed door
 * does. Who stays silent is neither; forged sources always do.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "event/technique.h"
#include "net/ip_proto.h"

/* A probe of this source was answered: it was no failure, and the source now knows a door. */
void answer_watch_found(struct detector *d, const struct event *e, enum target_space space)
{
	struct target t = {target_host_of(&e->src), e->src_port, (uint8_t)space, 0};
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->dst, &r);
	if (o != NULL) {
		dossier_add_answer(o, t.space, t.port, e->dst_port, e->time);
		if (!target_set_mark(&o->targets, t, TARGET_OPENED) ||
			(r->flags & SOURCE_FLAG_GROUPED))
			return;
		o->score = sequential_add(o->score, -SEQUENTIAL_FAILURE);
		r->score = (float)o->score;
	} else if (r != NULL && source_record_mark(r, t, TARGET_OPENED)) {
		r->score = (float)sequential_add((double)r->score, -SEQUENTIAL_FAILURE);
	} else if (r == NULL && space == TARGET_UDP) {
		/* Who is known by this door only is a client. */
		struct addr scored = detector_scored_address(&e->dst);
		doorkeeper_forget(d->doorkeeper, detector_source_key(d, &scored));
	}
}

/* A sweep that connects to every host of a network is not pardoned host by host. */
static bool has_visited(const struct source_record *r, uint16_t port)
{
	for (unsigned i = 0; i < SOURCE_TARGETS_INLINE && i < r->targets_count; i++) {
		bool settled = r->spaces[i] >> SOURCE_SPACE_STATE_SHIFT & TARGET_SETTLED;
		if (settled && r->ports[i] == port)
			return true;
	}
	return false;
}

static void visit_in_record(struct source_record *r, struct target t)
{
	bool visited = has_visited(r, t.port);
	if (!source_record_mark(r, t, TARGET_SETTLED))
		return;
	r->flags |= SOURCE_FLAG_PROVEN;
	if (!visited)
		r->score = (float)sequential_add((double)r->score, SEQUENTIAL_SUCCESS);
}

static void visit_in_dossier(struct source_record *r, struct dossier *o, struct target t)
{
	struct dossier_answer *a = dossier_find_answer(o, t.space, t.port);
	if (!target_set_mark(&o->targets, t, TARGET_SETTLED) || a == NULL || a->visited)
		return;
	a->visited = true;
	o->score = sequential_add(o->score, SEQUENTIAL_SUCCESS);
	r->score = (float)o->score;
}

/* True if this conversation is the one by which the story's source found the door. A handshake in another
 * one proves an address that somebody may have put on forged probes: a client's, while it browses. */
static bool is_storys_own(struct dossier *o, const struct event *e)
{
	const struct dossier_answer *a = dossier_find_answer(o, TARGET_TCP, e->dst_port);
	return a != NULL && a->src_port == e->src_port;
}

/* Did the source prove its address? Only who got our SYN-ACK knows its number. */
void answer_watch_ack(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe != EVENT_PROBE_ACK || !(e->has & EVENT_HAS_TCP_SEQ) ||
		!handshake_complete(&d->handshakes, p->key, e->ack))
		return;
	d->proofs++;
	struct target t = {target_host_of(&e->dst), e->dst_port, TARGET_TCP, 0};
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->src, &r);
	if (r == NULL)
		return;
	if (o == NULL) {
		visit_in_record(r, t);
	} else if (r->flags & SOURCE_FLAG_GROUPED) {
		if (is_storys_own(o, e))
			dossier_add_member(o, &p->source, &e->src, true);
	} else {
		visit_in_dossier(r, o, t);
		if (is_storys_own(o, e)) {
			o->spoofable = false;
			o->techniques |= technique_bit(TECHNIQUE_CONNECT);
		}
	}
}

bool answer_watch_reset(struct detector *d, const struct event *e)
{
	if (e->probe != EVENT_PROBE_RST)
		return false;
	uint64_t conversation = conversation_key(
		&d->hash, &e->dst, e->dst_port, &e->src, e->src_port, IP_PROTO_TCP);
	return handshake_break_off(&d->handshakes, conversation);
}
