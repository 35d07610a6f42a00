/* SPDX-License-Identifier: ISC */
/*
 * short_copy - moves a few bytes, a word or a name, without a call.
 *
 * A call of memcpy costs more than the letters it moves, and lines and sentences are made of hundreds
 * of such moves. The pieces overlap instead of becoming smaller: 26 bytes are two pieces of 16.
 */
#ifndef KW_BASE_SHORT_COPY_H
#define KW_BASE_SHORT_COPY_H

#include <stddef.h>
#include <string.h>

/* As memcpy, of any length; returns the place behind the copy. */
static inline char *short_copy(char *to, const char *from, size_t length)
{
	enum { PIECE = 16 };
	if (length >= PIECE) {
		size_t last = length - PIECE;
		for (size_t i = 0; i < last; i += PIECE)
			memcpy(to + i, from + i, PIECE);
		memcpy(to + last, from + last, PIECE);
	} else if (length >= 8) {
		size_t last = length - 8;
		memcpy(to, from, 8);
		memcpy(to + last, from + last, 8);
	} else if (length >= 4) {
		size_t last = length - 4;
		memcpy(to, from, 4);
		memcpy(to + last, from + last, 4);
	} else if (length > 0) {
		to[0] = from[0];
		to[length / 2] = from[length / 2];
		to[length - 1] = from[length - 1];
	}
	return to + length;
}

#endif
