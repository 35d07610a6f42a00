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

#include "base/text_slice.h"

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
