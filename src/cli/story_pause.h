/* SPDX-License-Identifier: ISC */
/*
 * story_pause - holds a story back for a moment, so that a person reads it once.
 *
 * A fast scan rises through three levels in as many milliseconds; each is an event, but a person wants
 * one paragraph. What is told again within STORY_PAUSE_MS replaces what waits. A story that only grew
 * gets one line, and what a kind means is said once. JSON and the store get every telling at once.
 */
#ifndef KW_CLI_STORY_PAUSE_H
#define KW_CLI_STORY_PAUSE_H

#include "cli/story_words.h"
#include "report/page.h"
#include "verdict/incident_json.h"

#define STORY_PAUSE_MS 500 /* well inside the second that an incident may take to appear */
#define STORY_PAUSE_MAX 64 /* more at once are printed without waiting */
#define STORY_PAUSE_PRINTED 256

struct story_pause {
	struct {
		struct event_id id;
		char *json;
		int64_t since_ms; /* monotonic, of its first telling that waits */
	} items[STORY_PAUSE_MAX];
	unsigned count;
	/* What was printed in full lately: level, kind and answers of a story, to tell news from progress. */
	struct {
		struct event_id id;
		int level;
		int kind;
		bool answered;
	} printed[STORY_PAUSE_PRINTED];
	unsigned printed_next;
	struct story_told told;
	const struct page *page; /* borrowed */
};

void story_pause_add(struct story_pause *s, const struct incident *in,
	const struct incident_json_names *names, int64_t now_ms);

/* Prints what has waited long enough; everything when `all`. True if something was printed. */
bool story_pause_print(struct story_pause *s, int64_t now_ms, bool all);

#endif
