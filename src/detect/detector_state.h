/* SPDX-License-Identifier: ISC */
/*
 * detector_state - the memory that the files of the detector share. Private to detect/.
 */
#ifndef KW_DETECT_DETECTOR_STATE_H
#define KW_DETECT_DETECTOR_STATE_H

#include "base/keyed_hash.h"
#include "detect/detector.h"
#include "detect/knock.h"
#include "detect/traffic.h"
#include "track/aim_table.h"
#include "track/burst_table.h"
#include "track/campaign_table.h"
#include "track/conversation_table.h"
#include "track/doorkeeper.h"
#include "track/fragment_table.h"
#include "track/handshake_table.h"
#include "track/offer_table.h"
#include "track/reply_table.h"
#include "track/service_table.h"
#include "track/source_table.h"
#include "track/sweep_table.h"
#include "track/visit_table.h"

#include <string.h>

/* So many at once, and one more every DETECTOR_NOISE_EVERY_S. */
struct detector_budget {
	uint32_t left;
	struct wall_time since; /* when it last grew */
};

/* A call and its echo through a gateway are a millisecond apart: the latest few are enough. */
#define DETECTOR_OWN_CALLS 1024

/* Events that are taken together: enough that a line asked for in one pass is here in the next, few enough for the
 * second-level cache. */
enum { DETECTOR_BATCH = 64 };

struct detector {
	struct detector_options options;
	struct keyed_hash hash;
	struct doorkeeper *doorkeeper;
	struct source_table *sources;
	struct dossier_pool *dossiers;
	struct conversation_table *conversations;
	struct service_table *services;
	struct reply_table *replies;
	struct aim_table *aims;
	struct campaign_table *campaigns;
	struct tally *tally;
	struct burst_table bursts;
	struct handshake_table handshakes;
	struct visit_table visits;
	struct sweep_table sweeps;
	struct door_set listening; /* of this host, where it is known */
	struct prefix_set own;     /* its addresses; ::/0 where any may be one */
	bool knows_listening;
	struct wall_time now; /* of the latest event; never runs back */
	uint32_t now_s;       /* its second */
	bool late; /* the event at hand is older than that: it tells nothing about pace */
	struct offer_table offers;             /* SYNs at offered doors */
	struct handshake_table sampled;        /* of some conversations: to count those completed */
	struct tick_ring completed;            /* handshakes, at any door */
	int64_t judged_tick, armed_until_tick; /* floods at offers: looked for between these */
	uint32_t comers_s, comers; /* a second, and the sources first seen in it, at any host */
	uint32_t comers_flood_s;   /* the latest second with far too many of them; 0 = none yet */
	struct detector_budget noise, lone;
	uint32_t
		own_calls[DETECTOR_OWN_CALLS]; /* of keys of (address, port) we lately asked from */
	struct detector_stats stats;
	struct fragment_table *fragments;
	struct event joined[DETECTOR_BATCH]; /* of two pieces, for the batch at hand */
	unsigned joined_next;
};

/* An event with what was worked out before its turn came. */
struct prepared {
	const struct event *event;
	enum traffic traffic;
	uint64_t key; /* keyed hash of the source (probes) or of the conversation (the rest) */
	uint64_t aim; /* keyed hash of the door */
	struct addr source; /* the scored address: IPv6 as /64 */
	struct knock knock; /* of a probe, but for `offered` */
	bool internal;      /* from one of ours to another */
	uint32_t pieces;    /* bits of enum ip_misuse, of the datagram that it is a piece of */
	bool is_piece;      /* of a datagram to us */
	/* Hints, found when the batch began, by which the rest is fetched ahead of its turn. */
	struct source_record *record; /* the source's, or null; by now it may be another's */
	uint64_t
		none_until; /* it has no record as long as so many were ever added; 0 = not known */
	uint32_t dossier;   /* its dossier's number, or 0 */
};

static inline void detector_tell(struct detector *d, enum finding_what what,
	enum incident_kind kind, struct dossier *dossier, const struct event *e,
	const struct dossier *into)
{
	struct finding f = {what, kind, dossier, e, into, NULL};
	d->options.on_finding(d->options.context, &f);
}

/* The address under which a source is remembered: of IPv6 the base of its /64. */
static inline struct addr detector_scored_address(const struct addr *a)
{
	struct addr scored = *a;
	/* On the own link every neighbour has fe80::/64: there the address is the source. */
	if (!addr_is_v4(a) && !addr_is_link_local(a))
		memset(scored.bytes + 8, 0, 8);
	return scored;
}

