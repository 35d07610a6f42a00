/* SPDX-License-Identifier: ISC */
#include "daemon/watch_loop.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/wait.h>
#include <time.h>
#include <unistd.h>

#include <cmocka.h>

#include "event_maker.h"

struct scene {
	struct sensor_link sensor;
	struct store_sink sink;
	struct watch_status status;
	struct pipeline *pipeline;
	struct watch_loop loop;
	struct exec_watch execs;
	struct access_watch decisions;
};

static void drop_incident(void *context, const struct incident *in)
{
	(void)context;
	(void)in;
}

static void print_nothing(void *context, int64_t now_ms, bool last)
{
	(void)context;
	(void)now_ms;
	(void)last;
}

/* A process that speaks as a sensor does. */
typedef void speech(int channel);

static void start_sensor(struct sensor_link *l, speech *speak)
{
	int ends[2];
	sensor_link_init(l, name_table_create());
	assert_true(channel_open_pair(ends));
	l->process.pid = fork();
	assert_true(l->process.pid >= 0);
	if (l->process.pid == 0) {
		close(ends[0]);
		speak(ends[1]);
		_exit(0);
	}
	close(ends[1]);
	l->process.channel = ends[0];
}

static struct scene *scene_of(speech *speak)
{
	struct scene *s = calloc(1, sizeof *s);
	struct pipeline_options options = {.stories.on_incident = drop_incident};
	assert_non_null(s);
	level_rules_init(&options.stories.rules);
	s->status.lock = -1;
	s->pipeline = pipeline_create(&options);
	exec_watch_open(&s->execs, &(struct exec_watch_options){.sink = &s->sink});
	s->loop = (struct watch_loop){.pipeline = s->pipeline,
		.sensor = &s->sensor,
		.sink = &s->sink,
		.execs = &s->execs,
		.decisions = &s->decisions,
		.status = &s->status,
		.host = "minnie",
		.signals = watch_loop_signals(),
		.pause = print_nothing};
	assert_true(s->loop.signals >= 0);
	start_sensor(&s->sensor, speak);
	return s;
}

static void scene_end(struct scene *s)
{
	struct name_table *names = s->sensor.names;
	sensor_link_close(&s->sensor);
	exec_watch_close(&s->execs);
	pipeline_destroy(s->pipeline);
	name_table_destroy(names);
	close(s->loop.signals);
	free(s);
}

static bool send_knocks(int channel)
{
	struct event events[SENSOR_FRAME_EVENTS_MAX];
	for (unsigned i = 0; i < SENSOR_FRAME_EVENTS_MAX; i++)
		events[i] = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	return channel_send_all(channel, SENSOR_FRAME_EVENTS, events, sizeof events) ==
	       CHANNEL_DONE;
}

static void never_stop(int channel)
{
	while (send_knocks(channel))
		continue;
}

static void stop_when_asked(int channel)
{
	struct channel_frame *frame = calloc(1, sizeof *frame);
	do
		(void)send_knocks(channel);
	while (channel_receive(channel, frame) != CHANNEL_DONE || frame->type != SENSOR_FRAME_STOP);
	(void)channel_send_all(channel, SENSOR_FRAME_END, NULL, 0);
	free(frame);
}

static void say_one_thing_and_die(int channel)
{
	(void)send_knocks(channel);
}

static void say_nonsense(int channel)
{
	(void)send_knocks(channel);
	(void)channel_send_all(channel, 4711, "what?", 5);
	pause();
}

static void say_the_year_9999(int channel)
{
	struct event e = event_maker_udp("198.51.100.7", 40000, "203.0.113.5", 53);
	e.time = wall_time_from_parts(INT64_C(253370764800), 0);
	struct sensor_frame_tick tick = {.now = e.time};
	(void)channel_send_all(channel, SENSOR_FRAME_EVENTS, &e, sizeof e);
	(void)channel_send_all(channel, SENSOR_FRAME_TICK, &tick, sizeof tick);
	(void)channel_send_all(channel, SENSOR_FRAME_END, NULL, 0);
}

static void a_time_that_is_still_to_come_counts_as_now(void **state)
{
	(void)state;
	struct scene *s = scene_of(say_the_year_9999);
	watch_loop_run(&s->loop);
	assert_false(s->sensor.failed);
	assert_int_equal(detector_stats(pipeline_detector(s->pipeline)).events, 1);
	assert_in_range(
		wall_time_seconds(pipeline_now(s->pipeline)), time(NULL) - 60, time(NULL) + 60);
	scene_end(s);
}

/* Somebody who knocks faster than it is judged must not keep the watch from its signals. */
static void a_signal_does_not_wait_for_all_there_is_to_hear(void **state)
{
	(void)state;
	struct scene *s = scene_of(stop_when_asked);
	assert_int_equal(raise(SIGTERM), 0);
	watch_loop_run(&s->loop);
	assert_true(s->sensor.ended);
	assert_false(s->sensor.failed);
	assert_true(detector_stats(pipeline_detector(s->pipeline)).events > 0);
	scene_end(s);
}

static void a_sensor_that_does_not_stop_is_left(void **state)
{
	(void)state;
	struct scene *s = scene_of(never_stop);
	s->loop.patience_ms = 100;
	assert_int_equal(raise(SIGTERM), 0);
	watch_loop_run(&s->loop);
	assert_false(s->sensor.ended);
	scene_end(s);
}

static void a_sensor_that_is_gone_ends_the_watch(void **state)
{
	(void)state;
	struct scene *s = scene_of(say_one_thing_and_die);
	watch_loop_run(&s->loop);
	assert_true(s->sensor.failed);
	assert_int_equal(
		detector_stats(pipeline_detector(s->pipeline)).events, SENSOR_FRAME_EVENTS_MAX);
	scene_end(s);
}

static void a_sensor_that_talks_nonsense_is_heard_no_more(void **state)
{
	(void)state;
	struct scene *s = scene_of(say_nonsense);
	watch_loop_run(&s->loop);
	assert_true(s->sensor.failed);
	assert_int_equal(kill(s->sensor.process.pid, SIGTERM), 0);
	scene_end(s);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_does_not_wait_for_all_there_is_to_hear),
		cmocka_unit_test(a_time_that_is_still_to_come_counts_as_now),
		cmocka_unit_test(a_sensor_that_does_not_stop_is_left),
		cmocka_unit_test(a_sensor_that_is_gone_ends_the_watch),
		cmocka_unit_test(a_sensor_that_talks_nonsense_is_heard_no_more),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
