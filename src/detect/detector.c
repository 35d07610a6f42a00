/* SPDX-License-Identifier: ISC */
/*
 * The loop over events.
 *
 * The cost of a packet is the cache misses of its look-ups (measured: one random look-up 17 ns,
 * with an update of a record 40 to 50). So events go through in small batches, three times: first
 * classify and ask for the lines of every table the event will need, then ask for the records
 * behind the tags for the dossiers behind the records and for their sets, and only then decide. By
 * the time a line is read, the others of the batch are on their way too.
 */
#include "detect/detector_state.h"

#include "base/memory.h"
#include "detect/sequential_test.h"
#include "net/ip_proto.h"

#include <stdlib.h>

/* Behind the latest event by more than this, an event tells when it was written, not how fast they
 * come. */
#define LATE_US (2 * CLOCK_US_PER_S)

static void create_tables(struct detector *d, const struct memory_plan *plan)
{
	const uint64_t *shares = plan->shares;
	d->doorkeeper = doorkeeper_create(shares[MEMORY_SHARE_DOORKEEPER]);
	d->sources = source_table_create(shares[MEMORY_SHARE_SOURCES]);
	d->conversations = conversation_table_create(shares[MEMORY_SHARE_CONVERSATIONS]);
	d->replies = reply_table_create(shares[MEMORY_SHARE_REPLIES]);
	uint64_t dossiers = /* the one that is never used takes its place, too */
		shares[MEMORY_SHARE_DOSSIERS] / (DOSSIER_POOL_EACH + MEMORY_PLAN_STORY) - 1;
	d->dossiers = dossier_pool_create(
		(uint32_t)(dossiers < DOSSIER_POOL_MAX ? dossiers : DOSSIER_POOL_MAX),
		shares[MEMORY_SHARE_SETS]);
	d->services = service_table_create();
	d->aims = aim_table_create();
	d->campaigns = campaign_table_create();
	d->tally = tally_create();
	d->fragments = fragment_table_create();
}

struct detector *detector_create(const struct detector_options *options)
{
	struct detector *d = memory_calloc(1, sizeof *d);
	d->options = *options;
	d->noise.left = d->lone.left = DETECTOR_NOISE_BURST;
	if (options->hash_seed)
		keyed_hash_init_seeded(&d->hash, options->hash_seed);
	else
		keyed_hash_init(&d->hash);
	if (options->memory.bytes == 0)
		d->options.memory = memory_plan_make(0, 0);
	create_tables(d, &d->options.memory);
	return d;
}

void detector_destroy(struct detector *d)
{
	if (d == NULL)
		return;
	doorkeeper_destroy(d->doorkeeper);
	source_table_destroy(d->sources);
	conversation_table_destroy(d->conversations);
	reply_table_destroy(d->replies);
	dossier_pool_destroy(d->dossiers);
	service_table_destroy(d->services);
	aim_table_destroy(d->aims);
	campaign_table_destroy(d->campaigns);
	tally_destroy(d->tally);
	fragment_table_destroy(d->fragments);
	free(d);
}

void detector_set_listening(
	struct detector *d, const struct door_set *listening, const struct prefix_set *own)
{
	static const struct prefix everywhere = {.length_bits = 0};
	d->listening = *listening;
	if (own != NULL) {
		d->own = *own;
	} else {
		d->own.count = 0;
		prefix_set_add(&d->own, &everywhere);
	}
	d->knows_listening = true;
}

void detector_set_home(struct detector *d, const struct prefix_set *home)
{
	d->options.home = *home;
}

bool detector_is_research(const struct detector *d, const struct addr *source)
{
	const struct prefix_set *own = &d->options.research;
	return (own->count > 0 && prefix_set_holds(own, source)) ||
	       (d->options.is_research != NULL && d->options.is_research(source));
}

struct dossier_pool *detector_dossiers(struct detector *d)
{
	return d->dossiers;
}

