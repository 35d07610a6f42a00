/* SPDX-License-Identifier: ISC */
#include "input/access_file.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "event/access_json.h"
#include "event/json_head.h"
#include "input/log_file.h"
#include "logline/wrapper_line.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

struct access_file {
	struct byte_window window;
	struct line_file lines;
	struct log_line_clock clock;
	struct access_file_report report;
};

static int open_path(const char *path)
{
	if (strcmp(path, "-") == 0)
		return fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0);
	return open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
}

static void say_fault(const char *path, const char *fault, char *error, size_t error_size)
{
	struct text_buffer b = text_buffer_over(error, error_size);
	text_buffer_add_escaped(&b, path, strlen(path));
	text_buffer_printf(&b, ": %s", fault);
}

/* The first page tells in which year a log without years begins. */
static bool begin(
	struct access_file *f, const struct access_file_options *options, struct wall_time file_date)
{
	struct byte_window *w = &f->window;
	const size_t sample = 4096;
	(void)byte_window_want(w, sample);
	line_file_init(&f->lines, w);
	f->clock.utc_offset_s = options->utc_offset_s;
	f->clock.year = options->year;
	if (options->year == 0)
		f->clock.year = log_file_first_year(
			w->at, byte_window_left(w), file_date, options->utc_offset_s);
	return byte_window_left(w) > 0 || byte_stream_fault(w->stream) == NULL;
}

static struct access_file *fail(
	int cause, const char *path, const char *fault, char *error, size_t error_size)
{
	say_fault(path, fault, error, error_size);
	errno = cause;
	return NULL;
}

struct access_file *access_file_over(int fd, const char *path,
	const struct access_file_options *options, char *error, size_t error_size)
{
	struct stat facts = {.st_mode = 0};
	int cause = fstat(fd, &facts) != 0 ? errno : S_ISDIR(facts.st_mode) ? EISDIR : 0;
	if (cause != 0) {
		close(fd);
		return fail(cause, path, strerror(cause), error, error_size);
	}
	struct access_file *f = memory_calloc(1, sizeof *f);
	byte_window_init(&f->window, byte_stream_create(fd));
	struct wall_time date = {-1};
	if (S_ISREG(facts.st_mode))
		date = wall_time_from_parts(facts.st_mtime, 0);
	if (begin(f, options, date))
		return f;
	say_fault(path, byte_stream_fault(f->window.stream), error, error_size);
	access_file_close(f);
	errno = EINVAL;
	return NULL;
}

struct access_file *access_file_open(const char *path, const struct access_file_options *options,
	char *error, size_t error_size)
{
	int fd = open_path(path);
	if (fd < 0)
		return fail(errno, path, strerror(errno), error, error_size);
	return access_file_over(fd, path, options, error, error_size);
}

void access_file_close(struct access_file *f)
{
	if (f == NULL)
		return;
	byte_window_clear(&f->window);
	free(f);
}

static void count_broken(struct access_file *f)
{
	if (f->report.broken++ == 0)
		f->report.first_broken = f->report.lines;
}

static bool take_line(struct access_file *f, struct text_slice line, struct access_event *out)
{
	struct log_line_facts facts;
	f->report.lines++;
	if (line.length > 0 && line.start[0] == '{' &&
		json_head_is_type(line.start, line.length, "access")) {
		const bool good = access_json_read(line.start, line.length, out);
		if (!good)
			count_broken(f);
		return good;
	}
	switch (log_line_read(&f->clock, line.start, line.length, &facts)) {
	case LOG_LINE_ACCESS:
		wrapper_line_describe(&facts, out);
		return true;
	case LOG_LINE_BROKEN:
		count_broken(f);
		return false;
	case LOG_LINE_KNOCK:
	case LOG_LINE_OTHER:
		break;
	}
	return false;
}

bool access_file_next(struct access_file *f, struct access_event *out)
{
	struct text_slice line;
	while (line_file_next(&f->lines, &line)) {
		if (take_line(f, line, out)) {
			f->report.decisions++;
			return true;
		}
	}
	f->report.ended_early = byte_stream_fault(f->window.stream) != NULL;
	return false;
}

const struct access_file_report *access_file_report(const struct access_file *f)
{
	return &f->report;
}
