/* SPDX-License-Identifier: ISC */
/*
 * access_text - how the rules compare text: letters in any case, ASCII only, whatever the locale of the program.
 *
 * Tests: by those of access_rule and access_pattern
 */
#ifndef KW_ACCESS_ACCESS_TEXT_H
#define KW_ACCESS_ACCESS_TEXT_H

#include "base/text_slice.h"

#include <stdbool.h>

/* What the original calls white space between words; no vertical tab, no form feed. */
static inline bool access_text_is_space(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\n';
}

/* isspace() of the C locale: what the original takes away at both ends of an option, and before a number. */
static inline bool access_text_is_any_space(char c)
{
	return c == ' ' || (c >= '\t' && c <= '\r');
}

static inline char access_text_lower(char c)
{
	return c >= 'A' && c <= 'Z' ? (char)(c + ('a' - 'A')) : c;
}

/* `length` bytes are the same, letters in any case. */
static inline bool access_text_same(const char *a, const char *b, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		if (a[i] != b[i] && access_text_lower(a[i]) != access_text_lower(b[i]))
			return false;
	}
	return true;
}

static inline bool access_text_equals(struct text_slice s, const char *text)
{
	size_t n = strlen(text);
	return s.length == n && access_text_same(s.start, text, n);
}

/* Without white space at both ends. */
static inline struct text_slice access_text_trim(struct text_slice s)
{
	while (s.length > 0 && access_text_is_space(s.start[0])) {
		s.start++;
		s.length--;
	}
	while (s.length > 0 && access_text_is_space(s.start[s.length - 1]))
		s.length--;
	return s;
}

/* Without any white space at both ends. */
static inline struct text_slice access_text_chop(struct text_slice s)
{
	while (s.length > 0 && access_text_is_any_space(s.start[0])) {
		s.start++;
		s.length--;
	}
	while (s.length > 0 && access_text_is_any_space(s.start[s.length - 1]))
		s.length--;
	return s;
}

#endif