struct tally *detector_tally(struct detector *d)
{
	return d->tally;
}

struct detector_stats detector_stats(const struct detector *d)
{
	struct detector_stats s = d->stats;
	s.evicted_sources = source_table_evictions(d->sources);
	s.evicted_dossiers = dossier_pool_evictions(d->dossiers);
	s.refused_dossiers = dossier_pool_refusals(d->dossiers);
	return s;
}

static bool take_from(struct detector_budget *b, struct wall_time now)
{
	const int64_t step_us = DETECTOR_NOISE_EVERY_S * CLOCK_US_PER_S;
	int64_t steps = (now.us - b->since.us) / step_us;
	if (steps > 0) {
		b->since.us += steps * step_us;
		int64_t left = b->left + steps;
		b->left = (uint32_t)(left > DETECTOR_NOISE_BURST ? DETECTOR_NOISE_BURST : left);
	}
	if (b->left == 0)
		return false;
	b->left--;
	return true;
}

bool detector_may_tell_noise(struct detector *d, enum incident_kind kind)
{
	bool may = take_from(&d->noise, d->now);
	d->stats.noise_untold[kind] += !may;
	return may;
}

bool detector_may_tell_lone(struct detector *d)
{
	bool may = take_from(&d->lone, d->now);
	d->stats.noise_untold[INCIDENT_KIND_EXPLOIT] += !may;
	return may;
}

/* The most specific override that speaks about this packet, or null. */
static const struct detector_override *find_override(
	const struct detector *d, const struct event *e)
{
	for (unsigned i = 0; i < d->options.overrides_count; i++) {
		const struct detector_override *o = &d->options.overrides[i];
		if (!prefix_holds(&o->prefix, &e->src) || (o->has_proto && o->proto != e->proto))
			continue;
		if (o->ports_count == 0)
			return o;
		enum port_set_proto proto;
		if (!(e->has & EVENT_HAS_PORTS) || !port_set_proto_of(e->proto, &proto))
			continue;
		for (unsigned j = 0; j < o->ports_count; j++) {
			const struct port_range *r = &o->ports[j];
			if (r->proto == proto && r->first <= e->dst_port && e->dst_port <= r->last)
				return o;
		}
	}
	return NULL;
}

static bool is_ignored(const struct detector *d, const struct event *e)
{
	if (d->options.trusted.count > 0 && prefix_set_holds(&d->options.trusted, &e->src))
		return true;
	const struct detector_override *o = find_override(d, e);
	return o != NULL && o->level == 0;
}

static void note_forced_level(const struct detector *d, struct dossier *o, const struct event *e)
{
	const struct detector_override *row = find_override(d, e);
	if (row != NULL && row->level > o->forced_level)
		o->forced_level = (int16_t)row->level;
}

static void count_gap(struct dossier *o, struct wall_time now)
{
	int64_t gap_ms = (now.us - o->last.us) / 1000;
	if (gap_ms < 0 || gap_ms > UINT32_MAX / 16)
		return;
	uint32_t gap = (uint32_t)gap_ms, mean = o->gap_mean_ms;
	uint32_t deviation = gap > mean ? gap - mean : mean - gap;
	/* Running averages over about eight gaps, the first taken whole (Jacobson 1988). */
	o->gap_mean_ms = o->gaps == 0 ? gap : mean - mean / 8 + gap / 8;
	o->gap_dev_ms = o->gaps == 0 ? 0 : o->gap_dev_ms - o->gap_dev_ms / 8 + deviation / 8;
	o->gaps++;
}

static void count_rate(struct dossier *o, uint32_t second)
{
	if (second != o->rate_second) {
		o->rate_second = second;
		o->rate_count = 0;
	}
	if (++o->rate_count > o->rate_peak)
		o->rate_peak = o->rate_count;
}

