/* SPDX-License-Identifier: ISC */
#include "scene.h"

#include "base/memory.h"

#include <inttypes.h>
#include <stdio.h>
#include <stdlib.h>

static void copy_text(char *to, size_t size, const char *from)
{
	snprintf(to, size, "%s", from ? from : "");
}

static void copy_ranges(char *to, size_t size, const struct port_range *ranges, unsigned count)
{
	size_t used = 0;
	to[0] = '\0';
	for (unsigned i = 0; i < count && used + 24 < size; i++)
		used += (size_t)snprintf(to + used, size - used, "%s%s", i ? " " : "",
			port_range_to_text(&ranges[i]).text);
}

static void copy_members(struct scene_told *t, const struct incident *in)
{
	t->members_shown = in->members_shown;
	for (unsigned i = 0; i < in->members_shown; i++) {
		t->members_real += in->members[i].role == INCIDENT_MEMBER_REAL;
		t->members_decoy += in->members[i].role == INCIDENT_MEMBER_DECOY;
	}
}

static void keep(void *context, const struct incident *in)
{
	struct scene *s = context;
	if (s->told_count == s->told_room) {
		s->told_room = s->told_room ? s->told_room * 2 : 64;
		s->told = memory_realloc(s->told, s->told_room * sizeof *s->told);
	}
	struct scene_told *t = &s->told[s->told_count++];
	memset(t, 0, sizeof *t);
	t->state = in->state;
	t->class = in->class;
	t->kind = in->kind;
	t->level = in->level;
	t->techniques = in->techniques;
	t->slow = in->slow;
	t->spoofable = in->spoofable;
	t->returned = in->returned;
	t->proto = in->proto;
	t->ports_count = in->ports_count;
	t->hosts_count = in->hosts_count;
	t->targets_count = in->targets_count;
	t->sources_count = in->sources_count;
	t->packets = in->packets;
	t->refused = in->refused;
	t->granted = in->granted;
	t->confidence = in->confidence;
	t->now = in->now;
	t->first = in->first;
	t->last = in->last;
	copy_text(t->id, sizeof t->id, in->id.text);
	copy_text(t->into, sizeof t->into, in->into);
	copy_text(t->src, sizeof t->src, addr_to_text(&in->src).text);
	copy_text(t->block, sizeof t->block, prefix_to_text(&in->src_prefix).text);
	copy_text(t->dst, sizeof t->dst, addr_to_text(&in->dst).text);
	copy_text(t->tool, sizeof t->tool, in->tool);
	copy_text(t->nmap, sizeof t->nmap, in->nmap);
	copy_text(t->why, sizeof t->why, in->why);
	copy_text(t->summary, sizeof t->summary, in->summary);
	copy_text(t->signature, sizeof t->signature, in->signature);
	copy_ranges(t->ports, sizeof t->ports, in->ports, in->port_ranges);
	copy_ranges(t->answered, sizeof t->answered, in->answered, in->answered_ranges);
	copy_members(t, in);
}

static void count_minute(void *context, struct wall_time now)
{
	struct scene *s = context;
	(void)now;
	s->minutes++;
}

static void add_home(struct prefix_set *home, const char *text)
{
	struct prefix p;
	bool good = prefix_parse(text, strlen(text), &p, NULL);
	assert(good);
	(void)good;
	prefix_set_add(home, &p);
}

void scene_init(struct scene *s)
{
	memset(s, 0, sizeof *s);
	add_home(&s->options.detector.home, "192.0.2.0/24");
	add_home(&s->options.detector.home, "2001:db8:5::/48");
	s->options.detector.memory = memory_plan_make(UINT64_C(36) << 20, 0);
	s->options.detector.hash_seed = 20260105;
	level_rules_init(&s->options.stories.rules);
	s->options.stories.report_interval_us = 24 * EVENT_MAKER_HOUR;
	s->options.stories.close_after_us = 24 * EVENT_MAKER_HOUR;
	s->options.stories.on_incident = keep;
	s->options.stories.context = s;
	s->options.on_minute = count_minute;
	s->options.context = s;
}

void scene_clear(struct scene *s)
{
	pipeline_destroy(s->pipeline);
	free(s->events);
	free(s->told);
	memset(s, 0, sizeof *s);
}

