/* SPDX-License-Identifier: ISC */
#include "daemon/access_watch.h"

#include "table_check.h"

#include <stdio.h>

#define START_US INT64_C(1795183780000000)

struct scene {
	struct store_sink sink; /* keeps nothing */
	struct name_table *names;
	struct pipeline *pipeline;
	struct access_watch watch;
	char *said;
	size_t size;
};

static void drop_incident(void *context, const struct incident *in)
{
	(void)context;
	(void)in;
}

static struct scene *scene_begin(void)
{
	struct scene *s = calloc(1, sizeof *s);
	struct pipeline_options options = {.stories.on_incident = drop_incident};
	assert_non_null(s);
	level_rules_init(&options.stories.rules);
	s->names = name_table_create();
	s->pipeline = pipeline_create(&options);
	s->watch = (struct access_watch){.pipeline = s->pipeline,
		.sink = &s->sink,
		.names = s->names,
		.host = "minnie",
		.out = open_memstream(&s->said, &s->size)};
	return s;
}

static void scene_end(struct scene *s)
{
	access_watch_clear(&s->watch);
	fclose(s->watch.out);
	free(s->said);
	pipeline_destroy(s->pipeline);
	name_table_destroy(s->names);
	free(s);
}

static void take(struct scene *s, unsigned origin, bool unvouched, uint32_t pid)
{
	struct access_event a;
	access_event_clear(&a);
	a.time.us = START_US;
	a.origin = (uint8_t)origin;
	a.pid = pid;
	a.has_uid = origin == EVENT_ORIGIN_WRAPPER;
	a.uid = unvouched ? 65534 : 0;
	a.unvouched = unvouched;
	(void)addr_parse("192.0.2.7", 9, &a.client);
	ACCESS_EVENT_SET(&a, service, text_slice_of("sshd"));
	if (origin == EVENT_ORIGIN_WRAPPER) {
		ACCESS_EVENT_SET(&a, table, text_slice_of("/etc/hosts.deny"));
		a.line = 2;
	}
	access_watch_take(&s->watch, &a, (struct wall_time){START_US + CLOCK_US_PER_S});
}

static unsigned lines(struct scene *s)
{
	unsigned n = 0;
	fflush(s->watch.out);
	for (const char *c = s->said; (c = strchr(c, '\n')) != NULL; c++)
		n++;
	return n;
}

/* What is told, and what the detector counts, of a sequence of hearings. */
enum { LOG = EVENT_ORIGIN_LOG, WRAPPER = EVENT_ORIGIN_WRAPPER };
struct hearing {
	unsigned origin;
	bool unvouched;
	uint32_t pid;
};

static void each_decision_is_told_and_counted_once(void **state)
{
	(void)state;
	static const struct {
		const char *name;
		struct hearing heard[3];
		unsigned count, told, counted, twice;
	} rows[] = {
		{"a wrapper tells it, then logs it", {{WRAPPER, false, 7}, {LOG, false, 7}}, 2, 1, 1, 1},
		{"the line comes first", {{LOG, false, 7}, {WRAPPER, false, 7}}, 2, 1, 1, 1},
		{"two decisions", {{WRAPPER, false, 7}, {WRAPPER, false, 8}}, 2, 2, 2, 0},
		{"somebody's word", {{WRAPPER, true, 7}}, 1, 1, 0, 0},
		{"the same process logs it: that counts", {{WRAPPER, true, 7}, {LOG, false, 7}}, 2, 1, 1, 1},
		{"it counts once", {{WRAPPER, true, 7}, {LOG, false, 7}, {LOG, false, 7}}, 3, 2, 2, 1},
		{"somebody's word after the line", {{LOG, false, 7}, {WRAPPER, true, 7}}, 2, 1, 1, 1},
		{"a forger before the line of another process", {{WRAPPER, true, 66}, {LOG, false, 7}}, 2, 2, 1, 0},
		{"a forger after it", {{LOG, false, 7}, {WRAPPER, true, 66}}, 2, 2, 1, 0},
		{"a forger before what root tells", {{WRAPPER, true, 66}, {WRAPPER, false, 7}, {LOG, false, 7}}, 3, 2, 1,
			1},
		{"a line without a process is no forger's", {{WRAPPER, true, 66}, {LOG, false, 0}}, 2, 2, 1, 0},
	};
	unsigned faults = 0;
	for (size_t i = 0; i < TABLE_CHECK_ROWS(rows); i++) {
		struct scene *s = scene_begin();
		for (unsigned j = 0; j < rows[i].count; j++)
			take(s, rows[i].heard[j].origin, rows[i].heard[j].unvouched, rows[i].heard[j].pid);
		faults += table_check_number(rows[i].name, "told", lines(s), rows[i].told);
		faults += table_check_number(rows[i].name, "counted",
			(long long)detector_stats(pipeline_detector(s->pipeline)).refused, rows[i].counted);
		faults += table_check_number(
			rows[i].name, "twice", (long long)s->watch.twice, rows[i].twice);
		scene_end(s);
	}
	assert_int_equal(faults, 0);
}

static void the_fuller_one_is_told(void **state)
{
	(void)state;
	struct scene *s = scene_begin();
	take(s, WRAPPER, false, 7);
	take(s, LOG, false, 7);
	assert_int_equal(lines(s), 1);
	assert_non_null(strstr(s->said, "\"file\":\"/etc/hosts.deny\",\"line\":2"));
	scene_end(s);
}

static void a_flood_of_forgers_forgets_no_decision(void **state)
{
	(void)state;
	struct scene *s = scene_begin();
	take(s, WRAPPER, false, 7);
	for (uint32_t i = 0; i < 2 * ACCESS_TWINS_MOST; i++)
		take(s, WRAPPER, true, 1000 + i);
	unsigned before = lines(s);
	take(s, LOG, false, 7);
	assert_int_equal(lines(s), before);
	scene_end(s);
}

static void what_is_held_back_is_told_now_and_then(void **state)
{
	(void)state;
	struct scene *s = scene_begin();
	struct access_watch *w = &s->watch;
	struct wall_time t = {START_US};
	access_watch_advance(w, t, 0, 0);
	assert_int_equal(w->told_held, 0);
	access_watch_advance(w, t, 50, 65534);
	assert_int_equal(w->told_held, 50);
	assert_non_null(strstr(w->line.text, "\"what\":\"wrappers\",\"now\":\"held-back uid 65534\",\"count\":50"));
	t.us += CLOCK_US_PER_S;
	access_watch_advance(w, t, 500, 65534);
	assert_int_equal(w->told_held, 50); /* said a moment ago */
	t.us += ACCESS_WATCH_HELD_US;
	access_watch_advance(w, t, 600, 65534);
	assert_int_equal(w->told_held, 600);
	assert_non_null(strstr(w->line.text, "\"count\":550"));
	t.us += ACCESS_WATCH_HELD_US;
	access_watch_advance(w, t, 600, 65534);
	assert_non_null(strstr(w->line.text, "\"count\":550")); /* nothing is new */
	access_watch_advance(w, t, 3, 65534); /* another sensor */
	assert_int_equal(w->told_held, 3);
	scene_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(each_decision_is_told_and_counted_once),
		cmocka_unit_test(the_fuller_one_is_told),
		cmocka_unit_test(a_flood_of_forgers_forgets_no_decision),
		cmocka_unit_test(what_is_held_back_is_told_now_and_then),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