void detector_count_event(struct detector *d, struct dossier *o, const struct event *e)
{
	if (!o->dst_many && !addr_equal(&o->dst, &e->dst)) {
		if (addr_is_none(&o->dst))
			o->dst = e->dst;
		else if (!(e->has & EVENT_HAS_ACCESS) || !addr_is_none(&e->dst))
			o->dst_many = true;
	}
	if (o->proto != e->proto) {
		if (o->proto == 0 && !o->proto_mixed)
			o->proto = e->proto;
		else
			o->proto_mixed = true;
	}
	/* An address of IPv4 is a source of its own. */
	if (o->block_bits < 128 && o->form == DOSSIER_SOURCE && !o->addr_many &&
		!addr_equal(&o->addr, &e->src))
		o->addr_many = true;
	o->origin = e->origin;
	o->iface = e->iface;
	o->host = e->host;
	if (d->options.overrides_count > 0 && o->form == DOSSIER_SOURCE)
		note_forced_level(d, o, e);
	o->packets++;
	o->bytes += e->length;
	/* Of a scanner nobody asks how regular it is. */
	if (o->score < SEQUENTIAL_NOTICE)
		count_gap(o, d->now);
	if (!d->late)
		count_rate(o, d->now_s);
	o->last = d->now;
}

static uint64_t conversation_of(const struct detector *d, const struct event *e, bool outgoing)
{
	const struct addr *ours = outgoing ? &e->src : &e->dst,
			  *theirs = outgoing ? &e->dst : &e->src;
	if (e->proto == IP_PROTO_ICMP || e->proto == IP_PROTO_ICMPV6)
		return conversation_key(&d->hash, ours, e->icmp_id, theirs, 0, e->proto);
	uint16_t our_port = outgoing ? e->src_port : e->dst_port;
	uint16_t their_port = outgoing ? e->dst_port : e->src_port;
	return conversation_key(&d->hash, ours, our_port, theirs, their_port, e->proto);
}

/* Of UDP only memory tells whether a datagram is an answer; so of what looks like active FTP. */
static bool may_answer(const struct event *e)
{
	return e->proto == IP_PROTO_UDP ||
	       (e->probe == EVENT_PROBE_SYN && e->src_port == 20 && e->dst_port >= 1024);
}

/* First pass: what is it, and which lines will it need? */
static void prepare(struct detector *d, const struct event *e, struct prepared *p)
{
	p->event = e;
	p->record = NULL;
	p->none_until = 0;
	p->dossier = 0;
	p->pieces = 0;
	p->is_piece = false;
	p->traffic = traffic_classify_from(e, &d->options.home, &p->internal);
	if (e->has & EVENT_HAS_FRAGMENT) {
		misuse_path_prepare(d, p);
		e = p->event;
	}
	p->source = detector_scored_address(&e->src);
	if (p->traffic != TRAFFIC_PROBE && p->traffic != TRAFFIC_STREAM &&
		p->traffic != TRAFFIC_REPLY)
		p->internal = false;
	switch (p->traffic) {
	case TRAFFIC_OUTGOING:
		p->key = conversation_of(d, e, true);
		p->aim = service_key(&d->hash, &e->src, e->src_port, e->proto);
		conversation_table_prefetch(d->conversations, p->key);
		break;
	case TRAFFIC_STREAM:
		p->key = conversation_of(d, e, false);
		p->aim = service_key(&d->hash, &e->dst, e->dst_port, e->proto);
		conversation_table_prefetch(d->conversations, p->key);
		break;
	case TRAFFIC_PROBE:
		detector_prepare_probe(d, e, p);
		source_table_prefetch_tags(d->sources, p->key);
		service_table_prefetch(d->services, p->aim);
		if (may_answer(e))
			reply_path_prefetch_answer(d, e);
		break;
	case TRAFFIC_REPLY:
		reply_path_prefetch(d, e);
		break;
	case TRAFFIC_ACCESS:
	case TRAFFIC_TRACE:
	case TRAFFIC_LOCAL:
	case TRAFFIC_REST:
		break;
	}
}

