/* SPDX-License-Identifier: ISC */
/*
 * byte_window - the stretch of a byte stream that a parser looks at, always in one piece.
 *
 * A parser asks for as many bytes as its next record has, looks at them in place and moves on. What
 * lies at `at` stays where it is until the next byte_window_want that has to read.
 *
 * Why read() into a window and not mmap: the copy costs about 5 ns a packet as long as it stays in
 * the second-level cache (steps of 64 KiB to 1 MiB measured alike), next to 20 ns for decoding; and
 * a window also serves pipes and packed files and survives a file that is cut while we read.
 *
 * Owner: event_source.   Tests: tests/unit/input/test_byte_window.c
 */
#ifndef KW_INPUT_BYTE_WINDOW_H
#define KW_INPUT_BYTE_WINDOW_H

#include "input/byte_stream.h"

#include <stdbool.h>

#define BYTE_WINDOW_STEP 131072 /* most that is read at a time */
#define BYTE_WINDOW_MAX 393216  /* longest piece that can be wanted: above any sane packet */

struct byte_window {
	struct byte_stream *stream; /* owned */
	uint8_t *memory;   /* BYTE_WINDOW_MAX + BYTE_WINDOW_STEP, touched as far as needed */
	const uint8_t *at; /* next byte */
	const uint8_t *to; /* one behind the last byte at hand */
	uint64_t passed;   /* bytes of the unpacked stream that lay before `memory` */
};

/* Takes over the stream. */
void byte_window_init(struct byte_window *w, struct byte_stream *stream);
/* Destroys the stream too. */
void byte_window_clear(struct byte_window *w);

static inline size_t byte_window_left(const struct byte_window *w)
{
	return (size_t)(w->to - w->at);
}

/* Reads until `size` bytes (at most BYTE_WINDOW_MAX) are at hand; false if the stream ends before.
 */
bool byte_window_refill(struct byte_window *w, size_t size);

/* True when the next `size` bytes lie at `at`; false if the stream has fewer left. */
static inline bool byte_window_want(struct byte_window *w, size_t size)
{
	return byte_window_left(w) >= size || byte_window_refill(w, size);
}

/* Where `at` stands in the unpacked stream: bytes from its start. */
static inline uint64_t byte_window_offset(const struct byte_window *w)
{
	return w->passed + (uint64_t)(w->at - w->memory);
}

#endif
