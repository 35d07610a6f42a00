/* SPDX-License-Identifier: ISC */
#include "cli/story_pause.h"

#include "event/json_fields.h"
#include "knowledge/kind_text.h"
#include "report/story_text.h"

#include <stdlib.h>
#include <string.h>

static void print_one(const struct page *page, const char *json)
{
	struct incident_json_reading r;
	char error[128];
	if (!incident_json_read(json, strlen(json), &r, error, sizeof error))
		return;
	struct page now = *page;
	now.now = r.incident.now;
	const struct kind_text *text = kind_text_of(r.incident.kind);
	story_text_print(&now, &(struct story_text){.incident = &r.incident, .names = r.names,
				       .meaning = text->meaning, .advice = text->advice});
	page_end_line(&now);
	incident_json_clear(&r);
}

void story_pause_add(struct story_pause *s, const struct incident *in,
	const struct incident_json_names *names, int64_t now_ms)
{
	json_t *root = incident_json_make(in, names);
	char *line = json_fields_to_line(root);
	json_decref(root);
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
			print_one(s->page, s->items[i].json);
			free(s->items[i].json);
		} else {
			s->items[kept++] = s->items[i];
		}
	}
	s->count = kept;
	return kept < before;
}
