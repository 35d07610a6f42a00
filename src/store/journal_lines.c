/* SPDX-License-Identifier: ISC */
#include "store/journal_lines.h"

#include "base/memory.h"
#include "store/journal_chain.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include <zstd.h>

enum {
	FIRST_SIZE = 128 << 10,
	PACKED_SIZE = 32 << 10,
	WINDOW_LOG_MAX = 23, /* as zstd -19 packs, if somebody did so by hand */
};

struct journal_lines {
	int fd;
	bool owns_fd;
	uint64_t at, until; /* next byte to read of the file, and where to stop */
	char *text;
	size_t size, start, end; /* what is read and not given out: text[start..end) */
	size_t searched;         /* no newline before this place */
	uint64_t given;
	const char *fault;
	ZSTD_DStream *unpacker; /* null for a plain file */
	char *packed;           /* PACKED_SIZE bytes */
	ZSTD_inBuffer in;
	bool in_frame; /* the packed bytes so far end inside a frame */
};

static struct journal_lines *create(int fd, uint64_t from, uint64_t until)
{
	struct journal_lines *l = memory_calloc(1, sizeof *l);
	l->fd = fd;
	l->at = from;
	l->until = until;
	l->size = FIRST_SIZE;
	l->text = memory_realloc(NULL, l->size);
	return l;
}

struct journal_lines *journal_lines_create(int fd, bool packed)
{
	struct journal_lines *l = create(fd, 0, UINT64_MAX);
	l->owns_fd = true;
	if (packed) {
		l->packed = memory_realloc(NULL, PACKED_SIZE);
		l->in.src = l->packed;
		l->unpacker = ZSTD_createDStream();
		if (l->unpacker == NULL || ZSTD_isError(ZSTD_DCtx_setParameter(l->unpacker,
						   ZSTD_d_windowLogMax, WINDOW_LOG_MAX)))
			l->fault = "no memory to unpack it";
	}
	return l;
}

struct journal_lines *journal_lines_create_part(int fd, uint64_t from, uint64_t until)
{
	return create(fd, from, until);
}

void journal_lines_destroy(struct journal_lines *l)
{
	if (l == NULL)
		return;
	if (l->owns_fd)
		close(l->fd);
	ZSTD_freeDStream(l->unpacker);
	free(l->packed);
	free(l->text);
	free(l);
}

/* Up to `size` bytes of the file; 0 at its end, and -1 where it cannot be read. */
static ssize_t read_file(struct journal_lines *l, void *out, size_t size)
{
	uint64_t left = l->until - l->at;
	ssize_t n;
	if (left < size)
		size = (size_t)left;
	do
		n = pread(l->fd, out, size, (off_t)l->at);
	while (n < 0 && errno == EINTR);
	if (n < 0)
		l->fault = "cannot be read";
	else
		l->at += (uint64_t)n;
	return n;
}

/* Up to `size` unpacked bytes, as read_file. */
static ssize_t read_packed(struct journal_lines *l, void *out, size_t size)
{
	ZSTD_outBuffer to = {out, size, 0};
	while (to.pos == 0) {
		bool at_end = false;
		if (l->in.pos == l->in.size) {
			ssize_t n = read_file(l, l->packed, PACKED_SIZE);
			if (n < 0)
				return -1;
			at_end = n == 0;
			l->in.pos = 0;
			l->in.size = (size_t)n;
		}
		if (at_end && !l->in_frame)
			return 0;
		size_t rest = ZSTD_decompressStream(l->unpacker, &to, &l->in);
		if (ZSTD_isError(rest)) {
			l->fault = "its packed bytes are damaged";
			return -1;
		}
		l->in_frame = rest != 0;
		if (at_end && to.pos == 0 && l->in_frame) {
			l->fault = "its packed bytes end too early";
			return -1;
		}
	}
	return (ssize_t)to.pos;
}

/* Room behind `end`, by moving what is there to the front, or by more memory. */
static void make_room(struct journal_lines *l)
{
	if (l->end < l->size)
		return;
	if (l->start > 0) {
		memmove(l->text, l->text + l->start, l->end - l->start);
		l->end -= l->start;
		l->searched -= l->start;
		l->start = 0;
		return;
	}
	l->size *= 2;
	l->text = memory_realloc(l->text, l->size);
}

static enum journal_lines_result give(
	struct journal_lines *l, size_t length, size_t taken, const char **line, size_t *out)
{
	*line = l->text + l->start;
	*out = length;
	l->start += taken;
	l->searched = l->start;
	l->given += taken;
	return JOURNAL_LINES_LINE;
}

enum journal_lines_result journal_lines_next(
	struct journal_lines *l, const char **line, size_t *length)
{
	for (;;) {
		char *from = l->text + l->searched;
		char *newline = memchr(from, '\n', l->end - l->searched);
		if (newline != NULL) {
			size_t n = (size_t)(newline - l->text) - l->start;
			return give(l, n, n + 1, line, length);
		}
		l->searched = l->end;
		if (l->end - l->start >= JOURNAL_LINE_MAX)
			return give(l, JOURNAL_LINE_MAX, JOURNAL_LINE_MAX, line, length);
		if (l->fault != NULL)
			return JOURNAL_LINES_BROKEN;
		make_room(l);
		ssize_t n = l->unpacker != NULL ? read_packed(l, l->text + l->end, l->size - l->end)
						: read_file(l, l->text + l->end, l->size - l->end);
		if (n < 0)
			return JOURNAL_LINES_BROKEN;
		l->end += (size_t)n;
		if (n == 0) {
			*line = l->text + l->start;
			*length = l->end - l->start;
			return *length > 0 ? JOURNAL_LINES_REST : JOURNAL_LINES_END;
		}
	}
}

uint64_t journal_lines_bytes(const struct journal_lines *l)
{
	return l->given;
}

const char *journal_lines_fault(const struct journal_lines *l)
{
	return l->fault;
}
