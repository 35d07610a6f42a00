/* SPDX-License-Identifier: ISC */
#include "access/access_bytes.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <sys/mman.h>
#include <unistd.h>

struct access_bytes_pieces {
	int fd;
	unsigned next; /* the one that goes when another comes */
	uint64_t start[ACCESS_BYTES_PIECES];
	uint64_t length[ACCESS_BYTES_PIECES]; /* 0: none yet */
	char bytes[ACCESS_BYTES_PIECES][ACCESS_BYTES_PIECE];
	char *span; /* owned: what a line was looked for in */
	size_t span_size;
	uint64_t span_start, span_end;
};

static bool read_fully(int fd, char *to, uint64_t length, uint64_t offset)
{
	for (uint64_t got = 0; got < length;) {
		ssize_t n = pread(fd, to + got, length - got, (off_t)(offset + got));
		if (n < 0 && errno == EINTR)
			continue;
		if (n == 0)
			errno = EIO; /* it shrank */
		if (n <= 0)
			return false;
		got += (uint64_t)n;
	}
	return true;
}

bool access_bytes_read_all(struct access_bytes *out, int fd, uint64_t size)
{
	char *memory = malloc(size);
	if (memory == NULL || !read_fully(fd, memory, size, 0)) {
		free(memory);
		return false;
	}
	close(fd);
	*out = (struct access_bytes){.memory = memory, .size = size, .owner = ACCESS_BYTES_ALLOCATED};
	return true;
}

bool access_bytes_map(struct access_bytes *out, int fd, uint64_t size)
{
	void *memory = mmap(NULL, size, PROT_READ, MAP_PRIVATE, fd, 0);
	if (memory == MAP_FAILED)
		return false;
	close(fd);
	*out = (struct access_bytes){.memory = memory, .size = size, .owner = ACCESS_BYTES_MAPPED};
	return true;
}

bool access_bytes_read_pieces(struct access_bytes *out, int fd, uint64_t size)
{
	struct access_bytes_pieces *p = malloc(sizeof *p);
	if (p == NULL)
		return false;
	memset(p, 0, offsetof(struct access_bytes_pieces, bytes));
	p->fd = fd;
	p->span = NULL;
	p->span_size = 0;
	p->span_start = p->span_end = 0;
	*out = (struct access_bytes){.size = size, .pieces = p};
	return true;
}

void access_bytes_clear(struct access_bytes *b)
{
	if (b->pieces != NULL) {
		close(b->pieces->fd);
		free(b->pieces->span);
		free(b->pieces);
	}
	switch (b->owner) {
	case ACCESS_BYTES_BORROWED:
		break;
	case ACCESS_BYTES_ALLOCATED:
		free((void *)b->memory);
		break;
	case ACCESS_BYTES_MAPPED:
		munmap((void *)b->memory, b->size);
		break;
	}
	*b = (struct access_bytes){0};
}

static bool read_into(struct access_bytes *b, char *to, uint64_t length, uint64_t offset)
{
	if (read_fully(b->pieces->fd, to, length, offset))
		return true;
	b->failed = true;
	return false;
}

const void *access_bytes_piece_at(struct access_bytes *b, uint64_t offset, uint64_t length)
{
	struct access_bytes_pieces *p = b->pieces;
	const uint64_t start = offset - offset % ACCESS_BYTES_PIECE;
	assert(offset + length <= start + ACCESS_BYTES_PIECE);
	for (unsigned i = 0; i < ACCESS_BYTES_PIECES; i++) {
		if (p->length[i] > 0 && p->start[i] == start)
			return p->bytes[i] + (offset - start);
	}
	const unsigned slot = p->next++ % ACCESS_BYTES_PIECES;
	const uint64_t there = b->size - start < ACCESS_BYTES_PIECE ? b->size - start : ACCESS_BYTES_PIECE;
	p->length[slot] = 0;
	if (!read_into(b, p->bytes[slot], there, start))
		return NULL;
	p->start[slot] = start;
	p->length[slot] = there;
	return p->bytes[slot] + (offset - start);
}

bool access_bytes_copy(struct access_bytes *b, uint64_t offset, uint64_t length, void *to)
{
	if (offset > b->size || length > b->size - offset) {
		b->failed = true;
		return false;
	}
	if (b->memory == NULL)
		return read_into(b, to, length, offset);
	memcpy(to, b->memory + offset, length);
	return true;
}

/* Within the memory of [from, to). False if there is no newline on one side. */
static bool cut_line(const char *memory, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line, uint64_t *before)
{
	const char *here = memory + (offset - from);
	const char *end = memchr(here, '\n', to - offset), *start = here;
	while (start > memory && start[-1] != '\n')
		start--;
	if (start == memory || end == NULL)
		return false;
	*line = (struct text_slice){start, (size_t)(end - start)};
	*before = (uint64_t)(here - start);
	return true;
}

static bool read_span(struct access_bytes *b, uint64_t from, uint64_t to)
{
	struct access_bytes_pieces *p = b->pieces;
	if (to - from > p->span_size) {
		char *grown = realloc(p->span, to - from);
		if (grown == NULL) {
			b->failed = true;
			return false;
		}
		p->span = grown;
		p->span_size = to - from;
	}
	p->span_start = p->span_end = 0;
	if (!read_into(b, p->span, to - from, from))
		return false;
	p->span_start = from;
	p->span_end = to;
	return true;
}

/* A wider piece each time, until there are newlines on both sides. */
static bool read_line_around(
	struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line, uint64_t *before)
{
	struct access_bytes_pieces *p = b->pieces;
	if (p->span_start <= offset && offset < p->span_end && from <= p->span_start && p->span_end <= to &&
		cut_line(p->span, offset, p->span_start, p->span_end, line, before))
		return true;
	for (uint64_t reach = ACCESS_BYTES_PIECE / 2;; reach *= 4) {
		const uint64_t start = offset - from < reach ? from : offset - reach;
		const uint64_t end = to - offset < reach ? to : offset + reach;
		if (!read_span(b, start, end))
			return false;
		if (cut_line(p->span, offset, start, end, line, before))
			return true;
		if (start == from && end == to)
			return false;
	}
}

struct text_slice access_bytes_line_around(struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, uint64_t *before)
{
	struct text_slice line = {NULL, 0};
	bool found = from <= offset && offset < to && to <= b->size;
	if (found && b->memory != NULL)
		found = cut_line(b->memory + from, offset, from, to, &line, before);
	else if (found)
		found = read_line_around(b, offset, from, to, &line, before);
	if (!found)
		b->failed = true;
	return line;
}
