/* SPDX-License-Identifier: ISC */
#include "daemon/watch_loop.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "daemon/memory_file.h"
#include "daemon/message_id.h"

#include <poll.h>
#include <signal.h>
#include <string.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
	WAIT_MS = 200,
	FIRST_SUMMARY_MS = 30000,
	SECOND_SUMMARY_MS = 300000,
	SUMMARY_MS = 3600000,
	SAVE_MS = 600000,
	STATUS_MS = 2000,
	FRAMES = 64,        /* in one turn: signals and the clock wait no longer, whatever comes */
	ASK_MS = 500,       /* an asking holds for a second */
	LAST_MS = 5000,     /* a sensor that was told to end gets so long to say the rest */
	FOREIGN_LEAST = 20, /* packets; fewer may be the first of a busy day */
};

static const int64_t AHEAD_MOST_US = 10 * CLOCK_US_PER_S; /* what clocks of honest hosts differ */

int watch_loop_signals(void)
{
	sigset_t set;
	sigemptyset(&set);
	sigaddset(&set, SIGTERM);
	sigaddset(&set, SIGINT);
	sigaddset(&set, SIGHUP);
	sigaddset(&set, SIGUSR1);
	signal(SIGPIPE, SIG_IGN);
	if (sigprocmask(SIG_BLOCK, &set, NULL) != 0)
		return -1;
	return signalfd(-1, &set, SFD_NONBLOCK | SFD_CLOEXEC);
}

static void reload(struct watch_loop *l)
{
	service_notify_reloading(&l->notify, clock_now_monotonic_ms());
	l->reload(l->context);
	service_notify_ready(&l->notify, l->sensor->listening);
}

/* True if it is time to end. */
static bool take_signals(struct watch_loop *l)
{
	struct signalfd_siginfo info;
	bool end = false;
	while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			reload(l);
		else if (info.ssi_signo == SIGUSR1 && l->state != NULL)
			memory_file_dump(pipeline_detector(l->pipeline), l->state);
		else if (info.ssi_signo == SIGUSR1)
			diag_warn(
				"the source table cannot be written: no state directory (see --state)");
		else
			end = true;
	}
	return end;
}

/* A log of another host, or of a router, tells of nobody's doors unless it is known whose they are.
 * Said once. */
static void say_whose(struct watch_loop *l)
{
	struct detector_stats d = detector_stats(pipeline_detector(l->pipeline));
	if (l->foreign_said || d.events < FOREIGN_LEAST || d.rest < d.events)
		return;
	l->foreign_said = true;
	diag_warn("none of %s is from or to an address of this host; if they are for others of "
		  "yours, say --home PREFIX",
		number_text_with(d.events, "packet").text);
}

/* What came since the last summary, in one sentence. */
static void say_summary(struct watch_loop *l)
{
	struct detector_stats d = detector_stats(pipeline_detector(l->pipeline));
	struct story_book_stats b = story_book_stats(pipeline_stories(l->pipeline));
	uint64_t knocks = d.probes + d.refused - l->told.probes - l->told.refused;
	uint64_t sources = d.sources_new - l->told.sources_new;
	uint64_t loud = b.opened_at_level[1] + b.opened_at_level[2] + b.opened_at_level[3] +
			b.opened_at_level[4] + b.opened_at_level[5];
	if (knocks == 0)
		diag_note("quiet: nobody knocked on a closed door since the last word");
	else
		diag_note("%s by %s since the last word; %s so far",
			number_text_with(knocks, "knock").text,
			number_text_with(sources, "new source").text,
			loud ? number_text_with(loud, "incident").text : "nothing to worry about");
	if (l->sensor->lost > 0)
		diag_warn_as(MESSAGE_ID_PACKETS_LOST,
			"%s or lines were lost before they could be read",
			number_text_with(l->sensor->lost, "packet").text);
	l->told = d;
	exec_watch_say(l->execs);
	say_whose(l);
}

/* The counters, into the journal. */
static void keep_stats(struct watch_loop *l)
{
	struct json_line line = {0};
	struct stats_json_extra extra = {.host = l->host,
		.lost_kernel = l->sensor->lost,
		.lost_wrappers = l->sensor->decisions_missed + l->sensor->decisions_held,
		.skipped_lines = l->sensor->broken};
	json_line_start(&line);
	stats_json_put(&line, l->pipeline, clock_now(), &extra);
	json_line_close(&line);
	store_sink_take_line(l->sink, &line);
	json_line_clear(&line);
}

