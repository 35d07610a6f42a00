/* SPDX-License-Identifier: ISC */
/*
 * detector - walks events in order of time, remembers their sources, and says what it recognises.
 *
 * All memory is taken at creation and never grows past the plan, whatever comes in. Time is the
 * events' own: a replay finds what the live run found. Not thread-safe; one detector, one thread.
 */
#ifndef KW_DETECT_DETECTOR_H
#define KW_DETECT_DETECTOR_H

#include "detect/finding.h"
#include "detect/memory_plan.h"
#include "detect/signature_set.h"
#include "event/event.h"
#include "net/door_set.h"
#include "net/prefix.h"
#include "track/dossier.h"
#include "track/tally.h"

#include <stddef.h>
#include <stdint.h>

/* Harmless stories that may be opened: so many at once, and one more every so many seconds. What
 * goes beyond is only counted (detector_stats.noise_untold): quiet days are quiet. */
#define DETECTOR_NOISE_BURST 1000
#define DETECTOR_NOISE_EVERY_S 10

/* A level forced on a block of sources; 0 = as if their packets had not come. */
struct detector_override {
	struct prefix prefix;
	int level;
	bool has_proto;
	uint8_t proto;
	const struct port_range *ports; /* borrowed; none = every port */
	unsigned ports_count;
};

/* A source's first packet to a door, as far as remembered; and every decision of a wrapper (EVENT_HAS_ACCESS). For
 * keeping, not for judging. */
typedef void detector_knock_fn(void *context, const struct event *e);

/* Whether the organisation behind an address is known to measure the Internet. */
typedef bool detector_research_fn(const struct addr *address);

struct detector_options {
	struct memory_plan memory;                 /* all zero = the default */
	uint64_t hash_seed;                        /* 0 = random, as it must be in service */
	struct prefix_set home;                    /* our own addresses */
	struct prefix_set dark;                    /* of these: never used by anything */
	struct prefix_set trusted;                 /* sources that are never suspicious */
	struct prefix_set research;                /* sources that measure the Internet, ... */
	detector_research_fn *is_research;         /* ... and others that do; may be null */
	const struct port_set *trap_ports;         /* borrowed; null = none */
	const struct signature_set *signatures;    /* borrowed, sealed; null = none */
	const struct detector_override *overrides; /* borrowed; most specific first */
	unsigned overrides_count;
	finding_fn *on_finding;
	void *context;
	detector_knock_fn *on_knock; /* may be null */
	void *knock_context;
};

/* Counters since creation, for stats events and the closing summary. */
struct detector_stats {
	uint64_t events, probes, replies, streams, outgoing, local, rest, ignored;
	uint64_t sources_new, promoted, evicted_sources, evicted_dossiers;
	uint64_t refused_dossiers; /* sources that deserved a dossier while none was to be had */
	uint64_t refused, granted; /* connections, by TCP wrappers */
	uint64_t noise_untold[INCIDENT_KINDS]; /* harmless stories beyond the budget, by kind */
};

struct detector;

struct detector *detector_create(const struct detector_options *options);
void detector_destroy(struct detector *d);

/* Takes events in order of time (small steps back are survived: they count as now). */
void detector_feed(struct detector *d, const struct event *events, size_t count);

/* Exchanges what the admin says of sources, doors and packets (a reload): trusted, research, dark, trap
 * ports, overrides, signatures. Memory, home and who is told stay. What was borrowed before is free again. */
void detector_reconfigure(struct detector *d, const struct detector_options *fresh);

/* Time went on up to `now` without events: finishes what waited for it. */
void detector_settle(struct detector *d, struct wall_time now);

/* Whether this source measures the Internet, and says so. */
bool detector_is_research(const struct detector *d, const struct addr *source);

/* Time of the latest event; 0 before the first. */
struct wall_time detector_now(const struct detector *d);

/* Looks through events that are still to be fed, for what their answers tell of the doors we offer: a
 * client's first SYN is then no failure. */
void detector_foresee(struct detector *d, const struct event *events, size_t count);

/* Which doors of this host are offered, for a host that knows; copied. Doors on all addresses are open
 * on those of `own` only (null = on any); what else is at home is somebody else's, or dark. */
void detector_set_listening(
	struct detector *d, const struct door_set *listening, const struct prefix_set *own);

/* For a host that knows its doors and sees only what comes in: so many handshakes were completed
 * since the last call, as the kernel counts them. To be called every second, and several times a
 * second while detector_asks_for_handshakes; without it no flood at an offered door is told. */
void detector_note_handshakes(struct detector *d, struct wall_time now, uint32_t count);
bool detector_asks_for_handshakes(const struct detector *d);

/* There will be no more events: what waited for more is told or dropped. */
void detector_finish(struct detector *d);

/* Own prefixes may be learned after creation. */
void detector_set_home(struct detector *d, const struct prefix_set *home);

struct dossier_pool *detector_dossiers(struct detector *d);
struct tally *detector_tally(struct detector *d);
struct detector_stats detector_stats(const struct detector *d);

/* The story of this dossier was closed: forgets the dossier, keeps the source's score. */
void detector_close_dossier(struct detector *d, struct dossier *dossier);

/* Saves the memory of sources (doorkeeper and source table with the hash key; dossiers are not kept: a
 * source that goes on is noteworthy again at once). The file grows with what is remembered. False with
 * errno. */
bool detector_save_memory(struct detector *d, int fd);

/* Loads what was saved, in place of what is remembered; to be called before the first event. Memory of
 * another size is no hindrance, but those who came once are then forgotten. Null, or what is wrong with
 * the file ("is damaged ..."): it is then as if nothing was loaded, or, of a file whose checksum was
 * right all the same, the memory is empty. */
const char *detector_load_memory(struct detector *d, int fd);

/* Writes the source table as JSON lines for people who want to look inside. */
typedef void detector_source_fn(void *context, const struct addr *addr, unsigned block_bits,
	double score, unsigned targets, uint32_t packets, int64_t first_s, int64_t last_s);
void detector_walk_sources(struct detector *d, detector_source_fn *fn, void *context);

#endif