/* From one of ours to another: what the one sends teaches about it as if it went out. */
static void learn_internal(struct detector *d, const struct prepared *p)
{
	/* A SYN-ACK that answers no SYN we saw may be forged, and would hide a scan of that port.
	 */
	if (p->event->probe == EVENT_PROBE_SYN_ACK &&
		!conversation_table_knows(d->conversations, conversation_of(d, p->event, false)))
		return;
	struct prepared out = *p;
	out.key = conversation_of(d, p->event, true);
	out.aim = service_key(&d->hash, &p->event->src, p->event->src_port, p->event->proto);
	outgoing_path_take(d, &out);
}

static void decide(struct detector *d, const struct prepared *p)
{
	if (p->event->time.us > d->now.us) {
		d->now = p->event->time;
		d->now_s = (uint32_t)wall_time_seconds(d->now);
	}
	d->late = d->now.us - p->event->time.us > LATE_US;
	d->stats.events += p->traffic != TRAFFIC_ACCESS;
	offer_watch_look(d);
	if (p->traffic != TRAFFIC_OUTGOING &&
		(d->options.trusted.count > 0 || d->options.overrides_count > 0) &&
		is_ignored(d, p->event)) {
		d->stats.ignored++;
		return;
	}
	if (p->traffic != TRAFFIC_ACCESS && misuse_path_take(d, p))
		return;
	switch (p->traffic) {
	case TRAFFIC_OUTGOING:
		outgoing_path_take(d, p);
		break;
	case TRAFFIC_PROBE:
		if (may_answer(p->event) && reply_path_answers_us(d, p->event))
			break;
		probe_path_take(d, p);
		break;
	case TRAFFIC_STREAM:
		reply_path_take_stream(d, p);
		break;
	case TRAFFIC_REPLY:
		reply_path_take(d, p);
		break;
	case TRAFFIC_TRACE:
	case TRAFFIC_LOCAL:
		reply_path_take_harmless(d, p);
		break;
	case TRAFFIC_ACCESS:
		access_path_take(d, p);
		break;
	case TRAFFIC_REST:
		d->stats.rest += !p->is_piece;
		break;
	}
	if (p->internal)
		learn_internal(d, p);
}

/* The tags are here: who has a record needs it, who has none goes to the doorkeeper. */
static void prefetch_storey(struct detector *d, struct prepared *p)
{
	if (p->event->has & EVENT_HAS_PORTS)
		tally_prefetch(d->tally, p->event->proto, p->event->dst_port);
	p->record = source_table_prefetch_record(d->sources, p->key);
	if (p->record != NULL)
		return;
	doorkeeper_prefetch(d->doorkeeper, p->key);
	aim_table_prefetch(d->aims, p->aim);
}

/* The records are here: who has a dossier needs it. */
static void prefetch_dossier(struct detector *d, struct prepared *p)
{
	struct source_record *r = p->record;
	/* Of two keys with one tag the first was fetched. */
	if (r != NULL && !addr_equal(&r->addr, &p->source))
		r = source_table_find(d->sources, p->key, &p->source);
	p->record = r;
	if (r == NULL) {
		p->none_until = source_table_additions(d->sources);
		return;
	}
	p->dossier = r->dossier;
	if (p->dossier != 0)
		dossier_pool_prefetch(d->dossiers, p->dossier);
	if (p->dossier == 0 || (double)r->score < SEQUENTIAL_NOTICE)
		aim_table_prefetch(d->aims, p->aim);
}

