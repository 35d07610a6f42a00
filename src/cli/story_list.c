/* SPDX-License-Identifier: ISC */
#include "cli/story_list.h"

#include "base/memory.h"
#include "base/number_text.h"
#include "cli/story_words.h"
#include "event/json_line.h"
#include "report/story_text.h"

#include <stdlib.h>
#include <string.h>

#define NONE UINT32_MAX
#define LEVELS 6
#define MALLOC_OVERHEAD 16
#define SHORTEST_LINE 320 /* of what is told of level 1 and above */

/* In a chain by the hash of its id. */
struct kept {
	struct event_id id;
	uint32_t next;
	int level; /* 0 = free: it turned out harmless, or gave way to a more serious one */
	struct wall_time first;
	char *json; /* null where free */
};

_Static_assert(sizeof(struct kept) + sizeof(uint32_t) <= STORY_LIST_EACH, "as the header says");

struct harmless {
	uint64_t stories, packets, sources;
};

struct story_list {
	struct kept *items;
	uint32_t *chains;     /* as many as items */
	uint32_t room, count; /* items; those that were ever used */
	size_t text_bytes, text_bytes_most;
	unsigned at_level[LEVELS]; /* kept */
	unsigned untold;           /* found no room */
	struct harmless harmless[INCIDENT_KINDS];
};

struct story_list *story_list_create(size_t bytes)
{
	struct story_list *l = memory_calloc(1, sizeof *l);
	l->room = (uint32_t)(bytes / (STORY_LIST_EACH + SHORTEST_LINE) + 1);
	l->text_bytes_most = bytes - (l->room - 1) * (size_t)STORY_LIST_EACH;
	l->items = memory_calloc(l->room, sizeof *l->items);
	l->chains = memory_calloc(l->room, sizeof *l->chains);
	memset(l->chains, 0xff, l->room * sizeof *l->chains);
	return l;
}

void story_list_destroy(struct story_list *l)
{
	if (l == NULL)
		return;
	for (uint32_t i = 0; i < l->count; i++)
		free(l->items[i].json);
	free(l->items);
	free(l->chains);
	free(l);
}

static uint32_t *chain_of(struct story_list *l, const struct event_id *id)
{
	uint32_t hash = 2166136261u;
	for (const char *c = id->text; *c; c++)
		hash = (hash ^ (unsigned char)*c) * 16777619u;
	return &l->chains[hash % l->room];
}

static uint32_t find(struct story_list *l, const struct event_id *id)
{
	uint32_t at = *chain_of(l, id);
	while (at != NONE && strcmp(l->items[at].id.text, id->text) != 0)
		at = l->items[at].next;
	return at;
}

static size_t text_size(const char *json)
{
	return strlen(json) + 1 + MALLOC_OVERHEAD;
}

static void drop(struct story_list *l, uint32_t place)
{
	struct kept *k = &l->items[place];
	uint32_t *link = chain_of(l, &k->id);
	while (*link != place)
		link = &l->items[*link].next;
	*link = k->next;
	l->at_level[k->level]--;
	l->text_bytes -= text_size(k->json);
	free(k->json);
	*k = (struct kept){.next = NONE};
}

/* A place for one more; NONE if all are taken. */
static uint32_t free_place(struct story_list *l)
{
	if (l->count < l->room)
		return l->count++;
	for (uint32_t i = 0; i < l->room; i++) {
		if (l->items[i].json == NULL)
			return i;
	}
	return NONE;
}

/* The latest of the least serious, if that is less than `level`; else NONE. */
static uint32_t least_serious(const struct story_list *l, int level)
{
	int least = 1;
	while (least < level && l->at_level[least] == 0)
		least++;
	uint32_t victim = NONE;
	for (uint32_t i = 0; least < level && i < l->count; i++) {
		const struct kept *k = &l->items[i];
		if (k->json != NULL && k->level == least &&
			(victim == NONE || k->first.us > l->items[victim].first.us))
			victim = i;
	}
	return victim;
}

