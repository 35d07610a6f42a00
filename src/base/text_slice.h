/* SPDX-License-Identifier: ISC */
/*
 * text_slice - a borrowed stretch of text, not NUL-terminated.
 *
 * Lives as long as the memory it points into. An empty slice has length 0 (and any start).
 */
#ifndef KW_BASE_TEXT_SLICE_H
#define KW_BASE_TEXT_SLICE_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text_slice {
	const char *start;
	size_t length;
};

static inline struct text_slice text_slice_of(const char *text)
{
	return (struct text_slice){text, strlen(text)};
}

static inline bool text_slice_same_four(const char *a, const char *b)
{
	uint32_t of_a, of_b;
	memcpy(&of_a, a, sizeof of_a);
	memcpy(&of_b, b, sizeof of_b);
	return of_a == of_b;
}

static inline bool text_slice_same_eight(const char *a, const char *b)
{
	uint64_t of_a, of_b;
	memcpy(&of_a, a, sizeof of_a);
	memcpy(&of_b, b, sizeof of_b);
	return of_a == of_b;
}

/* True where `length` bytes are the same in both. For words: a call of memcmp costs more than they do.
 * The last piece may overlap what was compared before it. */
static inline bool text_slice_same_word(const char *a, const char *b, size_t length)
{
	if (length >= 8) {
		for (size_t i = 0; i + 8 < length; i += 8) {
			if (!text_slice_same_eight(a + i, b + i))
				return false;
		}
		return text_slice_same_eight(a + length - 8, b + length - 8);
	}
	if (length >= 4)
		return text_slice_same_four(a, b) &&
		       text_slice_same_four(a + length - 4, b + length - 4);
	for (size_t i = 0; i < length; i++) {
		if (a[i] != b[i])
			return false;
	}
	return true;
}

static inline bool text_slice_equals(struct text_slice s, const char *text)
{
	size_t n = strlen(text);
	return s.length == n && memcmp(s.start, text, n) == 0;
}

#endif
