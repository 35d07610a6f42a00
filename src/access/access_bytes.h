/* SPDX-License-Identifier: ISC */
/*
 * access_bytes - bytes that are looked into here and there: memory, a file that is mapped, or one that is read in pieces.
 *
 * Who asks once reads the few pieces that it needs: mapping thirty megabytes for that costs more, and a mapped file that
 * somebody truncates kills the program (SIGBUS). Who asks often maps.
 *
 * Whatever is wanted outside, or cannot be read, gives null and sets `failed`, which stays set.
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
	enum access_bytes_owner {
		ACCESS_BYTES_BORROWED,
		ACCESS_BYTES_ALLOCATED,
		ACCESS_BYTES_MAPPED,
	} owner;                            /* of `memory` */
	struct access_bytes_pieces *pieces; /* owned; null with memory */
};

static inline struct access_bytes access_bytes_over(const void *memory, uint64_t size)
{
	return (struct access_bytes){.memory = memory, .size = size};
}
/* The whole file, read or mapped, or in pieces; `fd` belongs to the bytes when this is true. False with errno. */
bool access_bytes_read_all(struct access_bytes *out, int fd, uint64_t size);
bool access_bytes_map(struct access_bytes *out, int fd, uint64_t size);
bool access_bytes_read_pieces(struct access_bytes *out, int fd, uint64_t size);
void access_bytes_clear(struct access_bytes *b);

enum {
	ACCESS_BYTES_PIECE = 512,
	ACCESS_BYTES_PIECES = 32,
};
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
