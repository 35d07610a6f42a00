/* SPDX-License-Identifier: ISC */
/*
 * Answers nobody asked for, ends of connections nobody remembers, and local noise.
 *
 * None of it ever scores. What answers something we sent is not even counted here. Backscatter has a
 * fixed service port as its source and ephemeral ports as its destination; an ACK or Maimon scan goes
 * the other way round and is handed to the probe path. A few packets of one kind make a story at
 * level 0, so that a person who asks gets the explanation.
 */
#include "detect/detector_state.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

/* A story needs a few packets: single ones are counted only. */
#define NOISE_PACKETS 3
/* A reflector sends large answers fast: 100 a second is no late answer any more. */
#define REFLECTION_RATE 100
#define REFLECTION_PACKETS 200
/* Polls of an idle zombie: SYN-ACKs from climbing ports to a door or two of ours. */
#define ZOMBIE_POLLS 5
/* An answer, or a traceroute, has no business at this many hosts of ours. */
#define SWEEP_HOSTS 5
/* The ends of a client's connections come from any port of its own: one record for them all, under a
 * source port that nobody has. They go to few services; a scan goes to many ports. */
#define CLIENTS_SLOT 3
#define CLIENT_SERVICES 4

static uint8_t shape_of(const struct event *e)
{
	switch ((enum event_probe)e->probe) {
	case EVENT_PROBE_SYN_ACK:
		return REPLY_SHAPE_SYN_ACK;
	case EVENT_PROBE_RST:
		return REPLY_SHAPE_RST;
	case EVENT_PROBE_UDP:
		return REPLY_SHAPE_UDP;
	case EVENT_PROBE_ICMP:
		return event_icmp_is_error(e->proto, e->icmp_type) ? REPLY_SHAPE_ICMP_ERROR
								   : REPLY_SHAPE_ICMP_REPLY;
	case EVENT_PROBE_ACK:
	case EVENT_PROBE_MAIMON:
	case EVENT_PROBE_SYN:
	case EVENT_PROBE_FIN:
	case EVENT_PROBE_NULL:
	case EVENT_PROBE_XMAS:
	case EVENT_PROBE_SYN_FIN:
	case EVENT_PROBE_ALL_FLAGS:
	case EVENT_PROBE_SCTP_INIT:
	case EVENT_PROBE_IP_PROTOCOL:
	case EVENT_PROBE_INVALID:
	case EVENT_PROBES:
		break;
	}
	return REPLY_SHAPE_STREAM;
}

/* Ends and middles of connections win over refusals: a server that closes sends both. */
static enum incident_kind kind_of(uint8_t shapes)
{
	if (shapes & REPLY_SHAPE_LOCAL)
		return INCIDENT_KIND_LAN_NOISE;
	if (shapes & REPLY_SHAPE_TRACE)
		return INCIDENT_KIND_TRACEROUTE;
	if (shapes & REPLY_SHAPE_UDP)
		return INCIDENT_KIND_LATE_REPLY;
	if (shapes & REPLY_SHAPE_STREAM)
		return INCIDENT_KIND_LEFTOVER;
	return INCIDENT_KIND_BACKSCATTER;
}

static struct dossier *open_noise(struct detector *d, const struct prepared *p,
	struct reply_record *r, enum incident_kind kind)
{
	bool harmless = incident_kind_class(kind) == INCIDENT_CLASS_NOISE;
	if (harmless && !detector_may_tell_noise(d, kind))
		return NULL;
	struct dossier *o = dossier_pool_open(d->dossiers, DOSSIER_REPLIES, d->now);
	if (o == NULL)
		return NULL;
	r->dossier = o->number;
	o->addr = r->addr;
	o->last_src_port = r->src_port;
	o->hint = (uint8_t)kind;
	detector_count_event(d, o, p->event);
	o->packets = r->packets;
	o->score = harmless ? 0 : SEQUENTIAL_ALERT;
	o->first = (struct wall_time){(int64_t)r->first_s * CLOCK_US_PER_S};
	if (d->now.us - o->first.us < CLOCK_US_PER_S)
		o->first = d->now;
	detector_tell(d, kind == INCIDENT_KIND_IDLE_ZOMBIE ? FINDING_ATTACK : FINDING_NOISE, kind,
		o, p->event, NULL);
	return o;
}

/* A story that found no place is tried again when it has doubled, not with every packet. */
static bool is_due(uint32_t packets)
{
	return packets == NOISE_PACKETS ||
	       (packets > NOISE_PACKETS && (packets & (packets - 1)) == 0);
}

/* The noise of a source that is already known as a scanner belongs to its story. */
static bool is_told_elsewhere(struct detector *d, const struct addr *source)
{
	struct source_record *r;
	struct dossier *o = detector_find_dossier(d, source, &r);
	return o != NULL && o->score >= SEQUENTIAL_NOTICE;
}

