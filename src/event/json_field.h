/* SPDX-License-Identifier: ISC */
/*
 * json_field - members of a JSON object from anywhere, read as what our events hold.
 *
 * What is absent, null or of another type is as if it were not there; so is every member of what is no object,
 * null included. The object stays the caller's; texts live as long as it.
 *
 * Tests: tests/unit/event/test_json_field.c
 */
#ifndef KW_EVENT_JSON_FIELD_H
#define KW_EVENT_JSON_FIELD_H

#include "base/clock.h"

#include <jansson.h>
#include <stdbool.h>
#include <stdint.h>
#include <string.h>

/* Null if there is none. */
static inline const char *json_field_text(const json_t *object, const char *key)
{
	return json_string_value(json_object_get(object, key));
}

/* 0 if there is none or it is negative. */
static inline uint64_t json_field_count(const json_t *object, const char *key)
{
	json_int_t n = json_integer_value(json_object_get(object, key));
	return n > 0 ? (uint64_t)n : 0;
}

/* RFC 3339, UTC where no zone is told. False, `out` untouched, if it is anything else or anything follows. */
static inline bool json_field_time(const json_t *object, const char *key, struct wall_time *out)
{
	const char *text = json_field_text(object, key), *end;
	struct wall_time t;
	if (text == NULL || !wall_time_parse_iso(text, text + strlen(text), 0, &t, &end) ||
		*end != '\0')
		return false;
	*out = t;
	return true;
}

#endif
