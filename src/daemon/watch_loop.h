/* SPDX-License-Identifier: ISC */
/*
 * watch_loop - the life of a watch's engine after everything is open: hear the sensor, decide, tell, keep.
 *
 * SIGTERM and SIGINT end it (open stories are told a last time), SIGHUP asks for the configuration
 * again, SIGUSR1 writes the source table to the state directory. None of them waits for long, however
 * much there is to hear.
 */
#ifndef KW_DAEMON_WATCH_LOOP_H
#define KW_DAEMON_WATCH_LOOP_H

#include "daemon/access_watch.h"
#include "daemon/exec_watch.h"
#include "daemon/position_file.h"
#include "daemon/sensor_link.h"
#include "daemon/store_sink.h"
#include "daemon/watch_status.h"
#include "engine/pipeline.h"
#include "priv/service_notify.h"

struct watch_loop {
	struct pipeline *pipeline;
	struct sensor_link *sensor; /* open */
	struct store_sink *sink;
	struct exec_watch *execs; /* open */
	struct access_watch *decisions;
	const struct prefix_set
		*home;     /* as told; the addresses of this host come to it. Null = none */
	const char *state; /* directory; null = nothing is kept */
	struct watch_status *status;
	const char *host;
	struct service_notify notify;
	int signals;         /* signalfd */
	int64_t patience_ms; /* a sensor that was told to end gets so long for the rest; 0 = 5 s */
	void (*pause)(
		void *context, int64_t now_ms, bool last); /* each turn: print what has waited */
	void (*reload)(void *context);                     /* on SIGHUP */
	void *context;
	/* its own */
	struct position_file position;
	struct detector_stats told; /* when the last summary was said */
	int64_t last_ms; /* the sensor was told to end, and has until then; 0 = it was not */
	int64_t next_ask_ms, next_second_ms, next_summary_ms, next_save_ms;
	unsigned summaries;
	bool foreign_said;
};

/* Blocks the signals above for this process and returns a descriptor for them; -1 with errno. */
int watch_loop_signals(void);

/* Runs until it is told to end, or the sensor has ended. */
void watch_loop_run(struct watch_loop *l);

#endif
