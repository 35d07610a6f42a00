/* SPDX-License-Identifier: ISC */
/*
 * What we send ourselves: it tells which answers were asked for and which doors are offered.
 */
#include "detect/detector_state.h"
#include "net/ip_proto.h"

static void take_refusal(struct detector *d, const struct prepared *p)
{
	if (service_table_close(d->services, p->aim))
		answer_watch_refused(d, p->event);
}

static void take_tcp(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe == EVENT_PROBE_RST) {
		/* RST+ACK with sequence number 0 answers a SYN to a closed door (RFC 9293, 3.10.7.1). */
		if ((e->tcp_flags & EVENT_TCP_ACK) && (e->has & EVENT_HAS_TCP_SEQ) && e->seq == 0)
			take_refusal(d, p);
		else if (!(e->tcp_flags & EVENT_TCP_ACK))
			conversation_table_note(
				d->conversations, detector_reset_key(d, &e->src, &e->dst), d->now);
		return;
	}
	if (e->probe == EVENT_PROBE_SYN_ACK) {
		service_table_open(d->services, p->aim, d->now);
		handshake_note_offer(&d->handshakes, p->key, e->seq);
		offer_watch_note_answer(d, p->key, e->seq);
		answer_watch_found(d, e, TARGET_TCP);
	} else if (answer_watch_serves(e) && !conversation_table_knows(d->conversations, p->key)) {
		service_table_open(d->services, p->aim, d->now);
		answer_watch_found(d, e, TARGET_TCP);
	}
	if (e->dst_port == 21 && e->probe == EVENT_PROBE_SYN)
		conversation_table_note(
			d->conversations, detector_ftp_key(d, &e->src, &e->dst), d->now);
	conversation_table_note(d->conversations, p->key, d->now);
}

void outgoing_path_take(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	d->stats.outgoing++;
	if (e->probe == EVENT_PROBE_SYN || e->proto != IP_PROTO_TCP)
		misuse_path_note_call(d, e);
	switch (e->proto) {
	case IP_PROTO_TCP:
		take_tcp(d, p);
		return;
	case IP_PROTO_UDP:
		/* An answer to somebody who asked this door first: the door is offered. */
		if (!conversation_table_knows(d->conversations, p->key) && e->src_port < 32768 &&
			aim_table_has_touched(d->aims, p->aim, &e->src, TARGET_UDP, e->src_port)) {
			service_table_open(d->services, p->aim, d->now);
			answer_watch_found(d, e, TARGET_UDP);
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
