/* SPDX-License-Identifier: ISC */
#include "cli/reindex_command.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "cli/state_hold.h"
#include "cli/store_access.h"
#include "daemon/store_sink.h"
#include "store/journal_check.h"
#include "store/store_rebuild.h"

#include <stdio.h>
#include <time.h>
#include <unistd.h>

enum option { OPTION_STATE, OPTION_HELP };

static const struct option_row options[] = {
	[OPTION_STATE] = {"state", 0, "DIR", "where it is kept (default: as configured)"},
	[OPTION_HELP] = {"help", 0, NULL, "this text"},
	{0},
};

struct request {
	struct store_access access;
	bool shown; /* progress was, on standard error */
};

static bool set_option(void *target, unsigned index, const char *value)
{
	struct request *r = target;
	if (index == OPTION_STATE)
		r->access.state = value;
	return true;
}

static void show_progress(void *context, uint64_t records)
{
	struct request *r = context;
	if (!isatty(STDERR_FILENO))
		return;
	fprintf(stderr, "\r%s ", number_text_with(records, "record").text);
	r->shown = true;
}

/* An index is made of a broken journal too, of all that still has the form of a record. */
static bool say_if_broken(const char *state)
{
	struct journal_check_options o = {.until = UINT32_MAX};
	struct journal_report report;
	struct store_error error;
	if (!journal_check_run(state, &o, &report, &error) ||
		report.fault.kind == JOURNAL_FAULT_NONE)
		return false;
	diag_warn(
		"the journal is not as it was written, see 'knockwatch verify': %s, line %llu, %s; "
		"the index is made of what is there",
		report.fault.file.text, (unsigned long long)report.fault.line, report.fault.text);
	return true;
}

static void say_report(const struct store_rebuild_report *report)
{
	printf("The index was made anew from %s of the journal.\n",
		number_text_with(report->records, "record").text);
	if (report->skipped > 0)
		diag_warn("%s could not be understood",
			number_text_with(report->skipped, "record").text);
	if (report->old_lost)
		diag_warn(
			"the index before was damaged%s%s: what it alone knew, of days before %.10s, "
			"is lost",
			report->aside[0] ? " and is kept as " : "", report->aside,
			wall_time_to_rfc3339(
				wall_time_from_parts((int64_t)report->journal_from * 86400, 0))
				.text);
}

static enum stop_code rebuild(struct request *r)
{
	struct store_rebuild_report report;
	struct store_error error;
	int64_t today = (int64_t)time(NULL) / 86400;
	struct store_rebuild_options o = {
		.prune_before = wall_time_from_parts((today - STORE_SINK_KEEP_DAYS) * 86400, 0),
		.progress = show_progress,
		.context = r};
	bool broken = say_if_broken(r->access.state);
	bool good = store_rebuild_run(r->access.state, &o, &report, &error);
	if (r->shown)
		fputs("\r\033[K", stderr);
	if (!good)
		return store_access_fail(&error);
	say_report(&report);
	return broken || report.skipped > 0 || report.old_lost ? STOP_SKIPPED : STOP_DONE;
}

static enum stop_code run_reindex(const struct command *self, int argc, char **argv)
{
	struct request r = {0};
	struct state_hold hold;
	int first;
	if (!option_row_parse(self->options, argc, argv, set_option, &r, &first))
		return STOP_USAGE;
	if (first < argc) {
		diag_error(
			"reindex: '%s' is no option; see 'knockwatch reindex --help'", argv[first]);
		return STOP_USAGE;
	}
	enum stop_code code = store_access_find(&r.access);
	if (code == STOP_DONE && access(r.access.state, F_OK) != 0) {
		struct store_error error;
		store_error_set(&error, STORE_TROUBLE_MISSING, r.access.state, "is not there");
		return store_access_fail(&error);
	}
	if (code == STOP_DONE)
		code = state_hold_take(&hold, "reindex", r.access.state);
	if (code != STOP_DONE)
		return code;
	code = rebuild(&r);
	state_hold_release(&hold);
	return code;
}

const struct command reindex_command = {
	.name = "reindex",
	.operands = "",
	.summary = "make the index anew from the journal",
	.text = "Makes the file that the questions are answered from (incidents, show, who,\n"
		"ports) anew from the journal, and puts it in the place of the old one. What\n"
		"only the old one knows, of days whose journal is gone, is taken over. No watch\n"
		"may write there meanwhile.\n"
		"\n"
		"  knockwatch reindex",
	.options = options,
	.run = run_reindex,
};
