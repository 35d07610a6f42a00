/* SPDX-License-Identifier: ISC */
#include "engine/pipeline.h"

#include "base/memory.h"
#include "knowledge/research_text.h"

#include <stdlib.h>

#define MINUTE_US (60 * CLOCK_US_PER_S)

struct pipeline {
	struct detector *detector;
	struct story_book *stories;
	pipeline_minute_fn *on_minute;
	void *context;
	struct wall_time now;
	int64_t minute_end_us; /* when the running minute of packet time ends; 0 before the first
				  event */
};

static bool is_research(const struct addr *address)
{
	return research_text_of(address) != NULL;
}

struct pipeline *pipeline_create(const struct pipeline_options *options)
{
	struct pipeline *p = memory_calloc(1, sizeof *p);
	struct detector_options detector = options->detector;
	p->stories = story_book_create(&options->stories);
	detector.is_research = is_research;
	detector.on_finding = story_book_take;
	detector.context = p->stories;
	p->detector = detector_create(&detector);
	story_book_attach(p->stories, p->detector);
	p->on_minute = options->on_minute;
	p->context = options->context;
	return p;
}

void pipeline_destroy(struct pipeline *p)
{
	if (p == NULL)
		return;
	detector_destroy(p->detector);
	story_book_destroy(p->stories);
	free(p);
}

static void end_minute(struct pipeline *p)
{
	struct wall_time end = {p->minute_end_us};
	detector_settle(p->detector, end);
	story_book_tick(p->stories, end);
	if (p->on_minute != NULL)
		p->on_minute(p->context, end);
}

static void start_minute(struct pipeline *p, int64_t us)
{
	p->minute_end_us = us - us % MINUTE_US + MINUTE_US;
}

/* Minute by minute through a silence, as it would have been lived; but nothing happens to nobody.
 */
static void reach(struct pipeline *p, int64_t us)
{
	while (p->minute_end_us != 0 && us >= p->minute_end_us) {
		end_minute(p);
		p->minute_end_us =
			story_book_is_idle(p->stories) ? 0 : p->minute_end_us + MINUTE_US;
	}
	if (p->minute_end_us == 0)
		start_minute(p, us);
	if (us > p->now.us)
		p->now.us = us;
}

void pipeline_feed(struct pipeline *p, const struct event *events, size_t count)
{
	size_t start = 0;
	for (size_t i = 0; i < count; i++) {
		if (events[i].time.us < p->minute_end_us)
			continue;
		detector_feed(p->detector, events + start, i - start);
		start = i;
		reach(p, events[i].time.us);
	}
	detector_feed(p->detector, events + start, count - start);
	/* The last event need not be the latest. */
	if (detector_now(p->detector).us > p->now.us)
		p->now = detector_now(p->detector);
}

void pipeline_advance(struct pipeline *p, struct wall_time now)
{
	if (p->minute_end_us == 0)
		start_minute(p, now.us);
	reach(p, now.us);
}

void pipeline_reconfigure(struct pipeline *p, const struct pipeline_options *fresh)
{
	detector_reconfigure(p->detector, &fresh->detector);
	story_book_reconfigure(p->stories, &fresh->stories);
}

void pipeline_finish(struct pipeline *p)
{
	detector_finish(p->detector);
	detector_settle(p->detector, (struct wall_time){p->now.us + CLOCK_US_PER_S});
	story_book_finish(p->stories, p->now);
	if (p->on_minute != NULL)
		p->on_minute(p->context, p->now);
}

struct detector *pipeline_detector(struct pipeline *p)
{
	return p->detector;
}

struct story_book *pipeline_stories(struct pipeline *p)
{
	return p->stories;
}

struct wall_time pipeline_now(const struct pipeline *p)
{
	return p->now;
}
