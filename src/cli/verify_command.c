/* SPDX-License-Identifier: ISC */
#include "cli/verify_command.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "cli/store_access.h"
#include "event/json_line.h"
#include "priv/state_lock.h"
#include "store/journal_check.h"

#include <stdio.h>
#include <string.h>
#include <unistd.h>

enum option { OPTION_SINCE = STORE_ACCESS_OPTIONS, OPTION_UNTIL };

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	[OPTION_SINCE] = {"since", 0, "TIME", "only the files of this day and later"},
	[OPTION_UNTIL] = {"until", 0, "TIME", "only the files up to this day"},
	{0},
};

struct request {
	struct store_access access;
	struct wall_time since, until;
	bool shown; /* progress was, on standard error */
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	switch (index) {
	case OPTION_SINCE:
		return store_access_parse_time(
			&r->access, "since", value, TIME_TEXT_SINCE, &r->since);
	case OPTION_UNTIL:
		return store_access_parse_time(
			&r->access, "until", value, TIME_TEXT_UNTIL, &r->until);
	default:
		store_access_set(&r->access, index, value);
		return true;
	}
}

static void show_progress(void *context, uint64_t done, uint64_t all)
{
	struct request *r = context;
	if (!isatty(STDERR_FILENO) || all == 0)
		return;
	fprintf(stderr, "\r%3llu %% of %s ", (unsigned long long)(done * 100 / all),
		number_text_bytes(all).text);
	r->shown = true;
}

static void clear_progress(const struct request *r)
{
	if (r->shown)
		fputs("\r\033[K", stderr);
}

/* The answer as one JSON object. */
static void print_json(const struct journal_report *report)
{
	const struct journal_fault *f = &report->fault;
	struct json_line line = {0};
	json_line_start(&line);
	json_line_put_bool(&line, "whole", f->kind == JOURNAL_FAULT_NONE);
	json_line_put_count(&line, "files", report->files);
	json_line_put_count(&line, "records", report->records);
	json_line_put_count(&line, "bytes", report->bytes);
	if (report->records > 0) {
		json_line_put_count(&line, "first", report->oldest.seq);
		json_line_put_count(&line, "last", report->newest.seq);
		json_line_put_word(&line, "file", report->newest_file.text);
		json_line_put_word(&line, "hash", journal_hash_to_text(&report->newest.hash).text);
	}
	if (f->kind != JOURNAL_FAULT_NONE) {
		json_line_open_object(&line, "fault");
		json_line_put_word(&line, "kind", journal_fault_name(f->kind));
		json_line_put_word(&line, "file", f->file.text);
		if (f->line > 0)
			json_line_put_count(&line, "line", f->line);
		if (f->seq > 0)
			json_line_put_count(&line, "seq", f->seq);
		json_line_put_text(&line, "text", f->text);
		json_line_close(&line);
	}
	json_line_close(&line);
	json_line_print(&line, stdout);
	json_line_clear(&line);
}

static void say_fault(const struct journal_report *report)
{
	const struct journal_fault *f = &report->fault;
	char place[96];
	if (f->line > 0)
		snprintf(place, sizeof place, "%s, line %llu", f->file.text,
			(unsigned long long)f->line);
	else
		snprintf(place, sizeof place, "%s", f->file.text);
	printf("Broken at %s", place);
	if (f->seq > 0)
		printf(", record %llu", (unsigned long long)f->seq);
	printf(" (%s): %s.\n", journal_fault_name(f->kind), f->text);
}

static void say_range(const struct page *page, const struct journal_report *report)
{
	char text[512];
	if (report->records == 0)
		return;
	snprintf(text, sizeof text, "%s in %s (%s), %llu to %llu, %s.",
		number_text_with(report->records, "record").text,
		number_text_with(report->files, "file").text, number_text_bytes(report->bytes).text,
		(unsigned long long)report->oldest.seq, (unsigned long long)report->newest.seq,
		report->fault.kind == JOURNAL_FAULT_NONE
			? "all of them as they were written"
			: "in the files before it are as they were written");
	page_put_wrapped(page, PAGE_PLAIN, 0, 0, text);
	printf("Newest: record %llu of %s,\n        %s\n", (unsigned long long)report->newest.seq,
		report->newest_file.text, journal_hash_to_text(&report->newest.hash).text);
}

static void print_people(struct request *r, const struct journal_report *report)
{
	const struct page *page = &r->access.page;
	if (report->fault.kind != JOURNAL_FAULT_NONE)
		say_fault(report);
	say_range(page, report);
	if (report->rest_bytes > 0)
		page_put_wrapped(page, PAGE_FAINT, 0, 0,
			"The newest line is not whole yet: a watch is writing it.");
	if (report->fault.kind == JOURNAL_FAULT_NONE)
		page_put_wrapped(page, PAGE_FAINT, 0, 0,
			"This cannot show an end that was cut off, or a journal written anew from "
			"some place on: for that, compare the newest hash with the one that "
			"another machine has kept.");
}

static uint32_t day_of(struct wall_time t)
{
	return (uint32_t)(wall_time_seconds(t) / 86400);
}

static enum stop_code verify(struct request *r)
{
	struct journal_report report;
	struct store_error error;
	struct journal_check_options o = {.since = r->since.us > 0 ? day_of(r->since) : 0,
		.until = r->until.us > 0 ? day_of((struct wall_time){r->until.us - 1}) : UINT32_MAX,
		.progress = show_progress,
		.context = r};
	char line[STATE_LOCK_LINE_MAX];
	if (!state_lock_look(r->access.state, &o.growing, line, sizeof line))
		o.growing = false;
	if (!journal_check_run(r->access.state, &o, &report, &error))
		return store_access_fail(&error);
	clear_progress(r);
	if (report.files == 0 && report.fault.kind == JOURNAL_FAULT_NONE) {
		diag_error("verify: there is no file of these days");
		return STOP_NO;
	}
	if (r->access.json)
		print_json(&report);
	else
		print_people(r, &report);
	return report.fault.kind == JOURNAL_FAULT_NONE ? STOP_DONE : STOP_NO;
}

static enum stop_code run_verify(const struct command *self, int argc, char **argv)
{
	struct request r = {0};
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &r, &first))
		return STOP_USAGE;
	if (first < argc) {
		diag_error(
			"verify: '%s' is no option; see 'knockwatch verify --help'", argv[first]);
		return STOP_USAGE;
	}
	enum stop_code code = store_access_find(&r.access);
	return code == STOP_DONE ? verify(&r) : code;
}

const struct command verify_command = {
	.name = "verify",
	.operands = "",
	.summary = "check that the journal is as it was written",
	.text = "Walks all days of the journal and checks each record against the one before.\n"
		"Names the first that was changed, put in, is gone or torn, and ends with 1\n"
		"then. Prints the newest hash: compare it with the one that another machine\n"
		"has kept, for an end that was cut off leaves no trace here.\n"
		"\n"
		"  knockwatch verify\n"
		"  knockwatch verify --since -7d --json",
	.options = options,
	.run = run_verify,
};