static inline uint64_t detector_source_key(const struct detector *d, const struct addr *source)
{
	return keyed_hash_pair(&d->hash, addr_high_word(source), addr_low_word(source));
}

/* What the probe path needs to know of an event. */
static inline void detector_prepare_probe(
	const struct detector *d, const struct event *e, struct prepared *p)
{
	p->key = detector_source_key(d, &p->source);
	p->aim = service_key(&d->hash, &e->dst, e->dst_port, e->proto);
	p->knock = knock_read(e);
}

/* Among the conversations: that we answered something of theirs with a bare RST, as a host does
 * that gets a SYN-ACK or ACK it knows nothing of (RFC 9293, 3.10.7.1). */
static inline uint64_t detector_reset_key(
	const struct detector *d, const struct addr *ours, const struct addr *theirs)
{
	const uint16_t no_port = 0, reset = 1;
	return conversation_key(&d->hash, ours, no_port, theirs, reset, 6);
}

/* Among the conversations: that we talk to the FTP server there. It opens the data connections of active
 * mode to ports of ours that only the talk names (RFC 959, 5.2). */
static inline uint64_t detector_ftp_key(
	const struct detector *d, const struct addr *ours, const struct addr *theirs)
{
	const uint16_t no_port = 0, ftp = 21;
	return conversation_key(&d->hash, ours, no_port, theirs, ftp, 6);
}

/* The same budget for stories of a single packet: forged worms must not become a flood of tellings.
 */
bool detector_may_tell_lone(struct detector *d);

/* True if one more harmless story may be opened, and takes it from the budget; else counts it. */
bool detector_may_tell_noise(struct detector *d, enum incident_kind kind);

/* Adds what an event tells to a dossier: times, counts, marks; not targets, not score. */
void detector_count_event(struct detector *d, struct dossier *o, const struct event *e);

/* The source's record, as long as nobody else took its place; null if it has none. */
static inline struct source_record *detector_find_record(
	struct detector *d, const struct prepared *p)
{
	if (p->record != NULL && addr_equal(&p->record->addr, &p->source))
		return p->record;
	if (p->none_until == source_table_additions(d->sources))
		return NULL;
	return source_table_find(d->sources, p->key, &p->source);
}

/* The paths, one file each. */
void probe_path_take(struct detector *d, const struct prepared *p);
void reply_path_take(struct detector *d, const struct prepared *p);
void reply_path_take_stream(struct detector *d, const struct prepared *p);
/* True if we asked for this: somebody of ours sent to this peer and port before. */
bool reply_path_answers_us(struct detector *d, const struct event *e);
/* Fetch what the two above, and a reply, will look up. */
void reply_path_prefetch_answer(const struct detector *d, const struct event *e);
void reply_path_prefetch(const struct detector *d, const struct event *e);
void reply_path_take_harmless(struct detector *d, const struct prepared *p);
void outgoing_path_take(struct detector *d, const struct prepared *p);
/* A decision of a wrapper. */
void access_path_take(struct detector *d, const struct prepared *p);

/* A packet that abuses IP itself (misuse.h). True if that is all there is to say of it. */
bool misuse_path_take(struct detector *d, const struct prepared *p);
/* Of a piece of a datagram (EVENT_HAS_FRAGMENT): what is wrong with the pieces. Where they make a TCP header, `p`
 * then speaks of that. */
void misuse_path_prepare(struct detector *d, struct prepared *p);
/* We asked somebody from this address and port. */
void misuse_path_note_call(struct detector *d, const struct event *e);

/* A connection to an offered door: is it the end of port knocking? */
void knock_row_consider(
	struct detector *d, struct source_record *r, struct dossier *o, const struct event *e);

/* Opens the dossier of a source and carries over what its record knew; null if there is no place.
 */
struct dossier *dossier_path_open(
	struct detector *d, struct source_record *r, const struct event *e);
/* Adds a probe to the dossier of its source, or of the group that its source is told in. True if
 * the door was new there. */
bool dossier_path_add(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, struct dossier *o);
bool dossier_path_add_to_group(struct detector *d, const struct prepared *p, const struct knock *k,
	struct source_record *r, struct dossier *group);

/* The record under which a probe is scored, or null: the source's own, or, of IPv6, that of its /48
 * once several of its /64s are active; `p` then speaks of the block. */
struct source_record *block_path_find(
	struct detector *d, struct prepared *p, const struct knock *k);

