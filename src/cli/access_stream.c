/* SPDX-License-Identifier: ISC */
#include "cli/access_stream.h"

#include "base/diag.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

static bool open_file(struct access_stream *s, const char *path)
{
	char error[512];
	s->file = access_file_open(path, &s->options, error, sizeof error);
	if (s->file != NULL)
		return true;
	int cause = errno;
	diag_error("access log: %s", error);
	s->unread++;
	errno = cause;
	return false;
}

/* What a file came to, before it is left. */
static void settle(struct access_stream *s)
{
	const struct access_file_report *r = access_file_report(s->file);
	s->broken += r->broken;
	s->unread += r->ended_early;
	if (r->ended_early)
		diag_warn("access log: %s: is broken from some point on", s->path);
	access_file_close(s->file);
	s->file = NULL;
}

static bool open_next_day(struct access_stream *s)
{
	char path[PATH_MAX];
	while (s->next_day < s->days.count) {
		const struct journal_file *day = &s->days.items[s->next_day++];
		int n = snprintf(path, sizeof path, "%s/" JOURNAL_DIRECTORY "/%s", s->path,
			journal_file_name_of(day->day, day->packed).text);
		if (n > 0 && (size_t)n < sizeof path && open_file(s, path))
			return true;
	}
	return false;
}

void access_stream_next(struct access_stream *s)
{
	s->has_head = false;
	while (s->file != NULL) {
		if (access_file_next(s->file, &s->head)) {
			s->has_head = true;
			return;
		}
		settle(s);
		if (!s->is_journal || !open_next_day(s))
			return;
	}
}

/* A clock that was set back may have left older times in a newer file, never the reverse by more than a day. */
static void leave_out_days(struct access_stream *s, struct wall_time since)
{
	int64_t first = wall_time_seconds(since) / 86400;
	while (s->next_day < s->days.count && (int64_t)s->days.items[s->next_day].day < first)
		s->next_day++;
}

static bool open_journal(struct access_stream *s, struct wall_time since)
{
	struct store_error error;
	int directory = journal_files_open_directory(s->path, false, &error);
	s->is_journal = true;
	if (directory < 0) {
		int cause = error.trouble == STORE_TROUBLE_DENIED ? EACCES : ENOENT;
		diag_error("access log: %s", error.text);
		errno = cause;
		return false;
	}
	bool listed = journal_files_list(directory, &s->days);
	close(directory);
	if (!listed) {
		diag_error("access log: %s: the journal cannot be listed", s->path);
		return false;
	}
	leave_out_days(s, since);
	(void)open_next_day(s);
	return true;
}

bool access_stream_open(struct access_stream *s, const char *path,
	const struct access_file_options *options, struct wall_time since)
{
	struct stat facts;
	*s = (struct access_stream){.path = path, .options = *options};
	bool is_directory = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
	if (is_directory ? !open_journal(s, since) : !open_file(s, path))
		return false;
	access_stream_next(s);
	return true;
}

void access_stream_close(struct access_stream *s)
{
	access_file_close(s->file);
	journal_files_clear(&s->days);
	s->file = NULL;
}
