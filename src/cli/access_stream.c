/* SPDX-License-Identifier: ISC */
#include "cli/access_stream.h"

#include "base/diag.h"
#include "base/number_text.h"
#include "base/text_buffer.h"

#include <errno.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* Of what is open: the file, or the day of the journal. */
struct stream_name {
	char text[PATH_MAX];
};

static struct stream_name name_of_day(const struct access_stream *s, size_t next_day)
{
	struct stream_name name;
	struct text_buffer b = text_buffer_over(name.text, sizeof name.text);
	text_buffer_add(&b, s->path);
	if (s->is_journal && next_day > 0) {
		const struct journal_file *day = &s->days.items[next_day - 1];
		text_buffer_printf(
			&b, "/" JOURNAL_DIRECTORY "/%s", journal_file_name_of(day->day, day->packed).text);
	}
	return name;
}

static struct stream_name name_of(const struct access_stream *s)
{
	return name_of_day(s, s->next_day);
}

/* "FILE:LINE", as it may be printed. */
static struct stream_name place_of(const struct stream_name *file, uint64_t line)
{
	struct stream_name place;
	struct text_buffer b = text_buffer_over(place.text, sizeof place.text);
	text_buffer_add_escaped(&b, file->text, strlen(file->text));
	text_buffer_printf(&b, ":%llu", (unsigned long long)line);
	return place;
}

static void say_broken(const struct access_stream *s, const struct access_file_report *r)
{
	const struct stream_name name = name_of(s), place = place_of(&name, r->first_broken);
	if (r->broken == 1)
		diag_warn("access log: %s: the line could not be read", place.text);
	else
		diag_warn("access log: %s: %s could not be read, this one first", place.text,
			number_text_with(r->broken, "line").text);
}

/* What came of opening it. */
static bool took_file(struct access_stream *s, struct access_file *file, const char *error)
{
	s->file = file;
	if (file != NULL)
		return true;
	diag_error("access log: %s", error);
	s->unread++;
	return false;
}

/* What a file came to, before it is left. */
static void settle(struct access_stream *s)
{
	const struct access_file_report *r = access_file_report(s->file);
	s->broken += r->broken;
	if (r->broken > 0)
		say_broken(s, r);
	s->unread += r->ended_early;
	if (r->ended_early) {
		char text[PATH_MAX];
		struct text_buffer b = text_buffer_over(text, sizeof text);
		const struct stream_name name = name_of(s);
		text_buffer_add_escaped(&b, name.text, strlen(name.text));
		diag_warn("access log: %s: is broken from some point on", text);
	}
	access_file_close(s->file);
	s->file = NULL;
}

static bool open_day(struct access_stream *s, const struct journal_file *day)
{
	char error[PATH_MAX + 128];
	const struct stream_name name = name_of(s);
	int fd = journal_files_open(s->directory, day);
	if (fd >= 0)
		return took_file(s, access_file_over(fd, name.text, &s->options, error, sizeof error), error);
	int cause = errno;
	struct text_buffer b = text_buffer_over(error, sizeof error);
	text_buffer_add_escaped(&b, name.text, strlen(name.text));
	/* what journal_files says of a pipe, and the kernel of a link */
	bool is_other = cause == EINVAL || cause == ELOOP;
	text_buffer_printf(&b, ": %s", is_other ? "is no plain file" : strerror(cause));
	return took_file(s, NULL, error);
}

static bool open_next_day(struct access_stream *s)
{
	while (s->next_day < s->days.count) {
		const struct journal_file *day = &s->days.items[s->next_day++];
		if (open_day(s, day))
			return true;
	}
	return false;
}

/* The next decision of the file, or of the next one. */
static bool read_row(struct access_stream *s, struct access_order_row *row)
{
	while (s->file != NULL) {
		if (access_file_next(s->file, &row->event)) {
			row->line = access_file_report(s->file)->lines;
			row->file = s->next_day;
			return true;
		}
		settle(s);
		if (!s->is_journal || !open_next_day(s))
			return false;
	}
	return false;
}

void access_stream_next(struct access_stream *s)
{
	while (!access_order_is_full(&s->order) && read_row(s, access_order_next(&s->order)))
		access_order_put(&s->order);
	const struct access_order_row *row = access_order_take(&s->order);
	s->has_head = row != NULL;
	if (row == NULL)
		return;
	s->head = row->event;
	s->head_line = row->line;
	s->head_day = row->file;
	s->is_late = row->event.time.us < s->told_us;
	if (!s->is_late)
		s->told_us = row->event.time.us;
}

void access_stream_count_late(struct access_stream *s)
{
	if (s->late++ > 0)
		return;
	const struct stream_name name = name_of_day(s, s->head_day),
				 place = place_of(&name, s->head_line);
	diag_warn("access log: %s: comes too late to be put in order of time", place.text);
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
	s->is_journal = true;
	s->directory = journal_files_open_directory(s->path, false, &error);
	if (s->directory < 0) {
		diag_error("access log: %s", error.text);
		s->unread++;
		errno = error.trouble == STORE_TROUBLE_DENIED ? EACCES : ENOENT;
		return false;
	}
	if (!journal_files_list(s->directory, &s->days)) {
		diag_error("access log: %s: the journal cannot be listed", s->path);
		s->unread++;
		return false;
	}
	leave_out_days(s, since);
	(void)open_next_day(s);
	return true;
}

static bool open_file(struct access_stream *s)
{
	char error[PATH_MAX + 128];
	return took_file(s, access_file_open(s->path, &s->options, error, sizeof error), error);
}

bool access_stream_open(struct access_stream *s, const char *path,
	const struct access_file_options *options, struct wall_time since, unsigned rows)
{
	struct stat facts;
	*s = (struct access_stream){
		.path = path, .options = *options, .directory = -1, .told_us = INT64_MIN};
	access_order_init(&s->order, rows);
	bool is_directory = stat(path, &facts) == 0 && S_ISDIR(facts.st_mode);
	if (is_directory ? !open_journal(s, since) : !open_file(s))
		return false;
	access_stream_next(s);
	return true;
}

void access_stream_close(struct access_stream *s)
{
	access_file_close(s->file);
	access_order_clear(&s->order);
	journal_files_clear(&s->days);
	if (s->directory >= 0)
		close(s->directory);
	s->file = NULL;
	s->directory = -1;
}
