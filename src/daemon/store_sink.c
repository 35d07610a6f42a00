/* SPDX-License-Identifier: ISC */
#include "daemon/store_sink.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "daemon/message_id.h"
#include "event/event_json.h"
#include "knowledge/service_name.h"
#include "store/count_json.h"

#include <time.h>

enum {
	FOLLOW_MOST = 2000, /* records in one second: some 20 ms */
	UPKEEP_STEPS = 4,   /* in one second: some 2 ms */
};

#define RETRY_US (10 * CLOCK_US_PER_S)

static void say_journal(enum journal_writer_result result, const struct store_error *error)
{
	if (result == JOURNAL_WRITER_STUCK)
		diag_warn_as(MESSAGE_ID_NOT_KEPT, "%s", error->text);
	else if (result == JOURNAL_WRITER_RESUMED)
		diag_warn("%s", error->text);
}

static void open_index(struct store_sink *s, size_t bytes)
{
	struct store_error error;
	if (bytes > 0)
		store_limit_memory(s->store, bytes);
	s->index = journal_index_open(s->state, s->store, &error);
	if (s->index == NULL)
		diag_warn_as(MESSAGE_ID_NOT_KEPT,
			"%s; until then questions are answered as of before", error.text);
}

/* Why nothing is kept; once, for it may be tried again and again. */
static void keep_nothing(struct store_sink *s, const struct store_error *error)
{
	struct store_error ignored;
	if (!s->full)
		diag_warn_as(
			MESSAGE_ID_NOT_KEPT, "%s; incidents are told but not kept", error->text);
	s->full = error->trouble == STORE_TROUBLE_FULL;
	s->retry_us = clock_now_us(CLOCK_BOOTTIME) + RETRY_US;
	store_close(s->store, &ignored);
	s->store = NULL;
}

/* The index first: a later program's is a sign to touch nothing. */
static bool open_both(struct store_sink *s)
{
	struct store_error error;
	size_t for_index =
		s->bytes / 3 > STORE_QUEUE_BYTES_LEAST ? s->bytes / 3 : STORE_QUEUE_BYTES_LEAST;
	size_t for_journal = s->bytes > for_index + JOURNAL_WRITER_BYTES_LEAST
				     ? s->bytes - for_index
				     : JOURNAL_WRITER_BYTES_LEAST;
	s->store = store_open(s->state, false, &error);
	if (s->store == NULL &&
		(error.trouble == STORE_TROUBLE_NEWER || error.trouble == STORE_TROUBLE_FULL)) {
		keep_nothing(s, &error);
		return false;
	}
	if (s->store == NULL)
		diag_warn_as(
			MESSAGE_ID_NOT_KEPT, "%s; the journal is written all the same", error.text);
	struct journal_writer_options o = {
		.host = s->host, .bytes = s->bytes > 0 ? for_journal : 0};
	s->journal = journal_writer_open(
		s->state, &o, wall_time_from_parts((int64_t)time(NULL), 0), &error);
	if (s->journal == NULL) {
		keep_nothing(s, &error);
		return false;
	}
	if (s->store != NULL)
		open_index(s, s->bytes > 0 ? for_index : 0);
	s->upkeep = journal_upkeep_create(s->journal, &s->settings);
	return true;
}

bool store_sink_open(struct store_sink *s, const char *state, const char *host,
	const struct name_table *names, const struct journal_settings *settings, size_t bytes)
{
	*s = (struct store_sink){.state = state,
		.host = host,
		.names = names,
		.bytes = bytes,
		.settings = *settings};
	return open_both(s);
}

/* True if there is a journal now. */
static bool try_again(struct store_sink *s)
{
	if (!s->full || clock_now_us(CLOCK_BOOTTIME) < s->retry_us || !open_both(s))
		return false;
	s->full = false;
	diag_note("%s: there is room again; what is told from now on is kept", s->state);
	return true;
}

void store_sink_set(struct store_sink *s, const struct journal_settings *settings)
{
	s->settings = *settings;
	if (s->upkeep != NULL)
		journal_upkeep_set(s->upkeep, settings);
}

static void append(struct store_sink *s)
{
	(void)journal_writer_append(s->journal, s->line.text, s->line.used);
}

void store_sink_take_incident(
	struct store_sink *s, const struct incident *in, const struct incident_json_names *names)
{
	struct store_error error;
	incident_json_write(&s->line, in, names);
	append(s);
	say_journal(journal_writer_flush(s->journal, &error), &error);
}

void store_sink_take_line(struct store_sink *s, const struct json_line *line)
{
	if (s->journal != NULL)
		(void)journal_writer_append(s->journal, line->text, line->used);
}

/* Beyond so many a second, or a day, single knocks are evidence of nothing more. */
static bool is_told(
	struct store_sink_budget *s, uint32_t second, uint32_t most_second, uint32_t most_day)
{
	if (second != s->second) {
		s->second = second;
		s->in_second = 0;
	}
	if (second / 86400 != s->day) {
		s->day = second / 86400;
		s->in_day = 0;
	}
	if (s->in_second >= most_second || s->in_day >= most_day) {
		s->untold++;
		return false;
	}
	s->in_second++;
	s->in_day++;
	return true;
}