static void tell_status(struct watch_loop *l, bool ended)
{
	l->status->senders = &l->sensor->senders;
	l->status->listening = l->sensor->listening;
	struct stats_json_extra extra = {.host = l->host,
		.lost_kernel = l->sensor->lost,
		.lost_wrappers = l->sensor->decisions_missed + l->sensor->decisions_held,
		.skipped_lines = l->sensor->broken};
	l->status->execs = l->execs->starts;
	l->status->execs_new = l->execs->fresh;
	watch_status_write(l->status, l->pipeline, &extra, ended);
}

/* What `systemctl status` shows. */
static void tell_service(struct watch_loop *l)
{
	char text[400];
	struct text_buffer t = text_buffer_over(text, sizeof text);
	struct detector_stats d = detector_stats(pipeline_detector(l->pipeline));
	const char *listening = l->sensor->listening;
	if (!sensor_link_is_there(l->sensor))
		text_buffer_add(&t, "waiting for the sensor");
	else
		text_buffer_add_escaped(&t, listening, strlen(listening));
	text_buffer_printf(&t, "; %s by %s", number_text_with(d.probes, "knock").text,
		number_text_with(d.sources_new, "source").text);
	service_notify_status(&l->notify, text);
}

/* Only where what came before it is kept: while a disk is full it would be skipped after a crash. */
static void save_position(struct watch_loop *l)
{
	if (l->state != NULL && store_sink_is_kept(l->sink))
		position_file_save(&l->position, l->state, l->sensor->position);
}

static void every_second(struct watch_loop *l, int64_t now_ms)
{
	struct wall_time now = clock_now();
	exec_watch_advance(l->execs, now, l->sensor->execs_lost);
	access_watch_advance(l->decisions, now, l->sensor->decisions_held, l->sensor->held_uid);
	if (!sensor_link_is_there(l->sensor))
		pipeline_advance(l->pipeline, now);
	store_sink_flush(l->sink, l->pipeline, now, false);
	save_position(l);
	if (now_ms >= l->next_summary_ms) {
		say_summary(l);
		keep_stats(l);
		l->next_summary_ms =
			now_ms + (l->summaries++ == 0 ? SECOND_SUMMARY_MS : SUMMARY_MS);
	}
	if (now_ms >= l->status->next_ms) {
		l->status->next_ms = now_ms + STATUS_MS;
		tell_status(l, false);
		tell_service(l);
	}
	if (l->state != NULL && now_ms >= l->next_save_ms) {
		l->next_save_ms = now_ms + SAVE_MS;
		memory_file_save(pipeline_detector(l->pipeline), l->state);
		exec_watch_save(l->execs);
	}
}

/* --- what the sensor says --- */

/* Who logs to us may have a wrong clock, or lie: what is from the future is from now, or it would take
 * our time with it. */
static struct wall_time mended(struct wall_time said, struct wall_time now)
{
	return said.us > now.us + AHEAD_MOST_US ? now : said;
}

static void take_events(void *context, struct event *events, size_t count)
{
	struct watch_loop *l = context;
	struct wall_time now = clock_now();
	for (size_t i = 0; i < count; i++)
		events[i].time = mended(events[i].time, now);
	pipeline_feed(l->pipeline, events, count);
	if (count > 0)
		l->status->last_event = events[count - 1].time;
}

static enum summary_redirects redirects_of(const struct sensor_link *s, enum door_family family)
{
	switch ((enum kernel_redirects)s->redirects[family]) {
	case KERNEL_REDIRECTS_IGNORED:
		return SUMMARY_REDIRECTS_IGNORED;
	case KERNEL_REDIRECTS_TAKEN:
		return SUMMARY_REDIRECTS_TAKEN;
	case KERNEL_REDIRECTS_UNKNOWN:
		break;
	}
	return SUMMARY_REDIRECTS_UNKNOWN;
}

