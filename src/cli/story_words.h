/* SPDX-License-Identifier: ISC */
/*
 * story_words - what a story means and what to do, by the facts of that very story.
 *
 * "Look at the ports that answered" is for a story in which one did. Beside it stands what was told
 * before: a page says each text once.
 *
 * Tests: tests/unit/cli/test_story_words.c
 */
#ifndef KW_CLI_STORY_WORDS_H
#define KW_CLI_STORY_WORDS_H

#include "verdict/incident.h"

struct story_words {
	const char *meaning, *advice; /* constant; null where told before */
};

/* All zero: nothing was told. */
#define STORY_WORDS_MEANINGS 4 /* of one kind: the usual, of pings, options, pieces */
#define STORY_WORDS_ADVICES 5  /* ... and where nothing answered */

struct story_told {
	const char *meanings[INCIDENT_KINDS][STORY_WORDS_MEANINGS];
	const char *advices[INCIDENT_KINDS][STORY_WORDS_ADVICES];
};

struct story_words story_words_of(const struct incident *in);

/* The same without what `told` knows, which then knows these. */
struct story_words story_words_new(const struct incident *in, struct story_told *told);

#endif
