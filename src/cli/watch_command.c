/* SPDX-License-Identifier: ISC */
#include "cli/watch_command.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/journal_notice.h"
#include "cli/knock_json.h"
#include "cli/pending_keys.h"
#include "daemon/memory_file.h"
#include "daemon/message_id.h"
#include "cli/run_settings.h"
#include "daemon/stats_json.h"
#include "cli/story_pause.h"
#include "daemon/watch_loop.h"
#include "cli/watch_request.h"
#include "daemon/watch_status.h"
#include "priv/drop_privileges.h"
#include "priv/sandbox.h"
#include "priv/state_directory.h"
#include "priv/state_lock.h"

#include <errno.h>
#include <libgen.h>
#include <limits.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <time.h>
#include <unistd.h>

struct watch {
	struct watch_request request;
	struct run_settings settings; /* as they were at the start; what was opened hangs on them */
	struct run_settings reloaded; /* in force since the last SIGHUP, if there was one */
	bool has_reloaded;
	struct name_table *names;
	struct sensor_link sensor;
	int listener; /* where the sensor comes to; -1 = it is ours to start */
	struct service_notify notify;
	struct store_sink sink;
	struct pipeline *pipeline;
	struct page page;
	struct story_pause pause;
	struct watch_status status;
	struct knock_json knock_json;
	struct journal_notice notice;
	struct exec_watch execs;
	struct access_watch decisions;
	char host[64];
	char configuration[PATH_MAX]; /* its directory, which stays readable */
};

static void on_incident(void *context, const struct incident *in)
{
	struct watch *w = context;
	const char *logged_by = name_table_name(w->names, in->host);
	struct incident_json_names names = {
		logged_by[0] ? logged_by : w->host, name_table_name(w->names, in->iface)};
	if (w->sink.journal != NULL)
		store_sink_take_incident(&w->sink, in, &names);
	journal_notice_take(&w->notice, in);
	if (w->request.json) {
		struct json_line line;
		json_line_init(&line);
		incident_json_write(&line, in, &names);
		json_line_print(&line, stdout);
		json_line_clear(&line);
		return;
	}
	if (in->state == INCIDENT_CLOSE || (in->level == 0 && !w->request.all))
		return;
	story_pause_add(&w->pause, in, &names, clock_now_monotonic_ms());
}

static void on_knock(void *context, const struct event *e)
{
	struct watch *w = context;
	if (e->has & EVENT_HAS_ACCESS) /* the whole of it was kept and told before (access_watch) */
		return;
	if (w->sink.journal != NULL)
		store_sink_take_knock(&w->sink, e);
	if (w->request.knocks)
		knock_json_print(&w->knock_json, e);
}

static void print_paused(void *context, int64_t now_ms, bool last)
{
	struct watch *w = context;
	story_pause_print(&w->pause, now_ms, last);
}

static void keep_nothing(struct watch *w, const char *why)
{
	diag_warn("%s; nothing is kept (say --state DIR)", why);
	w->request.state = NULL;
}

/* Makes the state directory ours alone while we may; without one the watch goes on and says so. The
 * lock comes first: a directory that somebody writes to must not change hands. */
static enum stop_code prepare_state(struct watch *w, const struct drop_identity *id)
{
	char error[512];
	if (w->request.no_store) {
		w->request.state = NULL;
		return STOP_DONE;
	}
	switch (state_lock_take(w->request.state, &w->status.lock, error, sizeof error)) {
	case STATE_LOCK_HELD:
		watch_status_say_held(w->request.state);
		return STOP_NOT_PERMITTED;
	case STATE_LOCK_FAILED:
		keep_nothing(w, error);
		return STOP_DONE;
	case STATE_LOCK_TAKEN:
		break;
	}
	if (!state_directory_prepare(w->request.state, id->uid, id->gid, error, sizeof error)) {
		close(w->status.lock);
		w->status.lock = -1;
		keep_nothing(w, error);
		return STOP_DONE;
	}
	w->status.listening = w->sensor.listening;
	w->status.memory_bytes = w->settings.settings.memory_bytes;
	watch_status_begin(&w->status, w->host);
	return STOP_DONE;
}

