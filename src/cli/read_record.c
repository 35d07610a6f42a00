/* SPDX-License-Identifier: ISC */
#include "cli/read_record.h"

#include "base/clock_now.h"
#include "base/diag.h"
#include "base/memory.h"
#include "base/number_text.h"
#include "store/import_match.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <time.h>
#include <unistd.h>

#define SINK_BYTES (512u << 10)

void read_record_note_file(struct read_record *r, const char *path)
{
	struct read_record_file f = {.fd = -1};
	const char *name = strrchr(path, '/');
	snprintf(f.facts.name, sizeof f.facts.name, "%s", name != NULL ? name + 1 : path);
	if (strcmp(path, "-") != 0)
		f.fd = open(path, O_RDONLY | O_CLOEXEC | O_NONBLOCK | O_NOCTTY);
	r->files = memory_realloc(r->files, (r->count + 1) * sizeof *r->files);
	r->files[r->count++] = f;
}

static void say_known(const struct read_record_file *f, const struct store_import *known)
{
	const struct clock_text day = wall_time_to_rfc3339(known->at);
	const char *broken =
		known->file.whole ? "" : ", but was broken off; what was taken in stays";
	if (known->file.bytes == f->facts.bytes)
		diag_warn(
			"%s: was recorded on %.10s%s; it is left out, for its knocks would count twice",
			f->facts.name, day.text, broken);
	else
		diag_warn(
			"%s: its first %s bytes were recorded on %.10s%s; it is left out, for they would "
			"count twice. The rest: tail -c +%llu %s | knockwatch read --record -",
			f->facts.name, number_text_of(known->file.bytes).text, day.text, broken,
			(unsigned long long)known->file.bytes + 1, f->facts.name);
}

static bool look_at_files(struct read_record *r)
{
	struct store_imports imports;
	struct store_error error;
	if (!store_imports_ask(r->sink.store, &imports, &error)) {
		diag_error("read: %s", error.text);
		return false;
	}
	for (unsigned i = 0; i < r->count; i++) {
		const struct store_import *known = NULL;
		struct read_record_file *f = &r->files[i];
		if (f->fd >= 0 && lseek(f->fd, 0, SEEK_CUR) < 0) { /* a pipe with a name */
			close(f->fd);
			f->fd = -1;
		}
		if (f->fd < 0)
			continue;
		if (!import_match_find(f->fd, &imports, &f->facts, &known))
			f->facts.has_sum = false; /* reading it tells what is wrong */
		f->known = known != NULL;
		if (f->known)
			say_known(f, known);
	}
	store_imports_clear(&imports);
	return true;
}

enum stop_code read_record_begin(struct read_record *r, const char *state, const char *host,
	const struct name_table *names, const struct journal_settings *settings)
{
	enum stop_code code = state_hold_take(&r->hold, "read", state);
	if (code != STOP_DONE)
		return code;
	if (!store_sink_open(&r->sink, state, host, names, settings, SINK_BYTES) ||
		r->sink.index == NULL) {
		diag_error("read: nothing can be recorded in %s", state);
		return STOP_INTERNAL;
	}
	store_sink_write(
		&r->sink, clock_now(), true); /* the index must know all that is in the journal */
	return look_at_files(r) ? STOP_DONE : STOP_INTERNAL;
}

bool read_record_knows(const struct read_record *r, unsigned number)
{
	return r->files[number].known;
}

static void tell_files(struct read_record *r, bool whole)
{
	struct json_line line = {0};
	for (unsigned i = 0; i < r->count; i++) {
		if (r->files[i].known)
			continue;
		r->files[i].facts.whole = whole;
		import_json_write(&line, &r->files[i].facts, clock_now(), r->sink.host);
		store_sink_take_line(&r->sink, &line);
	}
	json_line_clear(&line);
}

void read_record_start(struct read_record *r, struct pipeline *p)
{
	r->pipeline = p;
	tell_files(r, false);
	store_sink_write(&r->sink, clock_now(), false);
}

/* How many of the events lie in the hour of the first, or before it. */
static size_t count_in_hour(const struct tally *t, const struct event *events, size_t count)
{
	size_t n = 1;
	while (n < count && !tally_hour_is_over(t, events[n].time))
		n++;
	return n;
}

void read_record_feed(struct read_record *r, const struct event *events, size_t count)
{
	struct tally *t = detector_tally(pipeline_detector(r->pipeline));
	while (count > 0) {
		if (!r->started)
			tally_start_hour(t, events[0].time);
		else if (tally_hour_is_over(t, events[0].time))
			store_sink_take_counts(&r->sink, r->pipeline, events[0].time);
		r->started = true;
		size_t n = count_in_hour(t, events, count);
		pipeline_feed(r->pipeline, events, n);
		events += n;
		count -= n;
	}
	store_sink_write(&r->sink, clock_now(), false);
}

enum stop_code read_record_finish(struct read_record *r)
{
	if (r->started)
		store_sink_take_counts(&r->sink, r->pipeline, pipeline_now(r->pipeline));
	tell_files(r, true);
	store_sink_write(&r->sink, clock_now(), true);
	uint64_t waiting = journal_writer_newest(r->sink.journal).seq -
			   journal_writer_written(r->sink.journal);
	uint64_t lost =
		journal_writer_lost(r->sink.journal) + waiting + store_rows_lost(r->sink.store);
	if (lost > 0)
		diag_error("read: %s could not be recorded", number_text_with(lost, "event").text);
	else
		diag_note("recorded in %s, up to record %llu", r->sink.state,
			(unsigned long long)journal_writer_written(r->sink.journal));
	return lost > 0 ? STOP_INTERNAL : STOP_DONE;
}

void read_record_clear(struct read_record *r)
{
	for (unsigned i = 0; i < r->count; i++) {
		if (r->files[i].fd >= 0)
			close(r->files[i].fd);
	}
	free(r->files);
	r->files = NULL;
	r->count = 0;
	store_sink_close(&r->sink);
	if (r->hold.lock > 0)
		state_hold_release(&r->hold);
}