static void take_doors(void *context)
{
	struct watch_loop *l = context;
	const struct sensor_link *s = l->sensor;
	struct detector *d = pipeline_detector(l->pipeline);
	struct prefix_set home = {.count = 0};
	if (l->home != NULL)
		home = *l->home;
	for (unsigned i = 0; i < s->own.count; i++)
		(void)prefix_set_add(&home, &s->own.items[i]);
	detector_set_home(d, &home);
	detector_set_listening(d, &s->offered, s->own_cut ? NULL : &s->own);
	story_book_set_redirects(pipeline_stories(l->pipeline), redirects_of(s, DOOR_FAMILY_V4),
		redirects_of(s, DOOR_FAMILY_V6));
}

static void take_handshakes(void *context, struct wall_time now, uint32_t count)
{
	struct watch_loop *l = context;
	detector_note_handshakes(pipeline_detector(l->pipeline), mended(now, clock_now()), count);
}

/* What is still to come is older than now, and moves time itself. */
static void take_tick(void *context, struct wall_time now, bool behind)
{
	struct watch_loop *l = context;
	if (!behind)
		pipeline_advance(l->pipeline, mended(now, clock_now()));
}

static void take_exec(void *context, const struct exec_event *event)
{
	exec_watch_take(((struct watch_loop *)context)->execs, event);
}

static void take_access(void *context, const struct access_event *decision)
{
	struct watch_loop *l = context;
	access_watch_take(l->decisions, decision, clock_now());
	l->status->last_event = decision->time;
}

static void hear(struct watch_loop *l)
{
	const struct sensor_link_hearer hearer = {
		take_events, take_doors, take_handshakes, take_tick, take_exec, take_access, l};
	(void)sensor_link_hear(l->sensor, FRAMES, &hearer);
	l->pause(l->context, clock_now_monotonic_ms(), false);
	fflush(stdout);
}

/* --- turns --- */

/* Often only while it matters: a reading sums counters of every processor. */
static void ask_for_handshakes(struct watch_loop *l, int64_t now_ms)
{
	if (now_ms < l->next_ask_ms ||
		!detector_asks_for_handshakes(pipeline_detector(l->pipeline)))
		return;
	l->next_ask_ms = now_ms + ASK_MS;
	sensor_link_ask_for_handshakes(l->sensor);
}

/* Marks the end: the sensor says what it has, and it is heard out. */
static void end(struct watch_loop *l, int64_t now_ms)
{
	if (l->last_ms != 0)
		return;
	service_notify_stopping(&l->notify);
	l->last_ms = now_ms + (l->patience_ms > 0 ? l->patience_ms : LAST_MS);
	sensor_link_stop(l->sensor);
}

static bool turn(struct watch_loop *l)
{
	struct pollfd fds[] = {{.fd = sensor_link_fd(l->sensor), .events = POLLIN},
		{.fd = l->signals, .events = POLLIN}};
	poll(fds, 2, WAIT_MS);
	int64_t now_ms = clock_now_monotonic_ms();
	if (take_signals(l))
		end(l, now_ms);
	service_notify_alive(&l->notify, now_ms);
	hear(l);
	ask_for_handshakes(l, now_ms);
	if (now_ms >= l->next_second_ms) {
		l->next_second_ms = now_ms + 1000;
		every_second(l, now_ms);
	}
	return !l->sensor->ended && (l->last_ms == 0 || now_ms < l->last_ms);
}

/* From now on the sensor may read what it can read on. */
static void resume(struct watch_loop *l)
{
	char position[EAR_POSITION_MAX] = "";
	if (l->state != NULL)
		position_file_load(&l->position, l->state, position);
	sensor_link_resume(l->sensor, position);
}

void watch_loop_run(struct watch_loop *l)
{
	int64_t now_ms = clock_now_monotonic_ms();
	l->next_summary_ms = now_ms + FIRST_SUMMARY_MS;
	l->next_save_ms = now_ms + SAVE_MS;
	if (l->sensor->knows_doors)
		take_doors(l);
	resume(l);
	service_notify_ready(&l->notify, l->sensor->listening);
	tally_start_hour(detector_tally(pipeline_detector(l->pipeline)), clock_now());
	while (turn(l))
		continue;
	l->pause(l->context, 0, true);
	pipeline_finish(l->pipeline);
	say_whose(l);
	exec_watch_end(l->execs, clock_now());
	keep_stats(l);
	store_sink_flush(l->sink, l->pipeline, clock_now(), true);
	save_position(l);
	if (l->state != NULL)
		memory_file_save(pipeline_detector(l->pipeline), l->state);
	tell_status(l, true);
}
