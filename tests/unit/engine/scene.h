/* SPDX-License-Identifier: ISC */
/*
 * scene - a play for the whole detector: events in, the stories that were told out.
 *
 * Home is 192.0.2.0/24 and 2001:db8:5::/48. Events may be added in any order; they are fed in order
 * of time, in batches of a chosen size, when the scene ends (or when scene_play is called). Every
 * telling is kept as text and numbers and can be asked for afterwards.
 */
#ifndef KW_TESTS_SCENE_H
#define KW_TESTS_SCENE_H

#include "engine/pipeline.h"
#include "event_maker.h"
#include "event/technique.h"

#include <stddef.h>

#define SCENE_HOST "192.0.2.5"
#define SCENE_SOURCE "198.51.100.7"

struct scene_told {
	char id[27], into[27];
	enum incident_state state;
	enum incident_class class;
	enum incident_kind kind;
	int level;
	uint32_t techniques;
	bool slow, spoofable, returned;
	char src[48], block[56], dst[48], tool[24], nmap[64], why[240], summary[256];
	char ports[128], answered[64], signature[64]; /* ranges, blank between */
	uint8_t proto;
	uint32_t ports_count, hosts_count, targets_count, sources_count;
	unsigned members_shown, members_real, members_decoy;
	uint64_t packets;
	uint32_t refused, granted;
	double confidence;
	struct wall_time now, first, last;
};

struct scene {
	struct pipeline_options options; /* may be changed before the first event is played */
	struct pipeline *pipeline;       /* after the first */
	struct event *events;            /* not yet played */
	size_t count, room;
	size_t batch; /* events a feed; 0 = all at once */
	struct scene_told *told;
	size_t told_count, told_room;
	int64_t clock_us; /* for scene_add: time of the next event */
	unsigned minutes; /* how often on_minute was called */
};

void scene_init(struct scene *s);
void scene_clear(struct scene *s);

/* Adds an event with its own time. */
void scene_add(struct scene *s, struct event e);
/* Adds an event at the scene's clock, which then goes on by `gap_us`. */
void scene_send(struct scene *s, struct event e, int64_t gap_us);
/* Feeds what was added so far, in order of time (equal times: in order of adding). */
void scene_play(struct scene *s);
/* Feeds the rest as it was added, whatever the times say. */
void scene_play_unsorted(struct scene *s);
/* Plays the rest and ends the input. */
void scene_end(struct scene *s);
/* Time goes on without events, minute by minute as a live sensor does it. */
void scene_wait(struct scene *s, int64_t span_us);

/* Last telling of the story of a source; null if there is none. "-" asks for groups. */
const struct scene_told *scene_last(const struct scene *s, const char *src);
/* How many tellings had this state and at least this level. */
unsigned scene_count(const struct scene *s, enum incident_state state, int least_level);
/* How many stories of this source were opened. */
unsigned scene_stories_of(const struct scene *s, const char *src);
/* The last telling of any story of this kind; null if there is none. */
const struct scene_told *scene_kind(const struct scene *s, enum incident_kind kind);

/* An address at home: 192.0.2.`number`. */
struct addr scene_host(unsigned number);

/* Prints what was told, for a failing test. */
void scene_print(const struct scene *s);

/* Two runs told the same: byte for byte. */
bool scene_equals(const struct scene *a, const struct scene *b);

#endif
