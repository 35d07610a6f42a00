/* SPDX-License-Identifier: ISC */
/*
 * Opening looks at the first page of the unpacked bytes and hands the window, with that page still
 * in it, to one of three readers. Each reader counts into the tally; what only the stream below
 * knows (broken packing, an input error) is added here when a reader says that it is at its end.
 */
#include "input/event_source.h"

#include "base/memory.h"
#include "base/text_buffer.h"
#include "input/byte_window.h"
#include "input/clock_check.h"
#include "input/content_kind.h"
#include "input/log_file.h"
#include "input/pcap_file.h"
#include "input/pcap_stream.h"
#include "input/source_tally.h"

#include <errno.h>
#include <fcntl.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

/* As many events as settle the first of them. */
#define STAGE (2 * CLOCK_CHECK_AHEAD)

struct event_source {
	char *name;         /* as given, or "standard input" */
	char *escaped_name; /* for texts */
	struct source_tally tally;
	struct byte_window window; /* of the unpacked bytes; owns the file */
	enum content_kind kind;
	bool ended;                  /* the reader is at its end, and the report is complete */
	struct input_budget *budget; /* borrowed; null = none */
	uint64_t held;               /* of it, beside what unpacking takes */
	struct clock_check clock;
	/* Events read but not handed out: the first `settled` may go, the others wait for what
	 * follows. */
	struct event stage[STAGE];
	size_t staged, settled;
	union {
		struct pcap_file pcap;      /* CONTENT_KIND_PCAP */
		struct pcap_stream *pcapng; /* CONTENT_KIND_PCAPNG; owned */
		struct log_file log;        /* CONTENT_KIND_TEXT */
	} reader;
};

static char *escaped_copy(const char *text)
{
	size_t length = strlen(text);
	char *copy = memory_calloc(length + 1, 4); /* "\x1b": four for one */
	struct text_buffer b = text_buffer_over(copy, (length + 1) * 4);
	text_buffer_add_escaped(&b, text, length);
	return copy;
}

static const char *advice_for(int error)
{
	switch (error) {
	case EACCES:
	case EPERM:
		return "; try with sudo, or as a member of the file's group";
	case ENOENT:
		return "; check the name";
	default:
		return "";
	}
}

static bool is_standard_input(const char *path)
{
	return strcmp(path, "-") == 0;
}

/* An open descriptor of something that can be read; -1 with a text in `error`. */
static int open_path(const char *path, struct stat *facts, char *error, size_t error_size)
{
	int fd = is_standard_input(path) ? fcntl(STDIN_FILENO, F_DUPFD_CLOEXEC, 0)
					 : open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY);
	if (fd < 0 || fstat(fd, facts) != 0) {
		snprintf(error, error_size, "cannot be opened: %s%s", strerror(errno),
			advice_for(errno));
	} else if (S_ISDIR(facts->st_mode)) {
		snprintf(error, error_size, "is a directory; give the files in it");
	} else {
		return fd;
	}
	if (fd >= 0)
		close(fd);
	return -1;
}

/* What a source of this kind can come to take. */
static uint64_t memory_of(enum content_kind kind)
{
	uint64_t bytes = sizeof(struct event_source) + BYTE_STREAM_BYTES + BYTE_WINDOW_STEP;
	switch (kind) {
	case CONTENT_KIND_PCAP:
		return bytes + BYTE_WINDOW_MAX;
	case CONTENT_KIND_PCAPNG:
		return bytes + PCAP_STREAM_BYTES;
	case CONTENT_KIND_TEXT:
		return bytes + EVENT_SOURCE_LINE_MAX;
	case CONTENT_KIND_REFUSED:
		break;
	}
	return 0;
}

static bool take_memory(
	struct event_source *s, enum content_kind kind, char *error, size_t error_size)
{
	uint64_t bytes = memory_of(kind);
	if (s->budget == NULL)
		return true;
	if (!input_budget_take(s->budget, bytes)) {
		snprintf(error, error_size,
			"no memory left for it beside the others; say --memory SIZE, or read fewer at once");
		return false;
	}
	s->held = bytes;
	return true;
}

static bool start_reader(struct event_source *s, const struct event_source_options *options,
	struct wall_time file_date, char *error, size_t error_size)
{
	struct byte_window *w = &s->window;
	const char *advice = "";
	(void)byte_window_want(w, CONTENT_KIND_SAMPLE);
	const char *fault = byte_stream_fault(w->stream), *packing = byte_stream_packing(w->stream);
	if (byte_window_left(w) == 0 && fault != NULL) {
		snprintf(error, error_size, "%s%s%s", packing != NULL ? packing : "",
			packing != NULL ? ": " : "", fault);
		return false;
	}
	enum content_kind kind = content_kind_of(w->at, byte_window_left(w), &advice);
	s->kind = CONTENT_KIND_REFUSED; /* no reader yet, if it fails here */
	if (!take_memory(s, kind, error, error_size))
		return false;
	s->kind = kind;
	switch (kind) {
	case CONTENT_KIND_PCAP:
		return pcap_file_init(&s->reader.pcap, w, &s->tally, error, error_size);
	case CONTENT_KIND_PCAPNG:
		s->reader.pcapng = pcap_stream_create(w, &s->tally, error, error_size);
		return s->reader.pcapng != NULL;
	case CONTENT_KIND_TEXT:
		log_file_init(&s->reader.log, w, &s->tally, options, file_date);
		return true;
	case CONTENT_KIND_REFUSED:
		break;
	}
	snprintf(error, error_size, "%s", advice);
	return false;
}