static bool give_up_rights(struct watch *w, const struct drop_identity *id)
{
	char error[512], dropped[512], fenced[512];
	struct text_buffer d = text_buffer_over(dropped, sizeof dropped);
	struct text_buffer f = text_buffer_over(fenced, sizeof fenced);
	const char *paths[1];
	snprintf(w->configuration, PATH_MAX, "%s",
		w->request.config ? w->request.config : RUN_SETTINGS_FILE);
	paths[0] = dirname(w->configuration);
	struct sandbox_options o = {.role = SYSCALL_ROLE_ENGINE,
		.state_directory = w->request.state,
		.read_paths = paths,
		.read_path_count = 1};
	if (!drop_privileges_now(id, NULL, 0, &d, error, sizeof error) ||
		!sandbox_enter(&o, &f, error, sizeof error)) {
		diag_error("%s", error);
		return false;
	}
	diag_note("%s", dropped);
	diag_note("the engine %s", fenced);
	return true;
}

static void open_store(struct watch *w, size_t bytes)
{
	if (w->request.state != NULL)
		store_sink_open(
			&w->sink, w->request.state, w->host, w->names, &w->settings.journal, bytes);
}

static void create_pipeline(struct watch *w)
{
	struct pipeline_options o = {0};
	uint64_t rings = watch_request_ring_bytes(&w->request);
	run_settings_fill(
		&w->settings, rings > MEMORY_PLAN_RING ? rings - MEMORY_PLAN_RING : 0, &o);
	o.detector.home = w->request.home;
	w->knock_json = (struct knock_json){.names = w->names, .host = w->host};
	open_store(w, (size_t)o.detector.memory.shares[MEMORY_SHARE_TELLINGS]);
	o.detector.on_knock = w->request.state || w->request.knocks ? on_knock : NULL;
	o.detector.knock_context = w;
	o.stories.on_incident = on_incident;
	o.stories.context = w;
	o.stories.names = w->names;
	w->pipeline = pipeline_create(&o);
	if (w->request.state != NULL)
		memory_file_load(pipeline_detector(w->pipeline), w->request.state);
	w->decisions = (struct access_watch){.pipeline = w->pipeline,
		.sink = &w->sink,
		.names = w->names,
		.host = w->host,
		.out = w->request.knocks ? stdout : NULL};
	exec_watch_open(&w->execs, &(struct exec_watch_options){.state = w->request.state,
					   .host = w->host,
					   .sink = &w->sink,
					   .out = w->request.execs ? stdout : NULL});
}

/* The old settings stay where the new ones are broken. */
static void reload(void *context)
{
	struct watch *w = context;
	struct run_settings fresh, before = w->reloaded;
	struct pipeline_options o = {0};
	if (run_settings_load(&fresh, w->request.config) != STOP_DONE) {
		diag_warn("configuration not changed: the old one stays in force");
		run_settings_clear(&fresh);
		return;
	}
	w->reloaded = fresh;
	run_settings_fill(&w->reloaded, 0, &o);
	pipeline_reconfigure(w->pipeline, &o);
	sensor_link_set_dark(&w->sensor, &w->reloaded.settings.dark);
	store_sink_set(&w->sink, &w->reloaded.journal);
	if (w->has_reloaded)
		run_settings_clear(&before);
	w->has_reloaded = true;
	pending_keys_say(&w->request, &w->settings, &w->reloaded);
	diag_note("configuration read again: levels, addresses, signatures and times are as it "
		  "says now");
}

static void say_farewell(struct watch *w)
{
	struct detector_stats d = detector_stats(pipeline_detector(w->pipeline));
	struct story_book_stats b = story_book_stats(pipeline_stories(w->pipeline));
	if (w->request.json) {
		struct stats_json_extra extra = {.host = w->host,
			.lost_kernel = w->sensor.lost,
			.lost_wrappers = w->sensor.decisions_missed + w->sensor.decisions_held,
			.skipped_lines = w->sensor.broken};
		stats_json_print(w->pipeline, &extra, stdout);
	}
	diag_note_as(MESSAGE_ID_WATCH_ENDED, "ended: %s, %s by %s, %s; %s lost",
		number_text_with(d.events, "packet").text, number_text_with(d.probes, "knock").text,
		number_text_with(d.sources_new, "source").text,
		number_text_with(b.opened - b.opened_at_level[0], "incident").text,
		number_text_of(w->sensor.lost).text);
}

