/* SPDX-License-Identifier: ISC */
/*
 * pipeline - detector, story book and their clock as one thing: events in, incidents out.
 *
 * The clock of everything behind it is the events' own. Minutes of packet time are cut exactly where
 * they end, whatever the size of the batches, so a replay tells the same stories as the live run.
 */
#ifndef KW_ENGINE_PIPELINE_H
#define KW_ENGINE_PIPELINE_H

#include "detect/detector.h"
#include "verdict/story_book.h"

#include <stddef.h>

typedef void pipeline_minute_fn(void *context, struct wall_time now);

struct pipeline_options {
	struct detector_options detector; /* on_finding and context are set by the pipeline */
	struct story_book_options stories;
	pipeline_minute_fn *on_minute; /* a minute of packet time has ended; may be null */
	void *context;
};

struct pipeline;

struct pipeline *pipeline_create(const struct pipeline_options *options);
void pipeline_destroy(struct pipeline *p);

/* Takes events in order of time. */
void pipeline_feed(struct pipeline *p, const struct event *events, size_t count);

/* Time went on without events (live, on a quiet interface). */
void pipeline_advance(struct pipeline *p, struct wall_time now);

/* Goes on by fresh options: all that need no new memory (detector_reconfigure, story_book_reconfigure). */
void pipeline_reconfigure(struct pipeline *p, const struct pipeline_options *fresh);

/* The input is over: every open story is told a last time. */
void pipeline_finish(struct pipeline *p);

struct detector *pipeline_detector(struct pipeline *p);
struct story_book *pipeline_stories(struct pipeline *p);
/* Time of the latest event. */
struct wall_time pipeline_now(const struct pipeline *p);

#endif
