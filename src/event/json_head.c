/* SPDX-License-Identifier: ISC */
#include "event/json_head.h"

#include <string.h>

void json_head_put(struct json_line *line, struct wall_time time, const struct event_id *id,
	const char *host, const char *type)
{
	json_line_put_count(line, "v", 1);
	json_line_put_time(line, "timestamp", time);
	json_line_put_plain(line, "id", id->text, EVENT_ID_LENGTH);
	json_line_put_text(line, "host", host);
	json_line_put_word(line, "event_type", type);
}

void json_head_put_facts(struct json_line *line, struct wall_time time, const char *host,
	const char *type, struct text_buffer *facts)
{
	text_buffer_add(facts, " ");
	text_buffer_add(facts, type);
	struct event_id id = event_id_make(time, facts->text, facts->used);
	json_head_put(line, time, &id, host, type);
}

/* In a JSON string every quote has a backslash before it, so that an opening stands nowhere but where a member
 * begins; and the head stands before everything else. */
struct text_slice json_head_find(const char *line, size_t length, const char *opening)
{
	size_t skip = strlen(opening);
	const char *at = memmem(line, length, opening, skip);
	if (at == NULL)
		return (struct text_slice){line, 0};
	at += skip;
	const char *end = memchr(at, '"', length - (size_t)(at - line));
	return (struct text_slice){at, end != NULL ? (size_t)(end - at) : 0};
}
