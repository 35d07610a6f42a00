/* SPDX-License-Identifier: ISC */
#include "cli/story_list.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "knowledge/kind_text.h"
#include "report/story_text.h"

#include <assert.h>
#include <jansson.h>
#include <stdlib.h>
#include <string.h>

struct kept {
	struct event_id id;
	int level;
	struct wall_time first;
	char *json; /* null once it turned out harmless */
};

struct harmless {
	uint64_t stories, packets, sources;
};

struct story_list {
	json_t *places; /* id -> place in `items` */
	struct kept *items;
	unsigned count, untold;
	struct harmless harmless[INCIDENT_KINDS];
};

struct story_list *story_list_create(void)
{
	struct story_list *l = memory_calloc(1, sizeof *l);
	l->places = json_object();
	l->items = memory_calloc(STORY_LIST_MAX, sizeof *l->items);
	return l;
}

void story_list_destroy(struct story_list *l)
{
	if (l == NULL)
		return;
	for (unsigned i = 0; i < l->count; i++)
		free(l->items[i].json);
	free(l->items);
	json_decref(l->places);
	free(l);
}

static struct kept *find(struct story_list *l, const char *id)
{
	json_t *place = json_object_get(l->places, id);
	return place ? &l->items[json_integer_value(place)] : NULL;
}

static void count_harmless(struct story_list *l, const struct incident *in)
{
	if (in->into != NULL)
		return;
	l->harmless[in->kind].stories++;
	l->harmless[in->kind].packets += in->packets;
	l->harmless[in->kind].sources += in->sources_count;
}

void story_list_add(
	struct story_list *l, const struct incident *in, const struct incident_json_names *names)
{
	/* Every story is told as closed in the end, at the latest with the input: that telling counts. */
	if (in->state != INCIDENT_CLOSE)
		return;
	struct kept *k = find(l, in->id.text);
	if (in->level == 0) {
		if (k != NULL) {
			free(k->json);
			k->json = NULL;
			k->level = 0;
		}
		count_harmless(l, in);
		return;
	}
	if (k == NULL) {
		if (l->count == STORY_LIST_MAX) {
			l->untold++;
			return;
		}
		assert(l->items != NULL);
		k = &l->items[l->count];
		k->id = in->id;
		json_object_set_new(l->places, in->id.text, json_integer(l->count++));
	}
	struct json_line line;
	json_line_init(&line);
	incident_json_write(&line, in, names);
	free(k->json);
	k->json = memory_strdup(line.text);
	json_line_clear(&line);
	k->level = in->level;
	k->first = in->first;
}

static int compare_kept(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->level != y->level)
		return y->level - x->level;
	return (x->first.us > y->first.us) - (x->first.us < y->first.us);
}

static void print_harmless(struct story_list *l, const struct page *p)
{
	bool any = false;
	for (int i = 0; i < INCIDENT_KINDS; i++) {
		const struct harmless *h = &l->harmless[i];
		if (h->stories == 0)
			continue;
		if (!any) {
			page_put(p, PAGE_BOLD, "Explained and harmless");
			page_end_line(p);
		}
		any = true;
		char line[128];
		snprintf(line, sizeof line, "%s from %s",
			number_text_with(h->packets, "packet").text,
			number_text_with(h->sources, "source").text);
		page_put_fact(p, incident_kind_name((enum incident_kind)i), line);
	}
}

void story_list_print(struct story_list *l, const struct page *p, unsigned most)
{
	unsigned told = 0, loud = 0;
	bool explained[INCIDENT_KINDS] = {false}; /* what a kind means is said once */
	qsort(l->items, l->count, sizeof *l->items, compare_kept);
	for (unsigned i = 0; i < l->count; i++) {
		struct incident_json_reading r;
		char error[128];
		if (l->items[i].json == NULL)
			continue;
		loud++;
		if (most != 0 && told >= most)
			continue;
		if (!incident_json_read(
			    l->items[i].json, strlen(l->items[i].json), &r, error, sizeof error))
			continue;
		const struct kind_text *text = kind_text_of(r.incident.kind);
		bool again = explained[r.incident.kind];
		explained[r.incident.kind] = true;
		story_text_print(p, &(struct story_text){.incident = &r.incident,
					    .names = r.names,
					    .meaning = again ? NULL : text->meaning,
					    .advice = again ? NULL : text->advice});
		page_end_line(p);
		incident_json_clear(&r);
		told++;
	}
	if (loud + l->untold > told) {
		char line[128];
		snprintf(line, sizeof line,
			"... and %s more; --all tells them, --json is for programs",
			number_text_of(loud + l->untold - told).text);
		page_put(p, PAGE_FAINT, line);
		page_end_line(p);
	}
	print_harmless(l, p);
	/* The order has changed: the places are of no use any more. */
	json_object_clear(l->places);
}

unsigned story_list_count(const struct story_list *l)
{
	unsigned n = 0;
	for (unsigned i = 0; i < l->count; i++)
		n += l->items[i].json != NULL;
	return n;
}
