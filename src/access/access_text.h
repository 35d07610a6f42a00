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

/* What stands between the words of a list. */
static inline bool access_text_is_separator(char c)
{
	return c == ',' || access_text_is_space(c);
}

/* isspace() of the C locale, those two as well: what the original takes away at both ends of an option, and before a number. */
static inline bool access_text_is_blank(char c)
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
	size_t i = 0;
	while (length - i >= 8 && text_slice_same_eight(a + i, b + i))
		i += 8;
	for (; i < length; i++) {
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

/* Without what is white at both ends. */
static inline struct text_slice access_text_trim_of(struct text_slice s, bool (*is_white)(char c))
{
	while (s.length > 0 && is_white(s.start[0])) {
		s.start++;
		s.length--;
	}
	while (s.length > 0 && is_white(s.start[s.length - 1]))
		s.length--;
	return s;
}

static inline struct text_slice access_text_trim(struct text_slice s)
{
	return access_text_trim_of(s, access_text_is_space);
}

/* Without blanks of any kind. */
static inline struct text_slice access_text_chop(struct text_slice s)
{
	return access_text_trim_of(s, access_text_is_blank);
}

#endif