/* The place where a story of this level and size may go, others giving way if need be; or NONE. */
static uint32_t make_room(struct story_list *l, int level, size_t size)
{
	uint32_t place = NONE;
	while (l->text_bytes + size > l->text_bytes_most || (place = free_place(l)) == NONE) {
		uint32_t victim = least_serious(l, level);
		l->untold++;
		if (victim == NONE)
			return NONE;
		drop(l, victim);
	}
	return place;
}

static void keep(struct story_list *l, const struct incident *in, const char *json)
{
	uint32_t place = make_room(l, in->level, text_size(json));
	if (place == NONE)
		return;
	struct kept *k = &l->items[place];
	uint32_t *chain = chain_of(l, &in->id);
	*k = (struct kept){.id = in->id,
		.next = *chain,
		.level = in->level,
		.first = in->first,
		.json = memory_strdup(json)};
	*chain = place;
	l->at_level[k->level]++;
	l->text_bytes += text_size(json);
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
	uint32_t known = find(l, &in->id);
	if (known != NONE)
		drop(l, known);
	if (in->level == 0) {
		count_harmless(l, in);
		return;
	}
	struct json_line line;
	json_line_init(&line);
	incident_json_write(&line, in, names);
	keep(l, in, line.text);
	json_line_clear(&line);
}

static int compare_kept(const void *a, const void *b)
{
	const struct kept *x = a, *y = b;
	if (x->level != y->level)
		return y->level - x->level;
	return (x->first.us > y->first.us) - (x->first.us < y->first.us);
}

/* Of a column that holds the name of every kind. */
static unsigned kind_columns(void)
{
	unsigned most = PAGE_LABEL_COLUMNS - 1;
	for (int i = 0; i < INCIDENT_KINDS; i++) {
		unsigned n = page_columns(incident_kind_name((enum incident_kind)i));
		most = n > most ? n : most;
	}
	return most + 1;
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
		const char *what = i == INCIDENT_KIND_REFUSED ? "connection" : "packet";
		snprintf(line, sizeof line, "%s from %s", number_text_with(h->packets, what).text,
			number_text_with(h->sources, "source").text);
		page_put_labelled(
			p, kind_columns(), incident_kind_name((enum incident_kind)i), line);
	}
	if (any)
		page_end_line(p);
}

static void print_rest(const struct story_list *l, const struct page *p, unsigned rest)
{
	char line[160];
	if (rest > l->untold)
		snprintf(line, sizeof line,
			"... and %s more; --all tells them, --json is for programs",
			number_text_of(rest).text);
	else
		snprintf(line, sizeof line,
			"... and %s more than the memory holds (see --memory); --json tells them",
			number_text_of(rest).text);
	page_put(p, PAGE_FAINT, line);
	page_end_line(p);
	page_end_line(p);
}

/* True if it could be told. */
static bool print_one(const struct page *p, const char *json, struct story_told *told)
{
	struct incident_json_reading r;
	char error[128];
	if (!incident_json_read(json, strlen(json), &r, error, sizeof error))
		return false;
	struct story_words words = story_words_new(&r.incident, told);
	story_text_print(p, &(struct story_text){.incident = &r.incident,
				    .names = r.names,
				    .meaning = words.meaning,
				    .advice = words.advice});
	page_end_line(p);
	incident_json_clear(&r);
	return true;
}

void story_list_print(struct story_list *l, const struct page *p, unsigned most)
{
	unsigned told = 0;
	struct story_told texts = {0};
	qsort(l->items, l->count, sizeof *l->items, compare_kept);
	for (uint32_t i = 0; i < l->count; i++) {
		if (l->items[i].json != NULL && (most == 0 || told < most))
			told += print_one(p, l->items[i].json, &texts);
	}
	unsigned all = story_list_count(l);
	if (all > told)
		print_rest(l, p, all - told);
	print_harmless(l, p);
	/* The order has changed: the chains are of no use any more. */
	memset(l->chains, 0xff, l->room * sizeof *l->chains);
}

unsigned story_list_count(const struct story_list *l)
{
	unsigned n = l->untold;
	for (int level = 1; level < LEVELS; level++)
		n += l->at_level[level];
	return n;
}
