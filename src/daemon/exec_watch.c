/* SPDX-License-Identifier: ISC */
#include "daemon/exec_watch.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <sys/stat.h>
#include <unistd.h>

#define FILE_NAME "execs.baseline"

static bool make_path(char out[PATH_MAX], const struct exec_watch *w, const char *end)
{
	return w->options.state != NULL &&
	       snprintf(out, PATH_MAX, "%s/" FILE_NAME "%s", w->options.state, end) < PATH_MAX;
}

static void put_aside(const struct exec_watch *w, const char *path, const char *fault)
{
	char aside[PATH_MAX];
	bool kept = make_path(aside, w, ".bad") && rename(path, aside) == 0;
	diag_warn("%s: %s%s%s; what is started as root is learned anew", path, fault,
		kept ? "; it is kept as " : "", kept ? aside : "");
}

static void load(struct exec_watch *w)
{
	char path[PATH_MAX];
	struct stat facts;
	if (!make_path(path, w, ""))
		return;
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0) {
		if (errno != ENOENT)
			diag_warn("%s: %m; what is started as root is learned anew", path);
		return;
	}
	bool plain = fstat(fd, &facts) == 0 && S_ISREG(facts.st_mode);
	const char *fault = plain ? exec_baseline_load(w->baseline, fd) : "is no plain file";
	close(fd);
	if (fault != NULL)
		put_aside(w, path, fault);
}

void exec_watch_open(struct exec_watch *w, const struct exec_watch_options *options)
{
	w->options = *options;
	w->baseline = exec_baseline_create();
	exec_budget_clear(&w->budget);
	json_line_init(&w->line);
	load(w);
}

void exec_watch_close(struct exec_watch *w)
{
	exec_baseline_destroy(w->baseline);
	w->baseline = NULL;
	json_line_clear(&w->line);
}

static void write_line(struct exec_watch *w)
{
	store_sink_take_line(w->options.sink, &w->line);
	if (w->options.out != NULL)
		json_line_print(&w->line, w->options.out);
}

void exec_watch_take(struct exec_watch *w, const struct exec_event *e)
{
	bool is_new = exec_baseline_note(w->baseline, e);
	w->starts++;
	w->fresh += is_new;
	if (!exec_budget_take(&w->budget, e, is_new))
		return;
	exec_json_write(
		&w->line, e, &(struct exec_json_notes){.host = w->options.host, .is_new = is_new});
	write_line(w);
}

static void write_sums(struct exec_watch *w, struct wall_time now, bool all)
{
	struct exec_json_held held;
	while (exec_budget_next_sum(&w->budget, now, all, &held)) {
		exec_json_write_held(&w->line, &held, w->options.host);
		write_line(w);
	}
}

void exec_watch_advance(struct exec_watch *w, struct wall_time now, uint64_t lost)
{
	w->lost = lost;
	write_sums(w, now, false);
}

void exec_watch_say(struct exec_watch *w)
{
	uint64_t starts = w->starts - w->told_starts, fresh = w->fresh - w->told_fresh;
	if (starts > 0)
		diag_note("%s since the last word, %s new%s",
			number_text_with(starts, "root command").text,
			fresh > 0 ? number_text_of(fresh).text : "none",
			fresh > 0 ? "; 'knockwatch execs --new' lists them" : "");
	if (w->lost > w->told_lost)
		diag_warn("%s could not be heard, or not whole",
			number_text_with(w->lost - w->told_lost, "root command").text);
	w->told_starts = w->starts;
	w->told_fresh = w->fresh;
	w->told_lost = w->lost;
}

static bool write_baseline(void *baseline, int fd)
{
	return exec_baseline_save(baseline, fd);
}

void exec_watch_save(struct exec_watch *w)
{
	const char *state = w->options.state;
	if (w->starts == 0 || state == NULL ||
		file_replace(state, FILE_NAME, 0600, write_baseline, w->baseline))
		return;
	diag_warn("%s/" FILE_NAME ": %m; the file before it stays", state);
}

void exec_watch_end(struct exec_watch *w, struct wall_time now)
{
	write_sums(w, now, true);
	exec_watch_save(w);
}
