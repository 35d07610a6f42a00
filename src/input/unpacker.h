/* SPDX-License-Identifier: ISC */
/*
 * unpacker - one way of unpacking a stream (gzip, xz, zstd), as a row in a table.
 *
 * An unpacker works on one member at a time: a gzip member, an xz stream, a zstd frame. The caller
 * feeds it stretches of packed bytes and gives it room for unpacked ones; nothing is kept but the
 * library's own state, so that a bomb costs time and never memory. A member that asks for a window
 * of more than 2^UNPACKER_WINDOW_LOG bytes, or for more memory than the caller grants, is refused. Magic numbers: RFC 1952, the .xz file
 * format 1.1, RFC 8878.
 *
 * Owner: byte_stream.   Tests: tests/unit/input/test_byte_stream.c
 */
#ifndef KW_INPUT_UNPACKER_H
#define KW_INPUT_UNPACKER_H

#include <stddef.h>
#include <stdint.h>

/* What xz -9 and zstd --ultra -21 need, and no more. */
#define UNPACKER_WINDOW_LOG 26 /* 64 MiB */
/* What the libraries need beside the window. */
#define UNPACKER_BESIDE (UINT64_C(2) << 20)
#define UNPACKER_MOST ((UINT64_C(1) << UNPACKER_WINDOW_LOG) + UNPACKER_BESIDE)
/* Bytes that must be seen to choose an unpacker. */
#define UNPACKER_MAGIC_MAX 6

enum unpacker_result {
	UNPACKER_MORE,   /* wants more input, or more room */
	UNPACKER_MEMBER, /* the member ended well; input behind it is untouched */
	UNPACKER_FAULT,  /* broken from here; what was written before is good as far as one can know
			  */
	UNPACKER_LARGE,  /* asks for more memory than it was granted */
};

/* The step's input and output: the step moves the starts and shrinks the sizes. */
struct unpacker_span {
	const uint8_t *in;
	size_t in_left;
	uint8_t *out;
	size_t out_left;
};

struct unpacker {
	const char *name;                  /* "gzip" */
	uint8_t magic[UNPACKER_MAGIC_MAX]; /* first bytes of a member */
	uint8_t magic_length;
	uint8_t first_mask; /* of the first magic byte: zstd's skippable frames are sixteen in a row
			     */
	/* State for one member that may take `most` bytes; null if the library has no memory for it. */
	void *(*start)(uint64_t most);
	/* Grants `most` bytes from now on; what it holds now. */
	uint64_t (*hold)(void *state, uint64_t most);
	/* Goes on until input or room is used up or the member ends. `fault` gets constant text. */
	enum unpacker_result (*step)(void *state, struct unpacker_span *span, const char **fault);
	void (*stop)(void *state);
};

/* The unpacker whose member begins with these bytes; null for none. */
const struct unpacker *unpacker_for_magic(const uint8_t *bytes, size_t size);

#endif
