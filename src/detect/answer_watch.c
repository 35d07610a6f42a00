/* SPDX-License-Identifier: ISC */
/*
 * What a door of ours answered, and what the source made of it.
 *
 * A SYN to a door that answers is no failure, but not yet a success either: only the next packet tells
 * a client from somebody who looks which doors are open. A client completes the handshake and counts
 * downwards, once for a service, on however many hosts. Who breaks it off with a reset (nmap -sS, zmap:
 * their kernel knows nothing of the connection) has got what it wanted, and that counts as a closed door
 * does. Who stays silent is neither; forged sources always do.
 *
 * A capture may hold one direction only, of a host whose doors we do not know. There a client's next
 * packet, which goes on where its SYN ended, tells that we answered: half a proof, which pardons and
 * never credits, and pardons only so many doors, for a scanner can send it too.
 *
 * A live watch knows its doors, and of what comes to open ones it hears SYNs and bare resets only: a SYN
 * passes for a client's until a reset follows that ends just there. A client that connects, says
 * nothing, and hangs up while our greeting is on its way to it looks the same, once in a while.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "event/technique.h"
#include "net/ip_proto.h"

/* Of a source that seems to use more doors than this, half a proof pardons nothing. */
#define HALF_PROVED_DOORS 16

/* The door as our packets, and as theirs, name it. */
static struct target door_of_ours(const struct event *out, enum target_space space)
{
	return (struct target){target_host_of(&out->src), out->src_port, (uint8_t)space, 0};
}

static struct target door_of_theirs(const struct event *in)
{
	return (struct target){target_host_of(&in->dst), in->dst_port, TARGET_TCP, 0};
}

static void note_found(struct detector *d, const struct addr *source, struct target t,
	uint16_t src_port, struct wall_time time)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, source, &r);
	if (o != NULL) {
		dossier_add_answer(o, t, src_port, time);
		if (!target_set_mark(&o->targets, t, TARGET_OPENED) ||
			(r->flags & SOURCE_FLAG_GROUPED))
			return;
		o->score = sequential_add(o->score, -SEQUENTIAL_FAILURE);
		r->score = (float)o->score;
	} else if (r != NULL && source_record_mark(r, t, TARGET_OPENED)) {
		r->score = (float)sequential_add((double)r->score, -SEQUENTIAL_FAILURE);
	} else if (r == NULL && t.space == TARGET_UDP) {
		/* Who is known by this door only is a client. */
		struct addr scored = detector_scored_address(source);
		doorkeeper_forget(d->doorkeeper, detector_source_key(d, &scored));
	}
}

/* A probe of this source was answered: it was no failure, and the source now knows a door. */
void answer_watch_found(struct detector *d, const struct event *e, enum target_space space)
{
	note_found(d, &e->dst, door_of_ours(e, space), e->dst_port, e->time);
}

/* The one who asked has found nothing, then, and knocked at a dead door. */
void answer_watch_refused(struct detector *d, const struct event *e)
{
	struct target t = door_of_ours(e, TARGET_TCP);
	struct addr scored = detector_scored_address(&e->dst);
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->dst, &r);
	visit_table_forget(&d->visits, detector_source_key(d, &scored), t.host, t.port);
	if (o != NULL) {
		if (!dossier_drop_answer(o, t, e->dst_port) || (r->flags & SOURCE_FLAG_GROUPED))
			return;
		o->score = sequential_add(o->score, SEQUENTIAL_FAILURE);
		r->score = (float)o->score;
	} else if (r != NULL && source_record_unmark(r, t, TARGET_OPENED)) {
		r->score = (float)sequential_add((double)r->score, SEQUENTIAL_FAILURE);
	}
}

static uint64_t conversation_with(const struct detector *d, const struct event *in)
{
	return conversation_key(
		&d->hash, &in->dst, in->dst_port, &in->src, in->src_port, IP_PROTO_TCP);
}

void answer_watch_syn(struct detector *d, const struct event *e)
{
	if (e->probe != EVENT_PROBE_SYN || !(e->has & EVENT_HAS_TCP_SEQ))
		return;
	uint64_t conversation = conversation_with(d, e);
	handshake_note_offer(&d->handshakes, conversation, e->seq);
	if (answer_watch_is_one_way(d))
		offer_watch_note_answer(d, conversation, e->seq);
}

/* Goes on where the source's own SYN ended, as only who was answered does. */
static bool goes_on(struct detector *d, const struct event *e)
{
	bool may = (e->probe == EVENT_PROBE_ACK && e->ack != 0) || e->probe == EVENT_PROBE_RST;
	/* What a firewall reports was dropped: nobody answered it. */
	return may && !(e->marks & EVENT_MARK_FIREWALL) && (e->has & EVENT_HAS_TCP_SEQ) &&
	       answer_watch_is_one_way(d) &&
	       handshake_complete(&d->handshakes, conversation_with(d, e), e->seq);
}

