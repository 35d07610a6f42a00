/* SPDX-License-Identifier: ISC */
#include "cli/journal_notice.h"

#include "base/system_journal.h"
#include "base/text_buffer.h"
#include "daemon/message_id.h"
#include "report/headline_text.h"

#include <string.h>

void journal_notice_begin(const char *listening)
{
	char text[600];
	struct text_buffer t = text_buffer_over(text, sizeof text);
	text_buffer_printf(&t, "the watch begins%s", listening[0] ? ": " : "");
	text_buffer_add_escaped(&t, listening, strlen(listening));
	struct system_journal_message m = {
		.weight = SYSTEM_JOURNAL_INFO, .id = MESSAGE_ID_WATCH_BEGAN, .text = text};
	(void)system_journal_send(&m);
}

/* True if nothing was said of it yet, or less; then it counts as said. */
static bool is_news(struct journal_notice *n, const struct incident *in)
{
	for (unsigned i = 0; i < n->count && i < NOTICES_MAX; i++) {
		if (strcmp(n->said[i].id.text, in->id.text) != 0)
			continue;
		bool rises = in->level > n->said[i].level;
		if (rises)
			n->said[i].level = in->level;
		return rises;
	}
	n->said[n->count % NOTICES_MAX].id = in->id;
	n->said[n->count % NOTICES_MAX].level = in->level;
	n->count++;
	return true;
}

static enum system_journal_weight weight_of(int level)
{
	return level > NOTICE_LEVEL ? SYSTEM_JOURNAL_WARNING : SYSTEM_JOURNAL_NOTICE;
}

void journal_notice_take(struct journal_notice *n, const struct incident *in)
{
	char source[128], text[512];
	const char level[] = {(char)('0' + in->level), '\0'};
	struct text_buffer s = text_buffer_over(source, sizeof source);
	struct text_buffer t = text_buffer_over(text, sizeof text);
	if (in->level < NOTICE_LEVEL || in->state == INCIDENT_CLOSE || !system_journal_is_open() ||
		!is_news(n, in))
		return;
	headline_text_add_source(&s, in);
	text_buffer_printf(&t, "%s: %s ", incident_level_word(in->level), source);
	headline_text_add_deed(&t, in);
	const struct system_journal_field fields[] = {
		{"KNOCKWATCH_INCIDENT", in->id.text},
		{"KNOCKWATCH_LEVEL", level},
		{"KNOCKWATCH_SOURCE", source},
		{"KNOCKWATCH_SUMMARY", in->summary != NULL ? in->summary : text},
	};
	struct system_journal_message m = {.weight = weight_of(in->level),
		.id = MESSAGE_ID_INCIDENT,
		.text = text,
		.fields = fields,
		.fields_count = sizeof fields / sizeof fields[0]};
	(void)system_journal_send(&m);
}
