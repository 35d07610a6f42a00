/* SPDX-License-Identifier: ISC */
/*
 * A plain physical line is given out where it lies in the buffer; only lines that are made of several are copied
 * (`joined`). Whether a NUL byte is anywhere is found once a piece that is read, so that the usual line costs one
 * search for its newline.
 *
 *     buffer:  |....given out....|start  ...not yet...  end|....room....|
 */
#include "access/access_reader.h"

#include <errno.h>
#include <fcntl.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/sysmacros.h>
#include <unistd.h>

enum { PIECE = 64 << 10 };

void access_reader_init(struct access_reader *r, int fd, uint64_t offset, unsigned lines_before)
{
	*r = (struct access_reader){.fd = fd, .offset = offset, .number = lines_before};
}

void access_reader_init_over(struct access_reader *r, struct text_slice file)
{
	/* At its end from the beginning, so that nothing is ever written to it. */
	*r = (struct access_reader){.fd = -1,
		.buffer = (char *)(uintptr_t)file.start,
		.size = file.length,
		.end = file.length,
		.at_end = true,
		.lent = true};
	r->has_nul = file.length > 0 && memchr(file.start, '\0', file.length);
}

void access_reader_clear(struct access_reader *r)
{
	if (!r->lent)
		free(r->buffer);
	free(r->joined);
	*r = (struct access_reader){.fd = -1, .at_end = true};
}

/* Memory for at least `wanted` bytes, doubled so that a long line costs no more than twice its length. */
static bool make_room(char **memory, size_t *size, size_t wanted)
{
	size_t bigger = *size ? *size : PIECE;
	while (bigger < wanted)
		bigger *= 2;
	if (bigger == *size)
		return true;
	if (bigger > ACCESS_READER_LINE_MAX) {
		errno = EFBIG;
		return false;
	}
	char *moved = realloc(*memory, bigger);
	if (!moved)
		return false;
	*memory = moved;
	*size = bigger;
	return true;
}

/* Reads once more behind `end`. False with errno when it cannot. */
static bool refill(struct access_reader *r)
{
	if (r->start > 0) {
		memmove(r->buffer, r->buffer + r->start, r->end - r->start);
		r->offset += r->start;
		r->end -= r->start;
		r->start = 0;
	}
	if (r->end == r->size && !make_room(&r->buffer, &r->size, r->end + 1))
		return false;
	ssize_t n;
	do {
		n = read(r->fd, r->buffer + r->end, r->size - r->end);
	} while (n < 0 && errno == EINTR);
	if (n < 0)
		return false;
	r->at_end = n == 0;
	r->has_nul = r->has_nul || memchr(r->buffer + r->end, '\0', (size_t)n);
	r->end += (size_t)n;
	return true;
}

/* The next physical line, without its newline. */
static enum access_reader_result next_physical(struct access_reader *r, struct text_slice *line, bool *ended)
{
	size_t searched = 0;
	for (;;) {
		size_t from = r->start + searched;
		const char *newline = r->end > from ? memchr(r->buffer + from, '\n', r->end - from) : NULL;
		if (newline || (r->at_end && r->end > r->start)) {
			const char *start = r->buffer + r->start;
			*line = (struct text_slice){start, (size_t)((newline ? newline : r->buffer + r->end) - start)};
			*ended = newline;
			r->start += line->length + (newline ? 1 : 0);
			r->number++;
			return ACCESS_READER_LINE;
		}
		if (r->at_end)
			return ACCESS_READER_END;
		searched = r->end - r->start;
		if (!refill(r))
			return ACCESS_READER_FAILED;
	}
}

/* How one physical line goes on. */
enum ending {
	ENDS_HERE,
	JOINS,      /* by its last backslash: with nothing, where it is the last line */
	CUT_BY_NUL, /* its newline is lost with the rest */
};

static enum ending cut_physical(const struct access_reader *r, struct text_slice *piece)
{
	if (r->has_nul) {
		const char *nul = memchr(piece->start, '\0', piece->length);
		if (nul) {
			piece->length = (size_t)(nul - piece->start);
			return CUT_BY_NUL;
		}
	}
	if (piece->length > 0 && piece->start[piece->length - 1] == '\\') {
		piece->length--;
		return JOINS;
	}
	return ENDS_HERE;
}

static bool join(struct access_reader *r, size_t used, struct text_slice piece)
{
	if (used + piece.length == 0)
		return true;
	if (!make_room(&r->joined, &r->joined_size, used + piece.length))
		return false;
	memcpy(r->joined + used, piece.start, piece.length);
	return true;
}

/* Goes on with the line that begins with `piece`. */
static enum access_reader_result join_pieces(
	struct access_reader *r, struct text_slice piece, enum ending ending, struct access_line *out)
{
	size_t used = 0;
	for (;;) {
		if (!join(r, used, piece))
			return ACCESS_READER_FAILED;
		used += piece.length;
		out->cut_by_nul = out->cut_by_nul || ending == CUT_BY_NUL;
		if (ending == ENDS_HERE)
			break;
		out->ended = false;
		enum access_reader_result result = next_physical(r, &piece, &out->ended);
		if (result == ACCESS_READER_FAILED || (result == ACCESS_READER_END && used == 0))
			return result;
		if (result == ACCESS_READER_END)
			break;
		ending = cut_physical(r, &piece);
	}
	out->text = (struct text_slice){used ? r->joined : "", used};
	out->number = r->number;
	return ACCESS_READER_LINE;
}

enum access_reader_result access_reader_next(struct access_reader *r, struct access_line *out)
{
	struct text_slice piece;
	bool ended;
	enum access_reader_result result = next_physical(r, &piece, &ended);
	if (result != ACCESS_READER_LINE)
		return result;
	out->offset = r->offset + (uint64_t)(piece.start - r->buffer);
	out->first = out->number = r->number;
	out->ended = ended;
	out->cut_by_nul = false;
	out->strict = out->broken = false;
	enum ending ending = cut_physical(r, &piece);
	if (ending != ENDS_HERE)
		return join_pieces(r, piece, ending, out);
	out->text = piece;
	return ACCESS_READER_LINE;
}

/* Zero, or why it is no table. The null device is what people link to who want an empty one. */
static int fault_of(const struct stat *s)
{
	static const unsigned null_major = 1, null_minor = 3;
	if (S_ISREG(s->st_mode) || (S_ISCHR(s->st_mode) && s->st_rdev == makedev(null_major, null_minor)))
		return 0;
	return S_ISDIR(s->st_mode) ? EISDIR : ACCESS_READER_NO_FILE;
}

int access_reader_open(const char *path)
{
	int fd = open(path, O_RDONLY | O_CLOEXEC | O_NOCTTY | O_NONBLOCK);
	if (fd < 0) {
		if (errno == ENXIO) /* a socket */
			errno = ACCESS_READER_NO_FILE;
		return -1;
	}
	struct stat s;
	int fault = fstat(fd, &s) < 0 ? errno : fault_of(&s);
	if (!fault)
		return fd;
	close(fd);
	errno = fault;
	return -1;
}

void access_reader_add_fault(struct text_buffer *out, int fault)
{
	char reason[128];
	if (fault == ACCESS_READER_NO_FILE)
		text_buffer_add(out, "it is no plain file");
	else if (strerror_r(fault, reason, sizeof reason) == 0)
		text_buffer_add(out, reason);
	else
		text_buffer_printf(out, "error %d", fault);
}