/* What one more distinct target is worth in the sequential test. */
double probe_path_weigh(const struct detector *d, const struct event *e, const struct knock *k);
/* What it is worth that a handshake at a door that was counted already is broken off. */
double probe_path_weigh_break(const struct detector *d);

/* True where this host knows its doors, and this one is open. */
bool probe_path_is_listening(const struct detector *d, const struct event *e);

/* A new record, in the place of a lesser one if need be. */
struct source_record *probe_path_add_record(
	struct detector *d, const struct prepared *p, struct wall_time first);

/* What a doorkeeper keeps of a door, and a record's first target from what it kept: exact where the
 * host is surely the same one. */
struct doorkeeper_door probe_path_small_door(const struct target *t);
void probe_path_recall_target(
	struct source_record *r, struct doorkeeper_door kept, const struct target *now);

/* What our doors answered and what came of it: our answer from an offered door; the source's ACK in a
 * conversation we know; its reset, which is a look at the door (true) if it breaks a handshake off. */
void answer_watch_found(struct detector *d, const struct event *e, enum target_space space);
/* Our reset from a door that had passed for offered. */
void answer_watch_refused(struct detector *d, const struct event *e);
/* True for a packet of ours that only who serves that door sends. */
bool answer_watch_serves(const struct event *e);
void answer_watch_ack(struct detector *d, const struct prepared *p);
/* True where only what comes to us is seen. There, and at doors where we listen, the SYN is to be noted; and
 * a later packet may show that it was answered. */
static inline bool answer_watch_is_one_way(const struct detector *d)
{
	return d->stats.outgoing == 0 && !d->knows_listening;
}

void answer_watch_syn(struct detector *d, const struct event *e);
bool answer_watch_goes_on(struct detector *d, const struct prepared *p);
bool answer_watch_reset(struct detector *d, const struct event *e);

/* What many do together; each may open a group and returns its dossier, else null. */
struct dossier *aim_watch_note(struct detector *d, const struct prepared *p, const struct knock *k,
	struct aim_record **aim);
/* Counts an answer nobody asked for (UDP, ICMP). True if it is part of a flood by reflection. */
bool aim_watch_note_answer(struct detector *d, const struct prepared *p);

#define AIM_WATCH_FLOOD_PAUSE_US (60 * CLOCK_US_PER_S) /* a flood that paused so long is over */
/* A flood at the door of `key` that `e` knocked on; null if there is no place. */
struct dossier *aim_watch_open_flood(struct detector *d, const struct event *e, uint64_t key);

/* Floods at doors that are offered: a SYN there; our SYN-ACK and its acknowledgement, of any
 * conversation; and a look whether it is time to judge. Told as soon as it can be known. */
void offer_watch_note(struct detector *d, const struct prepared *p);
void offer_watch_note_answer(struct detector *d, uint64_t conversation, uint32_t seq);
void offer_watch_note_ack(struct detector *d, uint64_t conversation, uint32_t ack);
void offer_watch_look(struct detector *d);
bool offer_watch_is_armed(const struct detector *d);
struct dossier *campaign_watch_comer(
	struct detector *d, const struct prepared *p, const struct knock *k);
struct dossier *campaign_watch_touch(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *source, bool second);
/* A group of sources that share a scan, with those of `members` that have a record, told. Not null. */
struct dossier *campaign_watch_open(
	struct detector *d, const struct event *e, const struct addr *members, unsigned count);
/* As campaign_watch_touch, for the hosts of our network at one port. */
struct dossier *sweep_watch_touch(struct detector *d, const struct prepared *p,
	const struct knock *k, struct source_record *source, bool second);
/* Time alone went on: who waited to be counted in a shared scan is. */
void campaign_watch_settle(struct detector *d, struct wall_time now);
/* `mine` is the record of the source, or null. */
struct dossier *decoy_watch_note(
	struct detector *d, const struct prepared *p, struct source_record *mine);

/* The base of the /48 of an IPv6 source, marked so that it never equals a /64's. */
struct addr detector_block_address(const struct addr *scored);

/* The record under which a source's dossier hangs: its own or its /48's. `record` may be null. */
struct dossier *detector_find_dossier(
	struct detector *d, const struct addr *address, struct source_record **record);

/* Puts a source into a group: its own story, if any, is folded. False if that story is too large to
 * be a part of anything. */
bool detector_join_group(struct detector *d, struct source_record *source, struct dossier *group,
	const struct event *e);
/* Copies the inline targets of a record into a dossier. */
void detector_copy_targets(const struct source_record *source, struct dossier *to);

#endif
