/* SPDX-License-Identifier: ISC */
#include "cli/status_command.h"

#include "cli/store_access.h"
#include "daemon/watch_status.h"
#include "courier/sent_position.h"
#include "priv/state_lock.h"
#include "report/status_text.h"
#include "store/journal_ends.h"
#include "store/journal_files.h"
#include "store/store_query.h"

#include <unistd.h>

static const struct option_row options[] = {
	STORE_ACCESS_ROWS,
	{0},
};

static bool set_option(void *target, unsigned index, const char *value)
{
	store_access_set(target, index, value);
	return true;
}

/* What is not readable is as good as not there: whether the store is, store_access_open has said. */
static void look_at_watch(const char *directory, struct status_watch *out)
{
	char line[STATE_LOCK_LINE_MAX];
	if (state_lock_look(directory, &out->running, line, sizeof line))
		watch_status_read(line, out);
}

/* The newest record of the journal; 0 where it cannot be read. */
static uint64_t newest_record(const char *state)
{
	struct store_error error;
	struct journal_files files = {0};
	struct journal_ends ends = {0};
	int directory = journal_files_open_directory(state, false, &error);
	if (directory < 0)
		return 0;
	if (journal_files_list(directory, &files) && files.count > 0) {
		const struct journal_file *last = &files.items[files.count - 1];
		int fd = journal_files_open(directory, last);
		if (fd >= 0) {
			(void)journal_ends_find(fd, last->packed, &ends);
			close(fd);
		}
	}
	journal_files_clear(&files);
	close(directory);
	return ends.last.seq;
}

/* `position` holds the texts of `out`. */
static void look_at_sender(
	const char *state, struct sent_position *position, struct status_sent *out)
{
	*out = (struct status_sent){.to = position->to, .why = position->why};
	if (!sent_position_look(state, position, &out->running))
		return;
	out->arrived = position->place.seq;
	out->newest = newest_record(state);
	out->at = position->at;
}

static void print(struct store_access *a, const struct status_text *status)
{
	if (a->json)
		status_text_print_json(&a->page, status);
	else
		status_text_print(&a->page, status);
}

/* A watch goes on where its store is broken, and then most of all somebody asks how it is. */
static void answer_without_store(void *request)
{
	struct store_access *a = request;
	struct status_watch watch = {0};
	look_at_watch(a->state, &watch);
	if (watch.running)
		print(a, &(struct status_text){.watch = &watch, .sent = NULL});
}

static enum stop_code answer(void *request)
{
	struct store_access *a = request;
	struct store_totals totals;
	struct store_error error;
	if (!store_query_totals(a->store, a->page.now, &totals, &error))
		return store_access_fail(&error);
	struct status_watch watch = {0};
	look_at_watch(a->state, &watch);
	struct sent_position position;
	struct status_sent sent;
	look_at_sender(a->state, &position, &sent);
	struct status_text status = {.sent = &sent,
		.store_path = store_path(a->store),
		.totals = &totals,
		.watch = &watch};
	print(a, &status);
	return watch.running ? STOP_DONE : STOP_UNREACHABLE;
}

static enum stop_code run_status(const struct command *self, int argc, char **argv)
{
	static const struct store_question question = {
		set_option, NULL, answer, answer_without_store};
	struct store_access a = {0};
	return store_access_run(self, argc, argv, &question, &a);
}

const struct command status_command = {
	.name = "status",
	.operands = "",
	.summary = "tell whether a watch runs, what is kept, and what today was like",
	.text = "Tells whether a watch runs here, since when, on what, and what it has counted;\n"
		"where the store is, how large it is, and what today and yesterday were like.\n"
		"Ends with 4 where no watch runs.",
	.options = options,
	.run = run_status,
};
