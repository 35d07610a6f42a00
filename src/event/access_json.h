/* SPDX-License-Identifier: ISC */
/*
 * access_json - a wrapper's decision as the JSON line of type `access` that EVENTS.md describes, and back.
 *
 * Text from outside is escaped as json_line does. A line is at most ACCESS_JSON_LINE_MAX long.
 *
 * Tests: tests/unit/event/test_access_json.c   Fuzz: fuzz/event/fuzz_access_json.c
 */
#ifndef KW_EVENT_ACCESS_JSON_H
#define KW_EVENT_ACCESS_JSON_H

#include "event/access_event.h"
#include "event/json_line.h"

#define ACCESS_JSON_LINE_MAX 16384 /* longer lines are not ours, and not read */

/* Starts and closes the line. `host` is who we are, for a decision that names no host; may be null. */
void access_json_write(struct json_line *line, const struct access_event *a, const char *host);

/* Reads such a line, ours or another writer's. False for anything else: another type, no time, no service, no
 * decision. What is absent or of another form is as if it had not been told. */
bool access_json_read(const char *line, size_t length, struct access_event *out);

#endif
