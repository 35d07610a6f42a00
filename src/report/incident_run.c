/* SPDX-License-Identifier: ISC */
#include "report/incident_run.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "report/headline_text.h"
#include "verdict/incident_json.h"

#include <assert.h>
#include <stdlib.h>
#include <string.h>

/* What makes an incident like others. */
struct likeness {
	size_t place;   /* in the list */
	char deed[128]; /* level and deed, whomever to; "" where nothing is like it */
};

static void read_likeness(struct likeness *out, const struct incident *in)
{
	struct text_buffer b = text_buffer_over(out->deed, sizeof out->deed);
	struct incident anywhere = *in;
	if (addr_is_none(&in->src))
		return;
	anywhere.dst = (struct addr){{0}};
	anywhere.hosts_count = 2;
	text_buffer_printf(&b, "%d ", in->level);
	headline_text_add_deed(&b, &anywhere);
}

/* From the stored line; what cannot be read back falls back to the row's own columns. */
static void read_row(
	struct incident_run *out, struct likeness *likeness, const struct store_incident *row)
{
	struct incident_json_reading r;
	char error[128];
	struct text_buffer source = text_buffer_over(out->source, sizeof out->source);
	struct text_buffer deed = text_buffer_over(out->deed, sizeof out->deed);
	out->latest = row;
	out->count = 1;
	if (incident_json_read(row->json, strlen(row->json), &r, error, sizeof error)) {
		headline_text_add_source(&source, &r.incident);
		headline_text_add_deed(&deed, &r.incident);
		read_likeness(likeness, &r.incident);
		incident_json_clear(&r);
	} else {
		text_buffer_add(&source, row->src[0] != '\0' ? row->src : "-");
		text_buffer_add(&deed, row->summary);
	}
}

static int compare_likeness(const void *a, const void *b)
{
	const struct likeness *x = a, *y = b;
	int order = strcmp(x->deed, y->deed);
	return order != 0 ? order : (x->place > y->place) - (x->place < y->place);
}

static int compare_texts(const void *a, const void *b)
{
	return strcmp(*(const char *const *)a, *(const char *const *)b);
}

static size_t count_sources(
	const struct incident_run *runs, const struct likeness *alike, size_t count)
{
	const char **texts = memory_calloc(count, sizeof *texts);
	size_t sources = 1;
	for (size_t i = 0; i < count; i++)
		texts[i] = runs[alike[i].place].source;
	qsort(texts, count, sizeof *texts, compare_texts);
	for (size_t i = 1; i < count; i++)
		sources += strcmp(texts[i - 1], texts[i]) != 0;
	free(texts);
	return sources;
}

/* One more of a run: its hosts, and when it began. */
static void widen(struct incident *all, const struct incident *one)
{
	if (!addr_equal(&all->dst, &one->dst))
		all->dst = (struct addr){{0}};
	if (one->hosts_count > all->hosts_count)
		all->hosts_count = one->hosts_count;
	if (one->first.us < all->first.us)
		all->first = one->first;
}

/* The deed of all of them, in words of the latest. */
static void write_deed(struct incident_run *run, const struct store_incidents *list,
	const struct likeness *alike, const struct page *p)
{
	struct incident_json_reading latest, r;
	char error[128];
	const char *json = run->latest->json;
	struct text_buffer deed = text_buffer_over(run->deed, sizeof run->deed);
	bool readable = incident_json_read(json, strlen(json), &latest, error, sizeof error);
	assert(readable); /* it was, or it were like no other */
	for (size_t i = 1; i < run->count; i++) {
		json = list->rows[alike[i].place].json;
		if (!incident_json_read(json, strlen(json), &r, error, sizeof error))
			continue;
		widen(&latest.incident, &r.incident);
		incident_json_clear(&r);
	}
	headline_text_add_deed_of_many(&deed, &latest.incident);
	text_buffer_printf(&deed, ", %s times since %s", number_text_of(run->count).text,
		time_text_minute(latest.incident.first, p->now, p->zone).text);
	incident_json_clear(&latest);
}

/* Makes `count` that are alike one run, in the place of the latest. */
static void join(struct incident_run *runs, const struct store_incidents *list,
	const struct likeness *alike, size_t count, const struct page *p)
{
	struct incident_run *run = &runs[alike->place];
	size_t sources = count_sources(runs, alike, count);
	run->count = count;
	write_deed(run, list, alike, p);
	if (sources > 1) {
		struct text_buffer b = text_buffer_over(run->source, sizeof run->source);
		text_buffer_add(&b, number_text_with(sources, "source").text);
	}
	for (size_t i = 1; i < count; i++)
		runs[alike[i].place].count = 0;
}

static void join_alike(struct incident_runs *runs, const struct store_incidents *list,
	struct likeness *all, const struct page *p)
{
	qsort(all, list->count, sizeof *all, compare_likeness);
	for (size_t i = 0, next; i < list->count; i = next) {
		for (next = i + 1; next < list->count; next++) {
			if (strcmp(all[i].deed, all[next].deed) != 0)
				break;
		}
		if (all[i].deed[0] != '\0' && next - i >= INCIDENT_RUN_LEAST)
			join(runs->items, list, &all[i], next - i, p);
	}
	for (size_t i = 0; i < list->count; i++) {
		if (runs->items[i].count > 0)
			runs->items[runs->count++] = runs->items[i];
	}
}

void incident_runs_make(struct incident_runs *runs, const struct store_incidents *list, bool each,
	const struct page *p)
{
	struct likeness *all = memory_calloc(list->count + 1, sizeof *all);
	runs->items = memory_calloc(list->count + 1, sizeof *runs->items);
	runs->count = 0;
	for (size_t i = 0; i < list->count; i++) {
		all[i].place = i;
		read_row(&runs->items[i], &all[i], &list->rows[i]);
	}
	if (each)
		runs->count = list->count;
	else
		join_alike(runs, list, all, p);
	free(all);
}

void incident_runs_clear(struct incident_runs *runs)
{
	free(runs->items);
	*runs = (struct incident_runs){0};
}