static void feed_batch(struct detector *d, const struct event *events, size_t n)
{
	struct prepared batch[DETECTOR_BATCH];
	for (size_t i = 0; i < n; i++)
		prepare(d, &events[i], &batch[i]);
	for (size_t i = 0; i < n; i++) {
		if (batch[i].traffic == TRAFFIC_PROBE)
			prefetch_storey(d, &batch[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (batch[i].traffic == TRAFFIC_PROBE)
			prefetch_dossier(d, &batch[i]);
	}
	for (size_t i = 0; i < n; i++) {
		if (batch[i].dossier != 0)
			dossier_pool_prefetch_target(
				d->dossiers, batch[i].dossier, batch[i].knock.target);
	}
	for (size_t i = 0; i < n; i++)
		decide(d, &batch[i]);
}

void detector_feed(struct detector *d, const struct event *events, size_t count)
{
	for (size_t done = 0; done < count; done += DETECTOR_BATCH)
		feed_batch(d, events + done,
			count - done < DETECTOR_BATCH ? count - done : DETECTOR_BATCH);
}

void detector_reconfigure(struct detector *d, const struct detector_options *fresh)
{
	d->options.dark = fresh->dark;
	d->options.trusted = fresh->trusted;
	d->options.research = fresh->research;
	d->options.trap_ports = fresh->trap_ports;
	d->options.signatures = fresh->signatures;
	d->options.overrides = fresh->overrides;
	d->options.overrides_count = fresh->overrides_count;
}

void detector_settle(struct detector *d, struct wall_time now)
{
	campaign_watch_settle(d, now);
}

struct wall_time detector_now(const struct detector *d)
{
	return d->now;
}

struct addr detector_block_address(const struct addr *scored)
{
	struct addr block = prefix_of(scored, 48).base;
	block.bytes[15] = 1; /* no /64 base looks like this */
	return block;
}

static struct dossier *dossier_at(
	struct detector *d, const struct addr *scored, struct source_record **record)
{
	struct source_record *r =
		source_table_find(d->sources, detector_source_key(d, scored), scored);
	if (r != NULL)
		*record = r;
	return r ? dossier_pool_get(d->dossiers, r->dossier) : NULL;
}

struct dossier *detector_find_dossier(
	struct detector *d, const struct addr *address, struct source_record **record)
{
	struct addr scored = detector_scored_address(address);
	*record = NULL;
	struct dossier *o = dossier_at(d, &scored, record);
	if (o != NULL || addr_is_v4(address) || addr_is_link_local(address))
		return o;
	struct source_record *block_record = NULL;
	struct addr block = detector_block_address(&scored);
	o = dossier_at(d, &block, &block_record);
	if (o != NULL)
		*record = block_record;
	return o;
}

/* The next story of this source begins with nothing but the score and the number of its visits. */
static void start_afresh(struct source_record *r, const struct dossier *closed)
{
	r->dossier = 0;
	r->score = (float)closed->score;
	r->packets = 0;
	r->targets_count = 0;
	r->flags &= (uint8_t)~SOURCE_FLAG_PROVEN & 15;
	r->techniques = 0;
	if (r->visits < 15)
		r->visits++;
}

void detector_close_dossier(struct detector *d, struct dossier *dossier)
{
	struct source_record *r;
	if (dossier->form == DOSSIER_SOURCE &&
		detector_find_dossier(d, &dossier->addr, &r) == dossier)
		start_afresh(r, dossier);
	dossier_pool_free(d->dossiers, dossier);
}

void detector_walk_sources(struct detector *d, detector_source_fn *fn, void *context)
{
	size_t cursor = 0;
	for (struct source_record *r; (r = source_table_next(d->sources, &cursor)) != NULL;) {
		struct dossier *o = dossier_pool_get(d->dossiers, r->dossier);
		unsigned bits = addr_is_v4(&r->addr) ? 128 : r->flags & SOURCE_FLAG_BLOCK ? 48 : 64;
		unsigned targets = o ? o->new_targets : r->targets_count;
		fn(context, &r->addr, bits, (double)r->score, targets, r->packets, r->first_s,
			r->last_s);
	}
}
