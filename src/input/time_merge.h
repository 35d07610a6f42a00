/* SPDX-License-Identifier: ISC */
/*
 * time_merge - several event sources as one stream in order of time.
 *
 * Each source keeps its own order; between sources the earliest head goes first, ties go to the
 * source that was added first, so the result is the same on every run. One source alone is passed
 * through without comparing.
 */
#ifndef KW_INPUT_TIME_MERGE_H
#define KW_INPUT_TIME_MERGE_H

#include "input/event_source.h"

struct time_merge;

struct time_merge *time_merge_create(void);
/* Closes the sources too; accepts null. */
void time_merge_destroy(struct time_merge *m);

/* Takes over the source. */
void time_merge_add(struct time_merge *m, struct event_source *s);

/* Writes up to `max` events in order of time; 0 at the end of all sources. */
size_t time_merge_read(struct time_merge *m, struct event *out, size_t max);

unsigned time_merge_count(const struct time_merge *m);
const struct event_source *time_merge_source(const struct time_merge *m, unsigned index);

#endif
