/* SPDX-License-Identifier: ISC */
#include "sensor/log_generation.h"

#include <errno.h>
#include <fcntl.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

bool log_generation_open(struct log_generation *g, int directory, const char *name, int64_t now_ms)
{
	struct stat facts;
	*g = (struct log_generation){.grown_ms = now_ms};
	/* O_NONBLOCK: a pipe of that name must not stop us */
	g->fd = openat(directory, name, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (g->fd < 0)
		return false;
	if (fstat(g->fd, &facts) == 0 && S_ISREG(facts.st_mode) &&
		file_identity_read(g->fd, &g->identity))
		return true;
	close(g->fd);
	errno = EINVAL;
	return false;
}

void log_generation_close(struct log_generation *g)
{
	close(g->fd);
	g->fd = -1;
}

static void note_head(struct log_generation *g)
{
	if (g->head_size == sizeof g->head)
		return;
	ssize_t got = pread(g->fd, g->head, sizeof g->head, 0);
	g->head_size = (uint16_t)(got > 0 ? got : 0);
}

void log_generation_seek_end(struct log_generation *g)
{
	struct stat facts;
	if (fstat(g->fd, &facts) < 0 || facts.st_size == 0)
		return;
	int64_t size = facts.st_size;
	g->offset = size;
	note_head(g);
	g->mark_size = (uint8_t)(size < LOG_GENERATION_MARK ? size : LOG_GENERATION_MARK);
	if (pread(g->fd, g->mark, g->mark_size, size - g->mark_size) == g->mark_size)
		g->skipping = g->mark[g->mark_size - 1] != '\n'; /* inside a line: it is not ours */
}

bool log_generation_is_intact(const struct log_generation *g)
{
	char now[LOG_GENERATION_MARK];
	return pread(g->fd, now, g->mark_size, g->offset - g->mark_size) == g->mark_size &&
	       memcmp(now, g->mark, g->mark_size) == 0;
}

void log_generation_restart(struct log_generation *g)
{
	g->offset = 0;
	g->mark_size = 0;
	g->head_size = 0;
	g->skipping = false;
}

bool log_generation_is_copy(const struct log_generation *copy, const struct log_generation *g)
{
	char begin[LOG_GENERATION_HEAD];
	return g->head_size > 0 && pread(copy->fd, begin, g->head_size, 0) == g->head_size &&
	       memcmp(begin, g->head, g->head_size) == 0;
}

bool log_generation_may_become_copy(
	const struct log_generation *copy, const struct log_generation *g)
{
	char begin[LOG_GENERATION_HEAD];
	if (g->head_size == 0)
		return false;
	ssize_t n = pread(copy->fd, begin, g->head_size, 0);
	return n >= 0 && n < g->head_size && memcmp(begin, g->head, (size_t)n) == 0;
}

bool log_generation_continue(struct log_generation *copy, const struct log_generation *g)
{
	copy->offset = g->offset;
	copy->mark_size = g->mark_size;
	memcpy(copy->mark, g->mark, sizeof copy->mark);
	copy->skipping = g->skipping;
	return log_generation_is_intact(copy);
}

static void set_mark(struct log_generation *g, const char *before, size_t size)
{
	g->mark_size = (uint8_t)(size < LOG_GENERATION_MARK ? size : LOG_GENERATION_MARK);
	memcpy(g->mark, before + size - g->mark_size, g->mark_size);
}

/* Tells the whole lines of a piece; returns the bytes used up. */
static size_t take_lines(struct log_generation *g, const char *piece, size_t size,
	log_generation_receiver *receive, void *context)
{
	size_t at = 0;
	bool go_on = true;
	const char *newline;
	while (go_on && (newline = memchr(piece + at, '\n', size - at))) {
		size_t length = (size_t)(newline - (piece + at));
		if (g->skipping)
			g->skipping = false;
		else
			go_on = receive(context, piece + at, length);
		at += length + 1;
	}
	return at;
}

/* A piece without a newline: one that fills the whole buffer, or the last of a generation. */
static size_t take_unended(struct log_generation *g, const char *piece, size_t size,
	size_t buffer_size, log_generation_receiver *receive, void *context)
{
	bool too_long = size == buffer_size;
	if (!too_long && !g->closing)
		return 0;
	if (!g->skipping)
		(void)receive(context, piece, size);
	g->skipping = too_long;
	return size;
}

size_t log_generation_read(struct log_generation *g, int64_t now_ms, char *buffer,
	size_t buffer_size, log_generation_receiver *receive, void *context)
{
	ssize_t got = pread(g->fd, buffer, buffer_size, g->offset);
	if (got <= 0)
		return 0;
	size_t size = (size_t)got;
	size_t used = take_lines(g, buffer, size, receive, context);
	if (used == 0)
		used = take_unended(g, buffer, size, buffer_size, receive, context);
	if (used > 0) {
		g->grown_ms = now_ms;
		set_mark(g, buffer, used);
		note_head(g);
		g->offset += (int64_t)used;
	}
	return used;
}