void store_sink_take_knock(void *context, const struct event *e)
{
	struct store_sink *s = context;
	if (!is_told(&s->knocks, (uint32_t)wall_time_seconds(e->time), STORE_SINK_KNOCKS_S,
		    STORE_SINK_KNOCKS_DAY))
		return;
	const char *logged_by = name_table_name(s->names, e->host);
	struct event_json_names names = {.host = logged_by[0] ? logged_by : s->host,
		.iface = name_table_name(s->names, e->iface),
		.service =
			e->has & EVENT_HAS_PORTS ? service_name_of(e->proto, e->dst_port) : NULL};
	event_json_write(&s->line, e, &names);
	append(s);
}

bool store_sink_take_access(struct store_sink *s, const struct access_event *a)
{
	const unsigned part = a->unvouched ? STORE_SINK_STRANGERS_PART : 1;
	if (!is_told(a->unvouched ? &s->strangers : &s->decisions,
		    (uint32_t)wall_time_seconds(a->time), STORE_SINK_KNOCKS_S / part,
		    STORE_SINK_KNOCKS_DAY / part))
		return false;
	access_json_write(&s->line, a, s->host);
	append(s);
	return true;
}

static void drain_tally(struct store_sink *s, struct tally *t, struct wall_time now)
{
	struct tally_count counts[COUNT_JSON_ROWS];
	struct store_port_count rows[COUNT_JSON_ROWS];
	unsigned n;
	while ((n = tally_drain(t, counts, COUNT_JSON_ROWS)) > 0) {
		for (unsigned i = 0; i < n; i++)
			rows[i] = (struct store_port_count){.hour = (uint32_t)counts[i].hour,
				.proto = counts[i].proto,
				.port = counts[i].port,
				.packets = counts[i].packets,
				.touches = counts[i].touches};
		count_json_write(&s->line, rows, n, now, s->host);
		append(s);
	}
	tally_start_hour(t, now);
}

static void write_index(struct store_sink *s, struct wall_time now, bool all)
{
	struct store_error error;
	if (s->index == NULL)
		return;
	while (journal_index_follow(s->index, FOLLOW_MOST) == FOLLOW_MOST && all)
		continue;
	enum store_flush_result r =
		all ? store_flush_now(s->store, &error) : store_flush(s->store, now, &error);
	if (r == STORE_FLUSH_STUCK)
		diag_warn_as(MESSAGE_ID_NOT_KEPT, "%s", error.text);
	else if (r == STORE_FLUSH_RESUMED)
		diag_warn("%s", error.text);
}

static void prune(struct store_sink *s, struct wall_time now)
{
	struct store_error error;
	uint32_t day = (uint32_t)(wall_time_seconds(now) / 86400);
	if (s->store == NULL || day == s->pruned_day || day <= STORE_SINK_KEEP_DAYS)
		return;
	s->pruned_day = day;
	struct wall_time before =
		wall_time_from_parts((int64_t)(day - STORE_SINK_KEEP_DAYS) * 86400, 0);
	if (!store_prune(s->store, before, &error))
		diag_warn("%s", error.text);
}

/* Files of days that are over, a few milliseconds at a time. */
static void keep_house(struct store_sink *s, struct wall_time now)
{
	struct store_error error;
	struct journal_place indexed = {0};
	if (s->index != NULL && !store_newest_record(s->store, &indexed, &error))
		return;
	enum journal_upkeep_result r = JOURNAL_UPKEEP_WORKING;
	for (int i = 0; i < UPKEEP_STEPS && r == JOURNAL_UPKEEP_WORKING; i++)
		r = journal_upkeep_step(s->upkeep, now, indexed.seq, &error);
	if (r == JOURNAL_UPKEEP_FAILED)
		diag_warn("%s", error.text);
	else if (r == JOURNAL_UPKEEP_DELETED)
		diag_note("%s", error.text);
}

void store_sink_take_counts(struct store_sink *s, struct pipeline *p, struct wall_time now)
{
	drain_tally(s, detector_tally(pipeline_detector(p)), now);
}

void store_sink_write(struct store_sink *s, struct wall_time now, bool all)
{
	struct store_error error;
	say_journal(journal_writer_advance(s->journal, now, clock_now_us(CLOCK_BOOTTIME), &error),
		&error);
	prune(s, now);
	write_index(s, now, all);
	keep_house(s, now);
}

void store_sink_flush(struct store_sink *s, struct pipeline *p, struct wall_time now, bool all)
{
	if (s->journal == NULL && !try_again(s))
		return;
	/* Counts are increments, so a part of an hour may be handed over at any time. */
	if (all || tally_hour_is_over(detector_tally(pipeline_detector(p)), now))
		store_sink_take_counts(s, p, now);
	store_sink_write(s, now, all);
}

bool store_sink_is_kept(const struct store_sink *s)
{
	return s->journal != NULL &&
	       journal_writer_written(s->journal) == journal_writer_newest(s->journal).seq;
}

void store_sink_close(struct store_sink *s)
{
	struct store_error error;
	journal_upkeep_destroy(s->upkeep);
	if (s->journal != NULL && !journal_writer_close(s->journal, &error))
		diag_warn_as(MESSAGE_ID_NOT_KEPT, "%s", error.text);
	if (s->store != NULL && !store_close(s->store, &error))
		diag_warn("%s", error.text);
	journal_index_close(s->index);
	json_line_clear(&s->line);
	s->journal = NULL;
	s->store = NULL;
	s->index = NULL;
	s->upkeep = NULL;
}
