/* SPDX-License-Identifier: ISC */
#include "event/json_fields.h"

#include "base/memory.h"
#include "base/text_buffer.h"

#include <stdlib.h>
#include <string.h>

/* Nine digits say more than any error bound here knows, and 0.999999 stays 0.999999. */
#define LINE_FLAGS (JSON_COMPACT | JSON_ENSURE_ASCII | JSON_REAL_PRECISION(9))

json_t *json_fields_text(const char *text)
{
	json_t *value = json_string(text);
	if (value != NULL)
		return value;
	char clean[JSON_FIELDS_TEXT_MAX];
	struct text_buffer b = text_buffer_over(clean, sizeof clean);
	size_t length = strlen(text);
	text_buffer_add_escaped(&b, text, length < sizeof clean ? length : sizeof clean);
	return json_string(clean);
}

void json_fields_set_text(json_t *object, const char *key, const char *text)
{
	if (text != NULL && *text != '\0')
		json_object_set_new(object, key, json_fields_text(text));
}

void json_fields_set_addr(json_t *object, const char *key, const struct addr *a)
{
	if (!addr_is_none(a))
		json_object_set_new(object, key, json_string(addr_to_text(a).text));
}

void json_fields_set_time(json_t *object, const char *key, struct wall_time t)
{
	json_object_set_new(object, key, json_string(wall_time_to_rfc3339(t).text));
}

void json_fields_set_count(json_t *object, const char *key, uint64_t count)
{
	uint64_t most = INT64_MAX;
	json_object_set_new(object, key, json_integer((json_int_t)(count < most ? count : most)));
}

void json_fields_set_bool(json_t *object, const char *key, bool value)
{
	json_object_set_new(object, key, json_boolean(value));
}

void json_fields_set_list(json_t *object, const char *key, json_t *list)
{
	if (json_array_size(list) > 0)
		json_object_set_new(object, key, list);
	else
		json_decref(list);
}

char *json_fields_to_line(const json_t *object)
{
	char *line = json_dumps(object, LINE_FLAGS);
	return line != NULL ? line : memory_strdup("{}");
}

void json_fields_print_line(const json_t *object, FILE *out)
{
	/* In one piece: json_dumpf writes every token by itself, three times slower. */
	char *line = json_fields_to_line(object);
	fputs(line, out);
	fputc('\n', out);
	free(line);
}
