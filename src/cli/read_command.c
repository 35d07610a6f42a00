/* SPDX-License-Identifier: ISC */
#include "cli/read_command.h"

#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "base/text_buffer.h"
#include "cli/knock_json.h"
#include "cli/log_year.h"
#include "cli/option_number.h"
#include "cli/read_progress.h"
#include "cli/read_record.h"
#include "cli/run_settings.h"
#include "daemon/stats_json.h"
#include "cli/story_list.h"
#include "engine/home_guess.h"
#include "engine/replay_seed.h"
#include "engine/pipeline.h"
#include "event/json_line.h"
#include "input/time_merge.h"
#include "report/page.h"

#include <errno.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

enum {
	BATCH = 1024,
	STORIES_SHOWN = 40, /* in full without --all */
};

#define INPUTS_PACKED (UINT64_C(12) << 20) /* what xz and zstd usually ask for, and a bit */

enum option {
	OPTION_HOME,
	OPTION_YEAR,
	OPTION_JSON,
	OPTION_KNOCKS,
	OPTION_ALL,
	OPTION_UTC,
	OPTION_CONFIG,
	OPTION_MEMORY,
	OPTION_RECORD,
	OPTION_STATE,
	OPTION_QUIET,
	OPTION_HELP,
};

static const struct option_row options[] = {
	[OPTION_HOME] = {"home", 0, "PREFIX", "our addresses (repeatable); else learned and said"},
	[OPTION_YEAR] = {"year", 0, "YEAR", "of log lines without one; else from the file's date"},
	[OPTION_JSON] = {"json", 'j', NULL, "incidents as JSON lines, as they unfold"},
	[OPTION_KNOCKS] = {"knocks", 0, NULL, "with --json: every new door of a source, too"},
	[OPTION_ALL] = {"all", 'a', NULL, "tell every story in full, not only the first 40"},
	[OPTION_UTC] = {"utc", 0, NULL, "times in UTC instead of the local zone"},
	[OPTION_CONFIG] = {"config", 'c', "FILE", "instead of " RUN_SETTINGS_FILE},
	[OPTION_MEMORY] = {"memory", 0, "SIZE",
		"resident memory in all, at least 24M (default 76M)"},
	[OPTION_RECORD] = {"record", 0, NULL, "keep what is told, as a watch would"},
	[OPTION_STATE] = {"state", 0, "DIR", "where --record keeps it (default: as configured)"},
	[OPTION_QUIET] = {"quiet", 'q', NULL, "no notes and no progress on standard error"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct request {
	struct prefix_set home;
	int year;
	bool json, knocks, all, utc, quiet, record;
	const char *config, *state;
	uint64_t memory;
};

struct reading {
	struct request request;
	struct run_settings settings;
	struct name_table *names;
	struct input_budget budget;
	struct event_source **sources; /* that are open and not merged yet */
	unsigned sources_count;
	struct time_merge *merge;
	struct pipeline *pipeline;
	struct story_list *stories;
	struct json_line line; /* used again for every telling */
	struct knock_json knocks;
	struct read_record record;
	char host[64];
	unsigned refused; /* files that could not be read at all */
	bool denied;      /* one of them for want of rights */
};

static bool set_year(struct request *r, const char *value)
{
	uint64_t year;
	if (!option_number_parse("year", value, 1970, 9999, &year))
		return false;
	r->year = (int)year;
	return true;
}

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	switch ((enum option)index) {
	case OPTION_HOME:
		return run_settings_add_prefix(&r->home, "home", value);
	case OPTION_YEAR:
		return set_year(r, value);
	case OPTION_MEMORY:
		return run_settings_parse_memory(value, &r->memory);
	case OPTION_JSON:
		r->json = true;
		return true;
	case OPTION_KNOCKS:
		r->knocks = true;
		return true;
	case OPTION_ALL:
		r->all = true;
		return true;
	case OPTION_UTC:
		r->utc = true;
		return true;
	case OPTION_RECORD:
		r->record = true;
		return true;
	case OPTION_STATE:
		r->state = value;
		return true;
	case OPTION_QUIET:
		r->quiet = true;
		return true;
	case OPTION_CONFIG:
		r->config = value;
		return true;
	case OPTION_HELP:
		return true;
	}
	return false;
}

/* Seconds east of UTC, here and now: what stamps without a zone mean. */
static int local_offset_s(void)
{
	time_t now = time(NULL);
	struct tm tm;
	localtime_r(&now, &tm);
	return (int)tm.tm_gmtoff;
}

static void open_inputs(struct reading *r, char **paths, int count)
{
	for (int i = 0; i < count; i++) {
		char error[512];
		bool piped = strcmp(paths[i], "-") == 0;
		struct event_source_options o = {.names = r->names,
			.budget = &r->budget,
			.year = r->request.year == 0 ? log_year_of(paths[i]) : r->request.year,
			.utc_offset_s = local_offset_s()};
		struct event_source *s = event_source_open(paths[i], &o, error, sizeof error);
		if (s == NULL) {
			diag_error("%s", error);
			r->refused++;
			r->denied |= !piped && access(paths[i], R_OK) != 0 && errno == EACCES;
		} else {
			r->sources[r->sources_count++] = s;
			if (r->request.record)
				read_record_note_file(&r->record, paths[i]);
		}
	}
}

/* Hands over the files to be read: all, but those that are recorded already. */
static void merge_inputs(struct reading *r)
{
	for (unsigned i = 0; i < r->sources_count; i++) {
		if (r->request.record && read_record_knows(&r->record, i)) {
			event_source_close(r->sources[i]);
			r->refused++;
		} else {
			time_merge_add(r->merge, r->sources[i]);
		}
	}
	r->sources_count = 0;
}

/* Everything that needs rights is open: from now on we are the owner of what is kept. */
static enum stop_code begin_record(struct reading *r)
{
	if (!r->request.record || r->sources_count == 0)
		return STOP_DONE;
	return read_record_begin(&r->record,
		r->request.state ? r->request.state : r->settings.settings.state, r->host, r->names,
		&r->settings.journal);
}

static void on_incident(void *context, const struct incident *in)
{
	struct reading *r = context;
	const char *logged_by = name_table_name(r->names, in->host);
	struct incident_json_names names = {
		logged_by[0] ? logged_by : r->host, name_table_name(r->names, in->iface)};
	if (r->request.record)
		store_sink_take_incident(&r->record.sink, in, &names);
	if (!r->request.json) {
		story_list_add(r->stories, in, &names);
		return;
	}
	incident_json_write(&r->line, in, &names);
	json_line_print(&r->line, stdout);
}

static void say_home(const struct home_guess *g)
{
	if (g->needless)
		return;
	if (g->from_marks) {
		diag_note("which side is ours: as the log says with IN= and OUT=");
	} else if (g->home.count == 0) {
		diag_note("cannot tell which side is ours: no block of addresses has an end of "
			  "nearly every packet; "
			  "name it with --home PREFIX");
	} else {
		diag_note("ours is taken to be %s (one end of %u %% of the packets); if not, say "
			  "--home PREFIX",
			prefix_to_text(&g->home.items[0]).text, g->percent);
	}
}

static void learn_home(struct reading *r, const struct event *events, size_t count)
{
	struct home_guess g = home_guess_make(events, count);
	detector_set_home(pipeline_detector(r->pipeline), &g.home);
	say_home(&g);
}

/* The first events, before anything is made of them. */
static size_t read_first(struct reading *r, struct event *events)
{
	size_t count = 0, n;
	while (count < HOME_GUESS_EVENTS &&
		(n = time_merge_read(r->merge, events + count, HOME_GUESS_EVENTS - count)) > 0)
		count += n;
	return count;
}

static void feed(struct reading *r, const struct event *events, size_t count)
{
	if (r->request.record)
		read_record_feed(&r->record, events, count);
	else
		pipeline_feed(r->pipeline, events, count);
}

/* They tell which side is ours, if --home does not, and which doors of ours are offered; then they go in
 * like all others. */
static void feed_first(struct reading *r, const struct event *events, size_t count, bool home_known)
{
	if (count == 0)
		return;
	if (!home_known)
		learn_home(r, events, count);
	detector_foresee(pipeline_detector(r->pipeline), events, count);
	feed(r, events, count);
}

/* The files that are open have what they need; from now on they must not take more. A packed one may
 * begin with less than it asks for later. */
static void settle_inputs(struct input_budget *b)
{
	uint64_t wanted = b->used;
	if (b->unpacks && wanted < INPUTS_PACKED)
		wanted = INPUTS_PACKED;
	if (wanted < b->most)
		b->most = wanted;
}

/* What files leave of the part set aside for them is for the stories, beside their share. */
static size_t stories_bytes(const struct reading *r, const struct memory_plan *plan)
{
	const struct input_budget *b = &r->budget;
	uint64_t aside = MEMORY_PLAN_FILES - (r->request.record ? READ_RECORD_BYTES : 0);
	uint64_t spare = b->most < aside ? aside - b->most : 0;
	return (size_t)(plan->shares[MEMORY_SHARE_TELLINGS] + spare);
}

static void on_knock(void *context, const struct event *e)
{
	struct reading *r = context;
	if (r->request.record && (e->has & EVENT_HAS_ACCESS)) {
		struct access_event whole;
		access_event_from_event(e, r->names, &whole);
		store_sink_take_access(&r->record.sink, &whole);
	} else if (r->request.record) {
		store_sink_take_knock(&r->record.sink, e);
	}
	if (r->request.knocks)
		knock_json_print(&r->knocks, e);
}

static void create_pipeline(struct reading *r)
{
	struct pipeline_options o = {0};
	struct event *first = memory_calloc(HOME_GUESS_EVENTS, sizeof *first);
	size_t count = read_first(r, first);
	settle_inputs(&r->budget);
	uint64_t taken = r->budget.most + (r->request.record ? READ_RECORD_BYTES : 0);
	run_settings_fill(
		&r->settings, taken > MEMORY_PLAN_FILES ? taken - MEMORY_PLAN_FILES : 0, &o);
	if (r->request.home.count > 0)
		o.detector.home = r->request.home;
	o.detector.hash_seed = replay_seed_make(first, count);
	r->stories = story_list_create(stories_bytes(r, &o.detector.memory));
	if (r->request.knocks) {
		r->knocks = (struct knock_json){.names = r->names, .host = r->host};
	}
	if (r->request.knocks || r->request.record) {
		o.detector.on_knock = on_knock;
		o.detector.knock_context = r;
	}
	o.stories.on_incident = on_incident;
	o.stories.context = r;
	o.stories.names = r->names;
	r->pipeline = pipeline_create(&o);
	if (r->request.record)
		read_record_start(&r->record, r->pipeline);
	feed_first(r, first, count, o.detector.home.count > 0);
	free(first);
}

/* A day of scans is some tens of megabytes of lines; stdio would write them four kilobytes at a time. */
static void widen_output(void)
{
	static char buffer[1 << 16];
	if (!isatty(STDOUT_FILENO))
		setvbuf(stdout, buffer, _IOFBF, sizeof buffer);
}

static void run(struct reading *r)
{
	struct event *events = memory_calloc(BATCH, sizeof *events);
	struct read_progress progress;
	read_progress_start(&progress, !r->request.quiet);
	for (size_t n, i = 0; (n = time_merge_read(r->merge, events, BATCH)) > 0; i++) {
		feed(r, events, n);
		if (i % 64 == 0)
			read_progress_show(&progress, r->merge);
	}
	read_progress_end(&progress);
	pipeline_finish(r->pipeline);
	free(events);
}

/* Says what was left out; true if something was. */
static bool report_inputs(
	const struct reading *r, uint64_t *records, uint64_t *events, uint64_t *broken)
{
	bool skipped = r->refused > 0;
	for (unsigned i = 0; i < time_merge_count(r->merge); i++) {
		const struct event_source *s = time_merge_source(r->merge, i);
		const struct event_source_report *report = event_source_report(s);
		*records += report->records;
		*events += report->events;
		*broken += report->broken;
		skipped |= report->broken > 0 || report->ended_early;
		if (report->misdated > 0)
			diag_warn("%s: %s dated far ahead of all others; taken at the time of "
				  "those before",
				event_source_name(s),
				number_text_with(report->misdated, "record").text);
		for (unsigned j = 0; j < report->faults_kept; j++)
			diag_warn("%s", report->faults[j]);
		if (report->broken > report->faults_kept)
			diag_warn("%s: %s more could not be read", event_source_name(s),
				number_text_of(report->broken - report->faults_kept).text);
	}
	return skipped;
}

/* How much was read, and what it came to. */
static void say_extent(char *line, size_t size, const struct detector_stats *d, uint64_t records,
	uint64_t events, unsigned loud)
{
	struct text_buffer b = text_buffer_over(line, size);
	uint64_t decisions = d->refused + d->granted;
	text_buffer_printf(&b, "%s read, ", number_text_with(records, "record").text);
	if (events > decisions || decisions == 0)
		text_buffer_printf(
			&b, "%s of them packets, ", number_text_of(events - decisions).text);
	if (decisions > 0)
		text_buffer_printf(&b, "%s of TCP wrappers, ",
			number_text_with(decisions, "decision").text);
	text_buffer_printf(&b, "%s; %s to tell.",
		number_text_with(d->probes + d->refused, "knock").text,
		loud ? number_text_of(loud).text : "nothing");
}

static void print_people(struct reading *r, uint64_t records, uint64_t events)
{
	struct page page = {.out = stdout,
		.terminal = terminal_of(stdout),
		.now = {0},
		.zone = r->request.utc ? TIME_TEXT_UTC : TIME_TEXT_LOCAL};
	page.now = wall_time_from_parts((int64_t)time(NULL), 0);
	struct detector_stats d = detector_stats(pipeline_detector(r->pipeline));
	story_list_print(r->stories, &page, r->request.all ? 0 : STORIES_SHOWN);
	unsigned loud = story_list_count(r->stories);
	char line[256];
	if (records > 0 && events == 0) /* perhaps the wrong file */
		snprintf(line, sizeof line,
			"%s read, none of them a packet of IP or a line of a firewall or wrapper that we know; "
			"nothing to tell.",
			number_text_with(records, "record").text);
	else
		say_extent(line, sizeof line, &d, records, events, loud);
	page_put_wrapped(&page, PAGE_FAINT, 0, 0, line);
}

static enum stop_code finish(struct reading *r)
{
	uint64_t records = 0, events = 0, broken = 0;
	bool skipped = report_inputs(r, &records, &events, &broken);
	if (r->request.json)
		stats_json_print(r->pipeline,
			&(struct stats_json_extra){.host = r->host, .skipped_lines = broken},
			stdout);
	else
		print_people(r, records, events);
	if (r->request.record && read_record_finish(&r->record) != STOP_DONE)
		return STOP_INTERNAL;
	return skipped ? STOP_SKIPPED : STOP_DONE;
}

static enum stop_code read_all(struct reading *r, char **paths, int count)
{
	r->names = name_table_create();
	r->merge = time_merge_create();
	gethostname(r->host, sizeof r->host - 1);
	if (r->request.memory > 0)
		r->settings.settings.memory_bytes = r->request.memory;
	r->budget.most =
		MEMORY_PLAN_FILES + memory_plan_inputs_most(r->settings.settings.memory_bytes);
	if (r->request.record)
		r->budget.most -= READ_RECORD_BYTES;
	r->sources = memory_calloc((size_t)count, sizeof(struct event_source *));
	open_inputs(r, paths, count);
	enum stop_code code = r->denied ? STOP_NOT_PERMITTED : STOP_USAGE;
	bool opened = r->sources_count > 0;
	enum stop_code begun = begin_record(r);
	if (begun == STOP_DONE)
		merge_inputs(r);
	if (begun != STOP_DONE) {
		code = begun;
	} else if (time_merge_count(r->merge) > 0) {
		create_pipeline(r);
		run(r);
		code = finish(r);
	} else if (opened) {
		code = STOP_SKIPPED;
	}
	for (unsigned i = 0; i < r->sources_count; i++)
		event_source_close(r->sources[i]);
	free(r->sources);
	read_record_clear(&r->record);
	pipeline_destroy(r->pipeline);
	story_list_destroy(r->stories);
	json_line_clear(&r->line);
	json_line_clear(&r->knocks.line);
	time_merge_destroy(r->merge);
	name_table_destroy(r->names);
	return code;
}

static enum stop_code run_read(const struct command *self, int argc, char **argv)
{
	struct reading r;
	int first;
	memset(&r, 0, sizeof r);
	if (!option_row_parse(self->options, argc, argv, set_option, &r.request, &first))
		return STOP_USAGE;
	if (first == argc) {
		diag_error("read: no file was named; try 'knockwatch read /var/log/kern.log', or "
			   "'-' for standard input");
		return STOP_USAGE;
	}
	if (r.request.knocks && !r.request.json) {
		diag_error("read: --knocks is for --json only; say both");
		return STOP_USAGE;
	}
	if (r.request.state != NULL && !r.request.record) {
		diag_error("read: --state is for --record only; say both");
		return STOP_USAGE;
	}
	diag_set_quiet(r.request.quiet);
	widen_output();
	enum stop_code code = run_settings_load(&r.settings, r.request.config);
	if (code == STOP_DONE)
		code = read_all(&r, argv + first, argc - first);
	run_settings_clear(&r.settings);
	return code;
}

const struct command read_command = {
	.name = "read",
	.operands = "FILE...",
	.summary = "tell the stories in capture files and firewall logs",
	.text = "Reads captures (pcap, pcapng) and firewall logs (netfilter, nftables, ufw,\n"
		"firewalld, ipchains, Cisco; syslog, journalctl, dmesg), also packed with gzip,\n"
		"xz or zstd, any number of them, merged by time; '-' is standard input. Tells\n"
		"who scanned, flooded or attacked, and explains what is harmless.\n"
		"\n"
		"  knockwatch read capture.pcap\n"
		"  knockwatch read --home 203.0.113.0/24 kern.log.1.gz kern.log\n"
		"  journalctl -k -o json | knockwatch read --json -",
	.options = options,
	.run = run_read,
};
