/* SPDX-License-Identifier: ISC */
/*
 * access_reader - the lines of a hosts.allow or hosts.deny file, one after the other, as the rules see them.
 *
 * A logical line is made of physical ones: a backslash right before the newline joins (both go, nothing is put in),
 * and joining comes before everything else, so that a comment may swallow the next line. A NUL byte takes the
 * rest of its physical line away, the newline too. CR LF does not join. All of this is what the original's
 * xgets() did (Debian 7.6.q), measured on it.
 * Not as the original: a line may be long, and the last one needs no newline (docs/access-differences.md).
 *
 * Reads in pieces and holds no more than the longest line twice; the file may change or shrink meanwhile.
 *
 * Tests: tests/unit/access/test_access_reader.c
 */
#ifndef KW_ACCESS_ACCESS_READER_H
#define KW_ACCESS_ACCESS_READER_H

#include "base/text_buffer.h"
#include "base/text_slice.h"

#include <errno.h>
#include <stdbool.h>
#include <stdint.h>

/* A line that is longer is no line: EFBIG. No rule is, and whoever may fill this daemon's memory must not. */
enum { ACCESS_READER_LINE_MAX = 16 << 20 };

/* errno of access_reader_open for a pipe, a device, a socket. */
enum { ACCESS_READER_NO_FILE = EINVAL };

struct access_line {
	struct text_slice text; /* without its newline; valid until the next call */
	uint64_t offset;        /* of its first byte in the file */
	unsigned first;         /* number of its first physical line, from 1 */
	unsigned number;        /* of its last one: what the original tells (which does not count lines with a NUL) */
	bool ended;             /* it had a newline of its own: not the last one of a file that ends without */
	bool cut_by_nul;        /* a NUL byte took a part of it away */
	/* Of a line that access_index gave alone: its table is strict, and it is broken there (access_fit). */
	bool strict, broken;
};

enum access_reader_result {
	ACCESS_READER_LINE,
	ACCESS_READER_END,
	ACCESS_READER_FAILED, /* errno of read(), ENOMEM or EFBIG; what was read so far was told before */
};

struct access_reader {
	int fd;          /* borrowed */
	char *buffer;    /* owned */
	size_t size;     /* of the buffer */
	size_t start;    /* where the next line begins in it */
	size_t end;      /* where what was read ends in it */
	uint64_t offset; /* of buffer[start] in the file */
	unsigned number; /* physical lines before it */
	char *joined;    /* owned: a line made of several */
	size_t joined_size;
	bool at_end;     /* read() has given 0 */
	bool has_nul;    /* a NUL byte was read */
	bool lent;       /* `buffer` is the caller's */
};

/* Reads from where the descriptor stands, which is taken for line `lines_before` + 1 at `offset`. */
void access_reader_init(struct access_reader *r, int fd, uint64_t offset, unsigned lines_before);
/* Reads from memory that the caller keeps until access_reader_clear. */
void access_reader_init_over(struct access_reader *r, struct text_slice file);
enum access_reader_result access_reader_next(struct access_reader *r, struct access_line *out);
void access_reader_clear(struct access_reader *r);

/*
 * Opens a table: read-only, close-on-exec. -1 with errno; ENOENT means an empty table, everything else that it cannot be
 * read: EISDIR for a directory, ACCESS_READER_NO_FILE for what is no plain file and not /dev/null. Nothing is waited for: a
 * pipe would keep the daemon until somebody writes into it.
 */
int access_reader_open(const char *path);
/* What an errno of it means, in words. */
void access_reader_add_fault(struct text_buffer *out, int fault);

#endif
