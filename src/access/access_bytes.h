/* SPDX-License-Identifier: ISC */
/*
 * access_bytes - bytes that are looked into here and there: memory, or a file that is read in pieces.
 *
 * Who asks once reads the few pieces that it needs: thirty megabytes for that cost more. Who asks often loads them. No file
 * is ever mapped: one that is shortened while it is mapped kills the program (SIGBUS).
 *
 * Sums (access_sum) may stand behind the bytes, one for each piece of 512. Once they are told of, no byte is given before
 * the sum of its piece fits.
 *
 * Whatever is wanted outside, cannot be read or does not fit its sum gives null and sets `failed`, which stays set.
 *
 * Tests: tests/unit/access/test_access_bytes.c
 */
#ifndef KW_ACCESS_ACCESS_BYTES_H
#define KW_ACCESS_ACCESS_BYTES_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stdint.h>

struct access_bytes_pieces;

struct access_bytes {
	const char *memory; /* all of them; null: read in pieces */
	uint64_t size;
	bool failed;
	bool damaged; /* a sum did not fit, or the file could not be read: it is not as it was written */
	bool summed;  /* sums stand from `size` on, made with `seed` */
	enum access_bytes_owner {
		ACCESS_BYTES_BORROWED,
		ACCESS_BYTES_ALLOCATED,
	} owner;                            /* of `memory` */
	uint64_t seed;
	uint64_t line_start, line_end;      /* of the line that was cut last, in memory; both 0: none was */
	struct access_bytes_pieces *pieces; /* owned; null with memory */
};

static inline struct access_bytes access_bytes_over(const void *memory, uint64_t size)
{
	return (struct access_bytes){.memory = memory, .size = size};
}
/* The whole file, or in pieces; `fd` belongs to the bytes when this is true. False with errno. */
bool access_bytes_read_all(struct access_bytes *out, int fd, uint64_t size);
bool access_bytes_read_pieces(struct access_bytes *out, int fd, uint64_t size);
void access_bytes_clear(struct access_bytes *b);

enum {
	ACCESS_BYTES_PIECE = 512,
	ACCESS_BYTES_PIECES = 32,
};

/* Of bytes that have sums behind them: how many of them there are. */
static inline uint64_t access_bytes_sums(uint64_t size)
{
	return size / ACCESS_BYTES_PIECE + (size % ACCESS_BYTES_PIECE != 0);
}
/*
 * From now on the bytes end at `size`, a multiple of 32, and what stands behind are their sums. Those in memory are compared at
 * once, others when a piece is read. False where they do not fit, or are not all there.
 */
bool access_bytes_expect_sums(struct access_bytes *b, uint64_t size, uint64_t seed);

/* What is read in pieces becomes memory, and its file is closed. False, and the bytes have failed, where that is not possible. */
bool access_bytes_load(struct access_bytes *b);
/* Closes the file of what is read in pieces. What was given stays valid; no more can be had. */
void access_bytes_close_file(struct access_bytes *b);

const void *access_bytes_piece_at(struct access_bytes *b, uint64_t offset, uint64_t length);

/*
 * `length` bytes, which must not cross a multiple of 512 (so says who laid them out). Valid until 32 other places were
 * looked at, where bytes are read in pieces.
 */
static inline const void *access_bytes_at(struct access_bytes *b, uint64_t offset, uint64_t length)
{
	if (offset > b->size || length > b->size - offset) {
		b->failed = true;
		return NULL;
	}
	return b->memory ? b->memory + offset : access_bytes_piece_at(b, offset, length);
}

/* Copies bytes of any length. */
bool access_bytes_copy(struct access_bytes *b, uint64_t offset, uint64_t length, void *to);

/*
 * What stands around `offset` between two newlines, all in [from, to). Null slice and `failed` if there is none. Valid until
 * the next call. `before` gets how many bytes of it stand before `offset`.
 */
struct text_slice access_bytes_line_around(struct access_bytes *b, uint64_t offset, uint64_t from, uint64_t to, uint64_t *before);

#endif
