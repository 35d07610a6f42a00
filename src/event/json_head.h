/* SPDX-License-Identifier: ISC */
/*
 * json_head - the members that each event of ours begins with: v, timestamp, id, host, event_type.
 *
 * Found again in a line without reading it as JSON: many lines are looked at for each that is wanted.
 *
 * Tests: tests/unit/event/test_json_head.c
 */
#ifndef KW_EVENT_JSON_HEAD_H
#define KW_EVENT_JSON_HEAD_H

#include "base/text_buffer.h"
#include "base/text_slice.h"
#include "event/event_id.h"
#include "event/json_line.h"

/* Puts them into the open object. `host` is null or empty where none is known, `type` a word of ours. */
void json_head_put(struct json_line *line, struct wall_time time, const struct event_id *id,
	const char *host, const char *type);

/* The same with an id made of time, type and `facts`, which tell the event from others of its type: as text, so
 * that equal events have equal ids wherever and by whatever release they are told. The host is none of them, for
 * the same input read on two machines is the same. Adds the type to `facts`. */
void json_head_put_facts(struct json_line *line, struct wall_time time, const char *host,
	const char *type, struct text_buffer *facts);

#define JSON_HEAD_TIME "\"timestamp\":\""
#define JSON_HEAD_HOST "\"host\":\""
#define JSON_HEAD_TYPE "\"event_type\":\""

/* The text of a member as it stands in the line, escapes and all; `opening` is one of JSON_HEAD_. Empty if it
 * is not there or does not end. */
struct text_slice json_head_find(const char *line, size_t length, const char *opening);

/* True for an event of this type. */
static inline bool json_head_is_type(const char *line, size_t length, const char *type)
{
	return text_slice_equals(json_head_find(line, length, JSON_HEAD_TYPE), type);
}

#endif
