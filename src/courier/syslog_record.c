/* SPDX-License-Identifier: ISC */
#include "courier/syslog_record.h"

#include "base/text_buffer.h"
#include "base/text_slice.h"
#include "event/json_head.h"

#include <string.h>

#define FACILITY 13 /* log audit */
#define HOST_MAX 255
#define KIND_MAX 32
#define STAMP_MAX 40

/* RFC 5424 6.2.1; a record is information, an incident as grave as its level. */
static const unsigned severities[] = {6, 5, 5, 4, 3, 2};

static unsigned severity_of(const char *line, size_t length)
{
	static const char key[] = "\"level\":";
	const char *at = memmem(line, length, key, sizeof key - 1);
	if (at == NULL || (size_t)(line + length - at) < sizeof key)
		return severities[0];
	unsigned level = (unsigned)(at[sizeof key - 1] - '0');
	return level < sizeof severities / sizeof severities[0] ? severities[level] : severities[0];
}

/* Printable ASCII without spaces, or "-". */
static void add_word(struct text_buffer *out, struct text_slice word, size_t most)
{
	bool fits = word.length > 0 && word.length <= most;
	for (size_t i = 0; fits && i < word.length; i++)
		fits = word.start[i] > ' ' && word.start[i] <= '~';
	text_buffer_add(out, " ");
	if (fits)
		text_buffer_add_bytes(out, word.start, word.length);
	else
		text_buffer_add(out, "-");
}

size_t syslog_record_write(const char *line, size_t length, char *out)
{
	char memory[SYSLOG_RECORD_HEAD_MAX - 24];
	struct text_buffer head = text_buffer_over(memory, sizeof memory);
	text_buffer_printf(&head, "<%u>1", FACILITY * 8 + severity_of(line, length));
	add_word(&head, json_head_find(line, length, JSON_HEAD_TIME), STAMP_MAX);
	add_word(&head, json_head_find(line, length, JSON_HEAD_HOST), HOST_MAX);
	text_buffer_add(&head, " knockwatch -");
	add_word(&head, json_head_find(line, length, JSON_HEAD_TYPE), KIND_MAX);
	text_buffer_add(&head, " - ");
	struct text_buffer frame = text_buffer_over(out, 24);
	text_buffer_add_number(&frame, head.used + length);
	text_buffer_add(&frame, " ");
	memcpy(out + frame.used, memory, head.used);
	memcpy(out + frame.used + head.used, line, length);
	return frame.used + head.used + length;
}