/* The door is open, then; if the source is not one that would have us believe so everywhere. Of a scanner it
 * is told, and believed no further. */
static bool half_prove(struct detector *d, const struct event *e)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, &e->src, &r);
	struct target t = door_of_theirs(e);
	if (o != NULL && o->new_targets > HALF_PROVED_DOORS) {
		dossier_add_answer(o, t, e->src_port, e->time);
		return false;
	}
	uint64_t aim = service_key(&d->hash, &e->dst, e->dst_port, IP_PROTO_TCP);
	service_table_open(d->services, aim, d->now);
	note_found(d, &e->src, t, e->src_port, e->time);
	return true;
}

bool answer_watch_goes_on(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe == EVENT_PROBE_ACK && (e->has & EVENT_HAS_TCP_SEQ) &&
		answer_watch_is_one_way(d))
		offer_watch_note_ack(d, p->key, e->seq);
	if (!goes_on(d, e) || !half_prove(d, e))
		return false;
	conversation_table_note(d->conversations, p->key, d->now);
	return true;
}

/* A SYN-ACK, or a word in the midst of a connection that began before we listened: from a port where
 * services are to one where clients are. */
bool answer_watch_serves(const struct event *e)
{
	if (e->probe == EVENT_PROBE_SYN_ACK)
		return true;
	bool midst =
		(e->tcp_flags & EVENT_TCP_ACK) && !(e->tcp_flags & (EVENT_TCP_SYN | EVENT_TCP_RST));
	return e->proto == IP_PROTO_TCP && midst && e->src_port < 32768 &&
	       !traffic_is_service_port(IP_PROTO_TCP, e->dst_port);
}

/* From our own words; true if there are any. */
static bool learn_doors(struct detector *d, const struct event *events, size_t count)
{
	bool any = false;
	for (size_t i = 0; i < count; i++) {
		const struct event *e = &events[i];
		if (traffic_classify(e, &d->options.home) != TRAFFIC_OUTGOING)
			continue;
		any = true;
		if (answer_watch_serves(e))
			service_table_open(d->services,
				service_key(&d->hash, &e->src, e->src_port, IP_PROTO_TCP), e->time);
	}
	return any;
}

/* From theirs alone. */
static void guess_doors(struct detector *d, const struct event *events, size_t count)
{
	for (size_t i = 0; i < count; i++) {
		const struct event *e = &events[i];
		enum traffic traffic = traffic_classify(e, &d->options.home);
		if (traffic == TRAFFIC_PROBE)
			answer_watch_syn(d, e);
		else if (traffic == TRAFFIC_STREAM && goes_on(d, e))
			service_table_open(d->services,
				service_key(&d->hash, &e->dst, e->dst_port, IP_PROTO_TCP), e->time);
	}
	memset(&d->handshakes, 0, sizeof d->handshakes);
	memset(&d->sampled, 0, sizeof d->sampled);
}

void detector_foresee(struct detector *d, const struct event *events, size_t count)
{
	if (!learn_doors(d, events, count))
		guess_doors(d, events, count);
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
 * one proves an address that somebody may have put on forged probes: a client's, while it browses. BUGS: at
 * a door that the forger did not touch, the client's own visit is the one that found it. So a proved
 * address alone must never be a reason to block. */
static bool is_storys_own(struct dossier *o, const struct event *e)
{
	const struct dossier_answer *a = dossier_find_answer(o, TARGET_TCP, e->dst_port);
	return a != NULL && a->src_port == e->src_port;
}

/* Did the source prove its address? Only who got our SYN-ACK knows its number. */
void answer_watch_ack(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe != EVENT_PROBE_ACK || !(e->has & EVENT_HAS_TCP_SEQ))
		return;
	offer_watch_note_ack(d, p->key, e->ack);
	if (!handshake_complete(&d->handshakes, p->key, e->ack))
		return;
	struct target t = door_of_theirs(e);
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
		knock_row_consider(d, r, o, e);
		if (is_storys_own(o, e)) {
			o->spoofable = false;
			o->techniques |= technique_bit(TECHNIQUE_CONNECT);
		}
	}
}

/* A kernel that knows of no connection resets with the number our SYN-ACK acknowledged, and without an
 * acknowledgement of its own (RFC 9293, 3.10.7.1); a program that hangs up has one. */
static bool is_refusal(const struct event *e)
{
	return !(e->tcp_flags & EVENT_TCP_ACK) && (e->has & EVENT_HAS_TCP_SEQ);
}

bool answer_watch_reset(struct detector *d, const struct event *e)
{
	if (e->probe != EVENT_PROBE_RST)
		return false;
	if (answer_watch_is_one_way(d))
		return goes_on(d, e) && half_prove(d, e);
	if (d->knows_listening)
		return is_refusal(e) &&
		       handshake_complete(&d->handshakes, conversation_with(d, e), e->seq);
	return handshake_break_off(&d->handshakes, conversation_with(d, e));
}
