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
#include <string.h>

struct text_slice {
	const char *start;
	size_t length;
};

static inline struct text_slice text_slice_of(const char *text)
{
	return (struct text_slice){text, strlen(text)};
}

static inline bool text_slice_equals(struct text_slice s, const char *text)
{
	size_t n = strlen(text);
	return s.length == n && memcmp(s.start, text, n) == 0;
}

#endif
