/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memrchr */
#include "access/access_bytes.h"

#include "access/access_pile.h"
#include "access/access_sum.h"

#include <assert.h>
#include <errno.h>
#include <stdlib.h>
#include <unistd.h>

struct access_bytes_pieces {
	int fd; /* -1: closed */
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
	char *memory = malloc(size + 1); /* an empty file is no want of memory */
	if (memory == NULL || !read_fully(fd, memory, size, 0)) {
		free(memory);
		return false;
	}
	close(fd);
	*out = (struct access_bytes){.memory = memory, .size = size, .owner = ACCESS_BYTES_ALLOCATED};
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

void access_bytes_close_file(struct access_bytes *b)
{
	if (b->pieces == NULL || b->pieces->fd < 0)
		return;
	close(b->pieces->fd);
	b->pieces->fd = -1;
}

static void drop_pieces(struct access_bytes *b)
{
	if (b->pieces == NULL)
		return;
	access_bytes_close_file(b);
	free(b->pieces->span);
	free(b->pieces);
	b->pieces = NULL;
}

void access_bytes_clear(struct access_bytes *b)
{
	drop_pieces(b);
	switch (b->owner) {
	case ACCESS_BYTES_BORROWED:
		break;
	case ACCESS_BYTES_ALLOCATED:
		free((void *)b->memory);
		break;
	}
	*b = (struct access_bytes){0};
}

static bool read_into(struct access_bytes *b, char *to, uint64_t length, uint64_t offset)
{
	if (b->pieces->fd >= 0 && read_fully(b->pieces->fd, to, length, offset))
		return true;
	b->damaged = b->damaged || b->pieces->fd >= 0;
	b->failed = true;
	return false;
}

/* Sums of pieces from number `first` on. */
static bool read_sums(struct access_bytes *b, uint64_t first, uint64_t count, uint64_t *sums)
{
	const uint64_t at = b->size + first * sizeof *sums;
	if (b->memory == NULL)
		return read_into(b, (char *)sums, count * sizeof *sums, at);
	memcpy(sums, b->memory + at, count * sizeof *sums);
	return true;
}

/* Do the bytes of whole pieces from `start` on fit their sums? */
static bool fit_sums(struct access_bytes *b, const char *bytes, uint64_t start, uint64_t length)
{
	enum { AT_ONCE = 64 };
	uint64_t sums[AT_ONCE];
	for (uint64_t piece = 0, count = access_bytes_sums(length); piece < count; piece++) {
		const uint64_t index = start / ACCESS_BYTES_PIECE + piece, offset = piece * ACCESS_BYTES_PIECE;
		const uint64_t left = length - offset, here = left < ACCESS_BYTES_PIECE ? left : ACCESS_BYTES_PIECE;
		if (piece % AT_ONCE == 0 &&
			!read_sums(b, index, count - piece < AT_ONCE ? count - piece : AT_ONCE, sums))
			return false;
		if (access_sum_of(bytes + offset, here, b->seed, index) != sums[piece % AT_ONCE]) {
			b->failed = b->damaged = true;
			return false;
		}
	}
	return true;
}

/* Whole pieces, as far as there are bytes. */
static bool read_checked(struct access_bytes *b, char *to, uint64_t length, uint64_t start)
{
	return read_into(b, to, length, start) && (!b->summed || fit_sums(b, to, start, length));
}

/* Those that were read before sums were expected. */
static bool kept_pieces_fit(struct access_bytes *b)
{
	struct access_bytes_pieces *p = b->pieces;
	for (unsigned i = 0; i < ACCESS_BYTES_PIECES; i++) {
		if (p->length[i] == 0)
			continue;
		if (p->start[i] + p->length[i] > b->size)
			p->length[i] = 0; /* ends otherwise now */
		else if (!fit_sums(b, p->bytes[i], p->start[i], p->length[i]))
			return false;
	}
	return true;
}

bool access_bytes_expect_sums(struct access_bytes *b, uint64_t size, uint64_t seed)
{
	const bool all_there = size <= b->size && size % ACCESS_SUM_BLOCK == 0 &&
			       access_bytes_sums(size) == (b->size - size) / sizeof(uint64_t);
	if (!all_there) {
		b->failed = b->damaged = true;
		return false;
	}
	b->size = size;
	b->seed = seed;
	b->summed = true;
	return b->memory != NULL ? fit_sums(b, b->memory, 0, b->size) : kept_pieces_fit(b);
}

bool access_bytes_load(struct access_bytes *b)
{
	struct access_pile all = {0};
	if (b->memory != NULL)
		return true;
	char *memory = b->size <= SIZE_MAX ? malloc(b->size) : NULL;
	if (memory == NULL) {
		b->failed = true;
		return false;
	}
	all = (struct access_pile){.bytes = memory, .size = b->size};
	access_pile_use_huge_pages(&all);
	if (!read_checked(b, memory, b->size, 0)) {
		free(memory);
		return false;
	}
	drop_pieces(b);
	b->memory = memory;
	b->owner = ACCESS_BYTES_ALLOCATED;
	return true;
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
	if (!read_checked(b, p->bytes[slot], there, start))
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
	for (char *at = to; length > 0;) {
		const uint64_t left = ACCESS_BYTES_PIECE - offset % ACCESS_BYTES_PIECE, here = left < length ? left : length;
		const char *piece = access_bytes_at(b, offset, here);
		if (piece == NULL)
			return false;
		memcpy(at, piece, here);
		at += here;
		offset += here;
		length -= here;
	}
	return true;
}

/* In memory a line is often asked for twice: is the word that was meant in it, and does it fit? */
static bool cut_same_line(const struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line,
	uint64_t *before)
{
	if (offset < b->line_start || offset > b->line_end || b->line_start <= from || b->line_end >= to)
		return false;
	*line = (struct text_slice){b->memory + b->line_start, (size_t)(b->line_end - b->line_start)};
	*before = offset - b->line_start;
	return true;
}

/* Within the memory of [from, to). False if there is no newline on one side. */
static bool cut_line(const char *memory, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line, uint64_t *before)
{
	const char *here = memory + (offset - from);
	const char *end = memchr(here, '\n', to - offset), *newline = memrchr(memory, '\n', offset - from);
	if (newline == NULL || end == NULL)
		return false;
	*line = (struct text_slice){newline + 1, (size_t)(end - newline) - 1};
	*before = (uint64_t)(here - newline) - 1;
	return true;
}

/* The pieces in which these bytes are. */
static bool read_span(struct access_bytes *b, uint64_t from, uint64_t to)
{
	struct access_bytes_pieces *p = b->pieces;
	const uint64_t over = to % ACCESS_BYTES_PIECE ? ACCESS_BYTES_PIECE - to % ACCESS_BYTES_PIECE : 0;
	from -= from % ACCESS_BYTES_PIECE;
	to += over < b->size - to ? over : b->size - to;
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
	if (!read_checked(b, p->span, to - from, from))
		return false;
	p->span_start = from;
	p->span_end = to;
	return true;
}

/* In what was read last, as far as it is in [from, to). */
static bool cut_from_span(const struct access_bytes_pieces *p, uint64_t offset, uint64_t from, uint64_t to,
	struct text_slice *line, uint64_t *before)
{
	const uint64_t first = p->span_start < from ? from : p->span_start, end = p->span_end < to ? p->span_end : to;
	return first <= offset && offset < end &&
	       cut_line(p->span + (first - p->span_start), offset, first, end, line, before);
}

/* A wider piece each time, until there are newlines on both sides. */
static bool read_line_around(
	struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line, uint64_t *before)
{
	struct access_bytes_pieces *p = b->pieces;
	if (cut_from_span(p, offset, from, to, line, before))
		return true;
	for (uint64_t reach = ACCESS_BYTES_PIECE / 2;; reach *= 4) {
		const uint64_t start = offset - from < reach ? from : offset - reach;
		const uint64_t end = to - offset < reach ? to : offset + reach;
		if (!read_span(b, start, end))
			return false;
		if (cut_from_span(p, offset, from, to, line, before))
			return true;
		if (start == from && end == to)
			return false;
	}
}

static bool cut_in_memory(
	struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, struct text_slice *line, uint64_t *before)
{
	if (cut_same_line(b, offset, from, to, line, before))
		return true;
	if (!cut_line(b->memory + from, offset, from, to, line, before))
		return false;
	b->line_start = (uint64_t)(line->start - b->memory);
	b->line_end = b->line_start + line->length;
	return true;
}

struct text_slice access_bytes_line_around(struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, uint64_t *before)
{
	struct text_slice line = {NULL, 0};
	bool found = from <= offset && offset < to && to <= b->size;
	if (found && b->memory != NULL)
		found = cut_in_memory(b, offset, from, to, &line, before);
	else if (found)
		found = read_line_around(b, offset, from, to, &line, before);
	if (!found)
		b->failed = true;
	return line;
}