static struct event_source *create_source(const char *path)
{
	struct event_source *s = memory_calloc(1, sizeof *s);
	s->name = memory_strdup(is_standard_input(path) ? "standard input" : path);
	s->escaped_name = escaped_copy(s->name);
	s->tally.name = s->escaped_name;
	return s;
}

static bool open_source(struct event_source *s, const char *path,
	const struct event_source_options *options, char *error, size_t error_size)
{
	struct stat facts;
	int fd = open_path(path, &facts, error, error_size);
	if (fd < 0)
		return false;
	(void)posix_fadvise(fd, 0, 0, POSIX_FADV_SEQUENTIAL);
	byte_window_init(&s->window, byte_stream_create(fd));
	s->budget = options->budget;
	byte_stream_share(s->window.stream, s->budget);
	struct wall_time file_date = {-1};
	if (S_ISREG(facts.st_mode)) {
		s->tally.report.bytes_all = (uint64_t)facts.st_size;
		file_date = wall_time_from_parts(facts.st_mtime, 0);
	}
	return start_reader(s, options, file_date, error, error_size);
}

struct event_source *event_source_open(const char *path, const struct event_source_options *options,
	char *error, size_t error_size)
{
	struct event_source *s = create_source(path);
	char text[512] = "";
	if (open_source(s, path, options, text, sizeof text)) {
		s->tally.report.bytes = byte_stream_taken(s->window.stream);
		return s;
	}
	struct text_buffer b = text_buffer_over(error, error_size);
	text_buffer_add(&b, s->escaped_name);
	text_buffer_add(&b, ": ");
	text_buffer_add_escaped(&b, text, strlen(text));
	event_source_close(s);
	return NULL;
}

void event_source_close(struct event_source *s)
{
	if (s == NULL)
		return;
	if (s->kind == CONTENT_KIND_PCAPNG)
		pcap_stream_destroy(s->reader.pcapng);
	byte_window_clear(&s->window);
	if (s->budget != NULL)
		input_budget_give(s->budget, s->held);
	free(s->escaped_name);
	free(s->name);
	free(s);
}

static size_t read_batch(struct event_source *s, struct event *out, size_t max)
{
	switch (s->kind) {
	case CONTENT_KIND_PCAP:
		return pcap_file_read(&s->reader.pcap, out, max);
	case CONTENT_KIND_PCAPNG:
		return pcap_stream_read(s->reader.pcapng, out, max);
	case CONTENT_KIND_TEXT:
		return log_file_read(&s->reader.log, out, max);
	case CONTENT_KIND_REFUSED:
		break;
	}
	return 0;
}

static void note_stream_fault(struct event_source *s)
{
	const char *fault = byte_stream_fault(s->window.stream);
	const char *packing = byte_stream_packing(s->window.stream);
	if (fault == NULL)
		return;
	if (packing != NULL)
		source_tally_end_early(&s->tally, ": %s: %s", packing, fault);
	else
		source_tally_end_early(&s->tally, ": %s", fault);
}

static size_t read_unchecked(struct event_source *s, struct event *out, size_t max)
{
	if (s->ended)
		return 0;
	size_t n = read_batch(s, out, max);
	s->tally.report.bytes = byte_stream_taken(s->window.stream);
	if (n < max) {
		s->ended = true;
		note_stream_fault(s);
	}
	return n;
}

/* Fills `events`, which begins with `waiting` that were read before. How many are settled; the
 * rest, to `filled`, waits. */
static size_t fill_and_check(
	struct event_source *s, struct event *events, size_t waiting, size_t max, size_t *filled)
{
	*filled = waiting + read_unchecked(s, events + waiting, max - waiting);
	size_t settled = clock_check_mend(&s->clock, events, *filled, s->ended);
	s->tally.report.misdated = s->clock.misdated;
	return settled;
}

static size_t hand_out(struct event_source *s, struct event *out, size_t max)
{
	size_t n = s->settled < max ? s->settled : max;
	memcpy(out, s->stage, n * sizeof *out);
	memmove(s->stage, s->stage + n, (s->staged - n) * sizeof *out);
	s->staged -= n;
	s->settled -= n;
	return n;
}

size_t event_source_read(struct event_source *s, struct event *out, size_t max)
{
	if (s->settled == 0 && max < STAGE)
		s->settled = fill_and_check(s, s->stage, s->staged, STAGE, &s->staged);
	if (s->settled > 0 || max < STAGE)
		return hand_out(s, out, max);
	/* Straight to the caller, what waits first. */
	size_t filled;
	memcpy(out, s->stage, s->staged * sizeof *out);
	size_t n = fill_and_check(s, out, s->staged, max, &filled);
	s->staged = filled - n;
	memcpy(s->stage, out + n, s->staged * sizeof *out);
	return n;
}

const struct event_source_report *event_source_report(const struct event_source *s)
{
	return &s->tally.report;
}

const char *event_source_name(const struct event_source *s)
{
	return s->name;
}
