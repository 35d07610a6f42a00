/* SPDX-License-Identifier: ISC */
#include "cli/watch_loop.h"
#include "sensor/log_ear.h"

#include <setjmp.h>
#include <signal.h>
#include <stdarg.h>
#include <stddef.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <cmocka.h>

#define LINES 200000u

static void write_log(FILE *out)
{
	for (unsigned i = 0; i < LINES; i++)
		fprintf(out,
			"2026-11-20T12:00:00+00:00 gate kernel: IN=eth0 OUT= SRC=198.51.100.7 "
			"DST=203.0.113.5 LEN=60 TTL=54 ID=1 PROTO=TCP SPT=1024 DPT=23 SYN URGP=0\n");
	assert_int_equal(fclose(out), 0);
}

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

/* Somebody who fills the log faster than it is read must not keep the watch from its signals. */
static void a_signal_does_not_wait_for_all_there_is_to_hear(void **state)
{
	(void)state;
	char path[] = "/tmp/kw_watch_loop_XXXXXX", error[512];
	FILE *out = fdopen(mkstemp(path), "w");
	assert_non_null(out);
	write_log(out);
	struct name_table *names = name_table_create();
	struct log_tail_options tail = {.path = path, .from_start = true, .names = names};
	struct watch_ears ears = {.count = 1};
	struct log_tail *log = log_tail_open(&tail, error, sizeof error);
	assert_non_null(log);
	ears.list[0] = log_ear_of(log);
	struct store_sink sink = {0};
	struct watch_status status = {.lock = -1};
	struct pipeline_options options = {.stories.on_incident = drop_incident};
	level_rules_init(&options.stories.rules);
	struct pipeline *pipeline = pipeline_create(&options);
	struct watch_loop loop = {.pipeline = pipeline,
		.ears = &ears,
		.sink = &sink,
		.status = &status,
		.host = "minnie",
		.signals = watch_loop_signals(),
		.pause = print_nothing};
	assert_true(loop.signals >= 0);
	assert_int_equal(raise(SIGTERM), 0);
	watch_loop_run(&loop);
	uint64_t heard = detector_stats(pipeline_detector(pipeline)).events;
	assert_true(heard > 0 && heard < LINES / 2);
	pipeline_destroy(pipeline);
	ear_close(&ears.list[0]);
	name_table_destroy(names);
	close(loop.signals);
	unlink(path);
}

int main(void)
{
	const struct CMUnitTest tests[] = {
		cmocka_unit_test(a_signal_does_not_wait_for_all_there_is_to_hear),
	};
	return cmocka_run_group_tests(tests, NULL, NULL);
}
