/* SPDX-License-Identifier: ISC */
/*
 * event_id - sortable 128-bit identifiers, 26 characters of Crockford base 32 (the form of ULID).
 *
 * The first 48 bits are milliseconds since 1970, so that ids sort by time; the other 80 are a hash of
 * what is named. The same input therefore gets the same ids on every run and on every machine: replay
 * equals live. They are names, not secrets.
 */
#ifndef KW_EVENT_EVENT_ID_H
#define KW_EVENT_EVENT_ID_H

#include "base/clock.h"

#include <stdbool.h>
#include <stddef.h>

#define EVENT_ID_LENGTH 26

struct event_id {
	char text[EVENT_ID_LENGTH + 1]; /* and a NUL */
};

/* The id of the thing that `bytes` describe, born at `t`. */
struct event_id event_id_make(struct wall_time t, const void *bytes, size_t length);

/* True for 26 characters of the alphabet: what an id that came from outside must look like. */
bool event_id_is_valid(const char *text);

#endif