static void grow_noise(
	struct detector *d, const struct prepared *p, struct reply_record *r, struct dossier *o)
{
	detector_count_event(d, o, p->event);
	enum incident_kind kind = kind_of(r->shapes);
	if ((r->shapes & REPLY_SHAPE_UDP) && o->rate_peak >= REFLECTION_RATE &&
		o->packets >= REFLECTION_PACKETS)
		kind = INCIDENT_KIND_REFLECTION;
	if (o->hint == kind || o->hint == INCIDENT_KIND_REFLECTION ||
		o->hint == INCIDENT_KIND_IDLE_ZOMBIE)
		return;
	o->hint = (uint8_t)kind;
	if (kind == INCIDENT_KIND_REFLECTION)
		o->score = SEQUENTIAL_BLOCK;
	detector_tell(d, kind == INCIDENT_KIND_REFLECTION ? FINDING_FLOOD : FINDING_NOISE, kind, o,
		p->event, NULL);
}

static void count_reply(
	struct detector *d, const struct prepared *p, struct reply_record *r, uint8_t shape)
{
	const struct event *e = p->event;
	uint64_t port_bit = keyed_hash_pair(&d->hash, e->dst_port, 1) >> 58;
	uint64_t host_bit = keyed_hash_pair(&d->hash, addr_low_word(&e->dst), 2) >> 59;
	r->packets += r->packets < UINT32_MAX;
	r->bytes += e->length;
	r->shapes |= shape;
	r->ports |= UINT64_C(1) << port_bit;
	r->hosts |= UINT32_C(1) << host_bit;
	r->low_ports += e->dst_port < 1024;
	r->last_s = d->now_s;
}

/* A story that was closed: what comes now begins a new one. */
static void forget_closed_story(struct detector *d, struct reply_record *r)
{
	if (r->dossier == 0 || dossier_pool_get(d->dossiers, r->dossier) != NULL)
		return;
	struct reply_record fresh = {.addr = r->addr, .src_port = r->src_port, .used = 1};
	fresh.first_s = fresh.last_s = d->now_s;
	*r = fresh;
}

/* An ICMP error is judged by what it brings back: our own packet, or one that was forged with our
 * address; a SYN by whether it may be a data connection of active FTP. */
static uint64_t answered_conversation(const struct detector *d, const struct event *e)
{
	if (e->probe == EVENT_PROBE_SYN)
		return detector_ftp_key(d, &e->dst, &e->src);
	if ((e->has & EVENT_HAS_QUOTED) && (e->has & EVENT_HAS_QUOTED_PORTS))
		return conversation_key(&d->hash, &e->dst, e->quoted_src_port, &e->quoted_dst,
			e->quoted_dst_port, e->quoted_proto);
	if (e->proto == IP_PROTO_ICMP || e->proto == IP_PROTO_ICMPV6)
		return conversation_key(&d->hash, &e->dst, e->icmp_id, &e->src, 0, e->proto);
	return conversation_key(&d->hash, &e->dst, e->dst_port, &e->src, e->src_port, e->proto);
}

bool reply_path_answers_us(struct detector *d, const struct event *e)
{
	return conversation_table_knows(d->conversations, answered_conversation(d, e));
}

/* Under what the answers of a source are kept. */
static uint64_t reply_key(const struct detector *d, const struct addr *source, uint16_t port)
{
	return keyed_hash_pair(&d->hash, addr_high_word(source) ^ ((uint64_t)port << 3 | 5),
		addr_low_word(source));
}

static uint16_t reply_port(const struct event *e)
{
	return e->has & EVENT_HAS_PORTS ? e->src_port : 0xffff;
}

void reply_path_prefetch_answer(const struct detector *d, const struct event *e)
{
	conversation_table_prefetch(d->conversations, answered_conversation(d, e));
}

void reply_path_prefetch(const struct detector *d, const struct event *e)
{
	reply_path_prefetch_answer(d, e);
	reply_table_prefetch(d->replies, reply_key(d, &e->src, reply_port(e)));
}

/* What comes as an answer, or as a traceroute, but to one port of host after host: a sweep in disguise. */
static bool is_disguised_sweep(const struct reply_record *r, uint8_t shape)
{
	if (r->src_port == CLIENTS_SLOT && __builtin_popcountll(r->ports) > CLIENT_SERVICES)
		return true;
	if (!(shape & (REPLY_SHAPE_STREAM | REPLY_SHAPE_UDP | REPLY_SHAPE_TRACE)))
		return false;
	bool one_port = __builtin_popcountll(r->ports) == 1;
	unsigned hosts = (unsigned)__builtin_popcount(r->hosts);
	return hosts >= SWEEP_HOSTS && (one_port || (shape & REPLY_SHAPE_TRACE));
}

