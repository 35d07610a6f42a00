/* SPDX-License-Identifier: ISC */
/*
 * json_fields - sets members of a JSON object, and leaves out what has no value (EVENTS.md).
 *
 * Order of the calls is the order in the line. Texts that are not clean UTF-8 are escaped as
 * text_buffer_add_escaped does and cut at JSON_FIELDS_TEXT_MAX; a line is printable ASCII
 * throughout.
 */
#ifndef KW_EVENT_JSON_FIELDS_H
#define KW_EVENT_JSON_FIELDS_H

#include "base/clock.h"
#include "net/addr.h"

#include <stdint.h>
#include <stdio.h>

#include <jansson.h>

#define JSON_FIELDS_TEXT_MAX 1024 /* bytes of a text that had to be escaped; longer is cut */

/* A new reference to the text as a JSON string, escaped if need be; never null for a non-null text.
 */
json_t *json_fields_text(const char *text);

/* Nothing is set for a null or empty text, no address, or an empty list. */
void json_fields_set_text(json_t *object, const char *key, const char *text);
void json_fields_set_addr(json_t *object, const char *key, const struct addr *a);
void json_fields_set_time(json_t *object, const char *key, struct wall_time t);
void json_fields_set_count(json_t *object, const char *key, uint64_t count);
void json_fields_set_bool(json_t *object, const char *key, bool value);
/* Takes over `list`. */
void json_fields_set_list(json_t *object, const char *key, json_t *list);

/* One line without its newline; the caller frees it with free(). Does not take `object` over. */
char *json_fields_to_line(const json_t *object);
/* Writes one line with its newline. Does not take `object` over. */
void json_fields_print_line(const json_t *object, FILE *out);

#endif
