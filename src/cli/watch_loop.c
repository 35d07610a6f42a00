/* SPDX-License-Identifier: ISC */
#include "cli/watch_loop.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "cli/memory_file.h"

#include <signal.h>
#include <stdlib.h>
#include <sys/signalfd.h>
#include <time.h>
#include <unistd.h>

enum {
	WAIT_MS = 200, /* a log on a file system without inotify is looked at this often */
	FIRST_SUMMARY_MS = 30000,
	SECOND_SUMMARY_MS = 300000,
	SUMMARY_MS = 3600000,
	SAVE_MS = 600000,
	STATUS_MS = 2000,
	HANDSHAKES_MS = 200, /* below a tick of offer_watch */
	READINGS = 16,       /* in one turn: signals and the clock wait no longer, whatever comes */
	FOREIGN_LEAST = 20,  /* packets; fewer may be the first of a busy day */
};

int64_t watch_loop_now_ms(void)
{
	struct timespec t;
	clock_gettime(CLOCK_MONOTONIC, &t);
	return (int64_t)t.tv_sec * 1000 + t.tv_nsec / 1000000;
}

static struct wall_time wall_now(void)
{
	struct timespec t;
	clock_gettime(CLOCK_REALTIME, &t);
	return wall_time_from_parts(t.tv_sec, t.tv_nsec / 1000);
}

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

/* True if it is time to end. */
static bool take_signals(struct watch_loop *l)
{
	struct signalfd_siginfo info;
	bool end = false;
	while (read(l->signals, &info, sizeof info) == (ssize_t)sizeof info) {
		if (info.ssi_signo == SIGHUP)
			l->reload(l->context);
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
	uint64_t knocks = d.probes - l->told.probes, sources = d.sources_new - l->told.sources_new;
	uint64_t loud = b.opened_at_level[1] + b.opened_at_level[2] + b.opened_at_level[3] +
			b.opened_at_level[4] + b.opened_at_level[5];
	if (knocks == 0)
		diag_note("quiet: nobody knocked on a closed door since the last word");
	else
		diag_note("%s by %s since the last word; %s so far",
			number_text_with(knocks, "knock").text,
			number_text_with(sources, "new source").text,
			loud ? number_text_with(loud, "incident").text : "nothing to worry about");
	if (l->ears->lost > 0)
		diag_warn("the kernel dropped %s before they could be read",
			number_text_with(l->ears->lost, "packet").text);
	l->told = d;
	say_whose(l);
}

static void tell_doors(struct watch_loop *l)
{
	const struct listening_set *set = &l->ears->listening;
	detector_set_listening(pipeline_detector(l->pipeline), &set->offered,
		set->own.cut ? NULL : &set->own.hosts);
}

static void tell_status(struct watch_loop *l, bool ended)
{
	struct stats_json_extra extra = {.host = l->host,
		.lost_kernel = l->ears->lost,
		.skipped_lines = watch_ears_broken_lines(l->ears)};
	watch_status_write(l->status, l->pipeline, &extra, ended);
}

static void every_second(struct watch_loop *l, int64_t now_ms)
{
	struct wall_time now = wall_now();
	/* What is still to be read is older than now, and moves time itself. */
	if (!watch_ears_is_behind(l->ears))
		pipeline_advance(l->pipeline, now);
	store_sink_flush(l->sink, l->pipeline, now, false);
	if (now_ms >= l->next_summary_ms) {
		say_summary(l);
		l->next_summary_ms =
			now_ms + (l->summaries++ == 0 ? SECOND_SUMMARY_MS : SUMMARY_MS);
	}
	if (now_ms >= l->status->next_ms) {
		l->status->next_ms = now_ms + STATUS_MS;
		tell_status(l, false);
	}
	if (l->state != NULL && now_ms >= l->next_save_ms) {
		l->next_save_ms = now_ms + SAVE_MS;
		memory_file_save(pipeline_detector(l->pipeline), l->state);
	}
}

/* The listening set first, then the packets: what judges them is then newer than they are. */
static void hear(struct watch_loop *l, bool last)
{
	unsigned readings = 0;
	do {
		size_t n = watch_ears_read(l->ears, l->events, WATCH_EARS_EVENTS, last);
		if (watch_ears_take_change(l->ears))
			tell_doors(l);
		pipeline_feed(l->pipeline, l->events, n);
		if (n > 0)
			l->status->last_event = l->events[n - 1].time;
	} while (l->ears->behind && ++readings < READINGS);
	l->pause(l->context, watch_loop_now_ms(), false);
	fflush(stdout);
}

/* Often only while it matters: a reading sums counters of every processor. */
static void count_handshakes(struct watch_loop *l, int64_t now_ms, bool second)
{
	struct detector *d = pipeline_detector(l->pipeline);
	uint32_t count;
	if (!second && (!detector_asks_for_handshakes(d) || now_ms < l->next_count_ms))
		return;
	l->next_count_ms = now_ms + HANDSHAKES_MS;
	if (watch_ears_handshakes(l->ears, &count))
		detector_note_handshakes(d, wall_now(), count);
}

static bool turn(struct watch_loop *l)
{
	struct pollfd fds[WATCH_EARS_TOTAL + 1];
	unsigned n = watch_ears_fds(l->ears, fds, WATCH_EARS_TOTAL);
	fds[n] = (struct pollfd){.fd = l->signals, .events = POLLIN};
	poll(fds, n + 1, watch_ears_wait_ms(l->ears, WAIT_MS));
	bool end = take_signals(l);
	int64_t now_ms = watch_loop_now_ms();
	end |= l->end_ms != 0 && now_ms >= l->end_ms;
	bool second = now_ms >= l->next_second_ms;
	if (second)
		watch_ears_look_around(l->ears);
	hear(l, end);
	count_handshakes(l, now_ms, second);
	if (second) {
		l->next_second_ms = now_ms + 1000;
		every_second(l, now_ms);
	}
	return !end;
}

void watch_loop_run(struct watch_loop *l)
{
	int64_t now_ms = watch_loop_now_ms();
	l->events = memory_calloc(WATCH_EARS_EVENTS, sizeof *l->events);
	l->next_summary_ms = now_ms + FIRST_SUMMARY_MS;
	l->next_save_ms = now_ms + SAVE_MS;
	if (l->end_ms != 0)
		l->end_ms += now_ms;
	if (l->ears->captures_count > 0)
		tell_doors(l);
	tally_start_hour(detector_tally(pipeline_detector(l->pipeline)), wall_now());
	while (turn(l))
		continue;
	l->pause(l->context, 0, true);
	pipeline_finish(l->pipeline);
	say_whose(l);
	store_sink_flush(l->sink, l->pipeline, wall_now(), true);
	if (l->state != NULL)
		memory_file_save(pipeline_detector(l->pipeline), l->state);
	tell_status(l, true);
	free(l->events);
}