/* False if it is no reply after all: the probe path must take it. */
static bool take(struct detector *d, const struct prepared *p, uint8_t shape, uint16_t port)
{
	const struct addr *source = &p->event->src;
	struct reply_record *r =
		reply_table_touch(d->replies, reply_key(d, source, port), source, port, d->now);
	forget_closed_story(d, r);
	count_reply(d, p, r, shape);
	if (is_disguised_sweep(r, shape))
		return false;
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	bool answer = shape & (REPLY_SHAPE_UDP | REPLY_SHAPE_ICMP_REPLY);
	if (answer && aim_watch_note_answer(d, p))
		return true;
	if (o != NULL)
		grow_noise(d, p, r, o);
	else if (is_due(r->packets) && !is_told_elsewhere(d, &p->source))
		open_noise(d, p, r, kind_of(r->shapes));
	return true;
}

static void take_as_probe(struct detector *d, const struct prepared *p)
{
	struct prepared probe = *p;
	detector_prepare_probe(d, p->event, &probe);
	probe_path_take(d, &probe);
}

/* SYN-ACKs that come to a low port or two from high, ever different ports: somebody reads our IP ids. */
static bool take_zombie_poll(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	if (e->probe != EVENT_PROBE_SYN_ACK || traffic_is_service_port(IP_PROTO_TCP, e->src_port) ||
		e->dst_port >= 1024)
		return false;
	/* What a firewall dropped gets no RST from us, and only a RST tells our IP id. */
	if (e->marks & EVENT_MARK_FIREWALL)
		return false;
	const uint16_t poll_slot = 0; /* no packet has source port 0 here */
	uint64_t key =
		keyed_hash_pair(&d->hash, addr_high_word(&e->src) ^ 7, addr_low_word(&e->src));
	struct reply_record *r = reply_table_touch(d->replies, key, &e->src, poll_slot, d->now);
	forget_closed_story(d, r);
	count_reply(d, p, r, REPLY_SHAPE_SYN_ACK);
	r->src_ports |= UINT32_C(1) << (keyed_hash_pair(&d->hash, e->src_port, 3) >> 59);
	struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
	bool few_doors =
		__builtin_popcountll(r->ports) <= 2 && __builtin_popcount(r->src_ports) >= 3;
	/* Where we see what we send, a RST must have gone back. */
	bool answered = d->stats.outgoing == 0 || conversation_table_knows(d->conversations,
							  detector_reset_key(d, &e->dst, &e->src));
	if (o != NULL)
		detector_count_event(d, o, e);
	else if (r->packets >= ZOMBIE_POLLS && few_doors && answered)
		open_noise(d, p, r, INCIDENT_KIND_IDLE_ZOMBIE);
	else if (is_due(r->packets) && r->packets > ZOMBIE_POLLS)
		open_noise(d, p, r, INCIDENT_KIND_BACKSCATTER);
	return true;
}

void reply_path_take(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	d->stats.replies++;
	if (answer_watch_reset(d, e)) {
		take_as_probe(d, p);
		return;
	}
	/* The end of a client's connection, of which a live watch has heard nothing else. */
	if (e->probe == EVENT_PROBE_RST && probe_path_is_listening(d, e))
		return;
	if (reply_path_answers_us(d, e) || take_zombie_poll(d, p))
		return;
	if (!take(d, p, shape_of(e), reply_port(e)))
		take_as_probe(d, p);
}

/* The end of somebody's connection comes from a service port, or at least from a port below the usual
 * ephemeral ones, to a high port that is no service. A scan goes the other way round. */
static bool comes_from_service(const struct event *e)
{
	if (traffic_is_service_port(IP_PROTO_TCP, e->dst_port))
		return false;
	return traffic_is_service_port(IP_PROTO_TCP, e->src_port) || e->src_port < 32768;
}

/* Timestamps in a packet without SYN: both sides have agreed on them in a handshake (RFC 7323, 3.2). The
 * scanners' ACK and Maimon probes have no options, or (nmap -O) also those of a SYN. */
static bool is_of_a_stack(const struct event *e)
{
	const unsigned segment_size = 2, timestamps = 8;
	return (e->tcp_flags & EVENT_TCP_ACK) && event_has_tcp_option(e, timestamps) &&
	       !event_has_tcp_option(e, segment_size);
}

void reply_path_take_stream(struct detector *d, const struct prepared *p)
{
	const struct event *e = p->event;
	d->stats.streams++;
	if (conversation_table_knows(d->conversations, p->key)) {
		answer_watch_ack(d, p);
		return;
	}
	if (answer_watch_goes_on(d, p))
		return;
	if (comes_from_service(e)) {
		if (take(d, p, REPLY_SHAPE_STREAM, e->src_port))
			return;
	} else if (is_of_a_stack(e) && take(d, p, REPLY_SHAPE_STREAM, CLIENTS_SLOT)) {
		return;
	}
	if (!service_table_is_open(d->services, p->aim))
		take_as_probe(d, p);
}

void reply_path_take_harmless(struct detector *d, const struct prepared *p)
{
	d->stats.local++;
	if (p->traffic != TRAFFIC_TRACE)
		(void)take(d, p, REPLY_SHAPE_LOCAL, 2);
	else if (!take(d, p, REPLY_SHAPE_TRACE, 1))
		take_as_probe(d, p);
}