static void run_loop(struct watch *w, int signals)
{
	struct watch_loop loop = {.pipeline = w->pipeline,
		.sensor = &w->sensor,
		.home = &w->request.home,
		.notify = w->notify,
		.sink = &w->sink,
		.execs = &w->execs,
		.decisions = &w->decisions,
		.state = w->request.state,
		.status = &w->status,
		.host = w->host,
		.signals = signals,
		.pause = print_paused,
		.reload = reload,
		.context = w};
	journal_notice_begin(w->sensor.listening);
	watch_loop_run(&loop);
	say_farewell(w);
}

static enum stop_code open_sensor(struct watch *w, int argc, char **argv)
{
	/* Before the pipeline there is nobody to tell: what is offered stays in the link. */
	static const struct sensor_link_hearer nobody = {0};
	if (w->listener >= 0) {
		sensor_link_listen(&w->sensor, w->listener);
		diag_note("waiting for the sensor");
		return STOP_DONE;
	}
	return sensor_link_open(&w->sensor, argc, argv, &nobody);
}

static enum stop_code watch_all(struct watch *w, int argc, char **argv)
{
	char error[512];
	struct drop_identity id;
	int signals = watch_loop_signals();
	gethostname(w->host, sizeof w->host - 1);
	w->page = (struct page){.out = stdout,
		.terminal = terminal_of(stdout),
		.zone = w->request.utc ? TIME_TEXT_UTC : TIME_TEXT_LOCAL};
	w->pause.page = &w->page;
	if (signals < 0) {
		diag_error("signals cannot be read");
		return STOP_INTERNAL;
	}
	if (!drop_privileges_choose(w->request.user, &id, error, sizeof error)) {
		diag_error("%s", error);
		return w->request.user != NULL ? STOP_USAGE : STOP_INTERNAL;
	}
	enum stop_code code = open_sensor(w, argc, argv);
	if (code != STOP_DONE)
		return code;
	tzset();
	code = prepare_state(w, &id);
	if (code != STOP_DONE)
		return code;
	if (!give_up_rights(w, &id))
		return STOP_INTERNAL;
	create_pipeline(w);
	run_loop(w, signals);
	return w->sensor.failed ? STOP_INTERNAL : STOP_DONE;
}

static void clear(struct watch *w)
{
	access_watch_clear(&w->decisions);
	exec_watch_close(&w->execs);
	store_sink_close(&w->sink);
	if (w->status.lock >= 0)
		close(w->status.lock);
	sensor_link_close(&w->sensor);
	service_notify_close(&w->notify);
	pipeline_destroy(w->pipeline);
	json_line_clear(&w->knock_json.line);
	name_table_destroy(w->names);
	run_settings_clear(&w->settings);
	if (w->has_reloaded)
		run_settings_clear(&w->reloaded);
	free(w);
}

enum stop_code watch_command_run_engine(int argc, char **argv, int listener)
{
	struct watch *w = memory_calloc(1, sizeof *w);
	enum stop_code code = STOP_USAGE;
	w->status.lock = -1;
	w->names = name_table_create();
	sensor_link_init(&w->sensor, w->names);
	w->listener = listener;
	service_notify_open(&w->notify);
	if (watch_request_parse(&w->request, argc, argv)) {
		w->request.ears_elsewhere = listener >= 0;
		code = run_settings_load(&w->settings, w->request.config);
		if (code == STOP_DONE)
			code = watch_request_complete(&w->request, &w->settings)
				       ? watch_all(w, argc, argv)
				       : STOP_USAGE;
	}
	clear(w);
	return code;
}

static enum stop_code run_watch(const struct command *self, int argc, char **argv)
{
	(void)self;
	return watch_command_run_engine(argc, argv, -1);
}

const struct command watch_command = {
	.name = "watch",
	.operands = "",
	.summary = "see who is knocking on this host right now",
	.text = "Listens on all interfaces (or follows a firewall log), tells incidents as they\n"
		"unfold, and keeps them in the state directory. Needs no configuration. Opens\n"
		"what it needs as root, then becomes an ordinary user inside a sandbox. SIGHUP\n"
		"reads the configuration again, SIGUSR1 writes the source table to the state\n"
		"directory, SIGTERM ends it.\n"
		"\n"
		"  knockwatch watch\n"
		"  knockwatch watch --interface eth0 --json\n"
		"  knockwatch watch --log /var/log/kern.log --from-start",
	.options = watch_request_options,
	.run = run_watch,
};
