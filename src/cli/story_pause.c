/* SPDX-License-Identifier: ISC */
#include "cli/story_pause.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "report/headline_text.h"
#include "report/story_text.h"

#include <stdlib.h>
#include <string.h>

/* True if level and kind of this story are on the page already, and that something answered; notes
 * them. */
static bool is_known(struct story_pause *s, const struct incident *in)
{
	bool answered = in->answered_ranges > 0;
	for (unsigned i = 0; i < STORY_PAUSE_PRINTED; i++) {
		if (strcmp(s->printed[i].id.text, in->id.text) != 0)
			continue;
		bool known = s->printed[i].level == in->level &&
			     s->printed[i].kind == (int)in->kind &&
			     s->printed[i].answered == answered;
		s->printed[i].answered = answered;
		s->printed[i].level = in->level;
		s->printed[i].kind = (int)in->kind;
		return known;
	}
	unsigned place = s->printed_next++ % STORY_PAUSE_PRINTED;
	s->printed[place].id = in->id;
	s->printed[place].level = in->level;
	s->printed[place].kind = (int)in->kind;
	s->printed[place].answered = answered;
	return false;
}

/* "    ... 198.51.100.20 scanned 1,024 ports on 203.0.113.5 by now" */
static void print_progress(const struct page *page, const struct incident *in)
{
	char line[256];
	struct text_buffer b = text_buffer_over(line, sizeof line);
	text_buffer_add(&b, "... ");
	headline_text_add_source(&b, in);
	text_buffer_add(&b, " ");
	headline_text_add_deed(&b, in);
	text_buffer_add(&b, " by now");
	page_put_wrapped(page, PAGE_FAINT, 0, 4, line);
}

static void print_one(struct story_pause *s, const char *json)
{
	struct incident_json_reading r;
	char error[128];
	if (!incident_json_read(json, strlen(json), &r, error, sizeof error))
		return;
	struct page now = *s->page;
	now.now = r.incident.now;
	if (is_known(s, &r.incident)) {
		print_progress(&now, &r.incident);
	} else {
		struct story_words words = story_words_new(&r.incident, &s->told);
		story_text_print(&now, &(struct story_text){.incident = &r.incident,
					       .names = r.names,
					       .meaning = words.meaning,
					       .advice = words.advice});
	}
	page_end_line(&now);
	incident_json_clear(&r);
}

void story_pause_add(struct story_pause *s, const struct incident *in,
	const struct incident_json_names *names, int64_t now_ms)
{
	struct json_line written;
	json_line_init(&written);
	incident_json_write(&written, in, names);
	char *line = memory_strdup(written.text);
	json_line_clear(&written);
	for (unsigned i = 0; i < s->count; i++) {
		if (strcmp(s->items[i].id.text, in->id.text) == 0) {
			free(s->items[i].json);
			s->items[i].json = line;
			return;
		}
	}
	if (s->count == STORY_PAUSE_MAX)
		story_pause_print(s, now_ms, true);
	s->items[s->count].id = in->id;
	s->items[s->count].json = line;
	s->items[s->count++].since_ms = now_ms;
}

bool story_pause_print(struct story_pause *s, int64_t now_ms, bool all)
{
	unsigned kept = 0, before = s->count;
	for (unsigned i = 0; i < s->count; i++) {
		if (all || now_ms - s->items[i].since_ms >= STORY_PAUSE_MS) {
			print_one(s, s->items[i].json);
			free(s->items[i].json);
		} else {
			s->items[kept++] = s->items[i];
		}
	}
	s->count = kept;
	return kept < before;
}
