/* SPDX-License-Identifier: ISC */
/*
 * story_book - one story for each dossier: opened once, told again when it grows, closed in the end.
 *
 * Takes findings, gives incidents. A story is told when it opens, when its level rises or its kind
 * changes, once more when the burst that did so is over (what it came to; a minute of silence the
 * first time, then two, four, ...; not of harmless ones), when the reporting interval has passed and something happened,
 * when it is folded into a group, and when it closes after silence. Nothing else is ever said, however
 * many packets come.
 */
#ifndef KW_VERDICT_STORY_BOOK_H
#define KW_VERDICT_STORY_BOOK_H

#include "detect/detector.h"
#include "detect/finding.h"
#include "event/name_table.h"
#include "verdict/incident.h"
#include "verdict/level_rules.h"
#include "verdict/summary_text.h"

typedef void incident_fn(void *context, const struct incident *incident);

/* The longest silence after which a slow source's story still goes on. */
#define STORY_BOOK_PATIENCE_US (14 * 86400 * CLOCK_US_PER_S)

struct story_book_options {
	struct level_rules rules;
	const struct signature_set *signatures; /* borrowed; may be null */
	const struct name_table *names; /* of the services that wrappers name; borrowed; may be null */
	int64_t report_interval_us;
	int64_t close_after_us; /* of silence; a slow source is given more (STORY_BOOK_PATIENCE_US) */
	incident_fn *on_incident;
	void *context;
};

struct story_book_stats {
	uint64_t opened, open_now, told;
	uint64_t opened_at_level[6]; /* by the highest level reached so far */
};

struct story_book;

struct story_book *story_book_create(const struct story_book_options *options);
void story_book_destroy(struct story_book *b);

/* The detector whose dossiers the stories are about; before the first finding. Also watches them leave. */
void story_book_attach(struct story_book *b, struct detector *d);

/* What is known of this host, over IPv4 and IPv6; nothing is at the start. Stays over a reconfiguration. */
void story_book_set_redirects(
	struct story_book *b, enum summary_redirects v4, enum summary_redirects v6);

/* A finding_fn: `context` is the story book. */
void story_book_take(void *context, const struct finding *f);

/* Time went on: tells what is due and closes what has fallen silent. Call once a
 * minute of packet time. */
void story_book_tick(struct story_book *b, struct wall_time now);

/* True while no story is open: time alone can change nothing. */
bool story_book_is_idle(const struct story_book *b);

/* The input is over: tells the last state of every open story as closed. */
void story_book_finish(struct story_book *b, struct wall_time now);

/* Exchanges rules, signatures and times (a reload); stories stay. */
void story_book_reconfigure(struct story_book *b, const struct story_book_options *fresh);

struct story_book_stats story_book_stats(const struct story_book *b);

#endif