void scene_add(struct scene *s, struct event e)
{
	if (s->count == s->room) {
		s->room = s->room ? s->room * 2 : 256;
		s->events = memory_realloc(s->events, s->room * sizeof *s->events);
	}
	s->events[s->count++] = e;
}

void scene_send(struct scene *s, struct event e, int64_t gap_us)
{
	scene_add(s, event_maker_at(e, s->clock_us));
	s->clock_us += gap_us;
}

/* Merge sort by time: stable, and the events of a scene come in a few runs. */
static void sort_events(struct event *events, struct event *spare, size_t count)
{
	size_t half = count / 2, left = 0, right = half;
	if (count < 2)
		return;
	sort_events(events, spare, half);
	sort_events(events + half, spare, count - half);
	if (events[half - 1].time.us <= events[half].time.us)
		return;
	for (size_t i = 0; i < count; i++) {
		bool from_left = right == count ||
				 (left < half && events[left].time.us <= events[right].time.us);
		spare[i] = events[from_left ? left++ : right++];
	}
	memcpy(events, spare, count * sizeof *events);
}

static struct pipeline *pipeline_of(struct scene *s)
{
	if (s->pipeline == NULL)
		s->pipeline = pipeline_create(&s->options);
	return s->pipeline;
}

void scene_play_unsorted(struct scene *s)
{
	struct pipeline *p = pipeline_of(s);
	size_t batch = s->batch ? s->batch : s->count;
	for (size_t done = 0; done < s->count; done += batch)
		pipeline_feed(
			p, s->events + done, s->count - done < batch ? s->count - done : batch);
	s->count = 0;
}

void scene_play(struct scene *s)
{
	struct event *spare = memory_calloc(s->count, sizeof *spare);
	sort_events(s->events, spare, s->count);
	free(spare);
	scene_play_unsorted(s);
}

void scene_end(struct scene *s)
{
	scene_play(s);
	pipeline_finish(s->pipeline);
}

void scene_wait(struct scene *s, int64_t span_us)
{
	scene_play(s);
	int64_t end = s->clock_us + span_us;
	for (; s->clock_us < end; s->clock_us += EVENT_MAKER_MINUTE)
		pipeline_advance(s->pipeline, event_maker_time(s->clock_us));
	s->clock_us = end;
}

const struct scene_told *scene_last(const struct scene *s, const char *src)
{
	for (size_t i = s->told_count; i-- > 0;) {
		if (strcmp(s->told[i].src, src) == 0)
			return &s->told[i];
	}
	return NULL;
}

unsigned scene_count(const struct scene *s, enum incident_state state, int least_level)
{
	unsigned count = 0;
	for (size_t i = 0; i < s->told_count; i++)
		count += s->told[i].state == state && s->told[i].level >= least_level;
	return count;
}

unsigned scene_stories_of(const struct scene *s, const char *src)
{
	unsigned count = 0;
	for (size_t i = 0; i < s->told_count; i++)
		count += s->told[i].state == INCIDENT_OPEN && strcmp(s->told[i].src, src) == 0;
	return count;
}

const struct scene_told *scene_kind(const struct scene *s, enum incident_kind kind)
{
	for (size_t i = s->told_count; i-- > 0;) {
		if (s->told[i].kind == kind)
			return &s->told[i];
	}
	return NULL;
}

struct addr scene_host(unsigned number)
{
	return addr_from_v4(UINT32_C(0xc0000200) + number);
}

void scene_print(const struct scene *s)
{
	for (size_t i = 0; i < s->told_count && i < 40; i++) {
		const struct scene_told *t = &s->told[i];
		fprintf(stderr,
			"  %s %s level %d %s/%s src %s dst %s targets %u ports %u hosts %u packets "
			"%" PRIu64 " sources %u tool %s nmap %s: %s (%s)\n",
			t->id + 20, incident_state_name(t->state), t->level,
			incident_class_name(t->class), incident_kind_name(t->kind), t->src, t->dst,
			t->targets_count, t->ports_count, t->hosts_count, t->packets,
			t->sources_count, t->tool, t->nmap, t->summary, t->why);
	}
}

bool scene_equals(const struct scene *a, const struct scene *b)
{
	if (a->told_count != b->told_count)
		return false;
	return a->told_count == 0 || memcmp(a->told, b->told, a->told_count * sizeof *a->told) == 0;
}
