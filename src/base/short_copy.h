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
	char *end = to + length;
	const char *from_end = from + length;
	if (length >= PIECE) {
		for (; end - to > PIECE; to += PIECE, from += PIECE)
			memcpy(to, from, PIECE);
		memcpy(end - PIECE, from_end - PIECE, PIECE);
	} else if (length >= 8) {
		memcpy(to, from, 8);
		memcpy(end - 8, from_end - 8, 8);
	} else if (length >= 4) {
		memcpy(to, from, 4);
		memcpy(end - 4, from_end - 4, 4);
	} else if (length > 0) {
		to[0] = from[0];
		to[length / 2] = from[length / 2];
		end[-1] = from_end[-1];
	}
	return end;
}

#endif
