/* SPDX-License-Identifier: ISC */
/*
 * field_scan - reads text from outside in order, and can never leave it.
 *
 * The sibling of byte_cursor for text. A read that does not fit returns false and moves nothing; at
 * the end every look gives a NUL, which no read accepts. The text is borrowed. All inline, and
 * loops walk a local pointer (through `at` each step would be a store): this is the core of every
 * line.
 */
#ifndef KW_LOGLINE_FIELD_SCAN_H
#define KW_LOGLINE_FIELD_SCAN_H

#include "base/text_slice.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct field_scan {
	const char *at;  /* next character */
	const char *end; /* one behind the last */
};

/*
 * A key as a number: its characters, the last one lowest, the separator included, so that a switch
 * can tell "ACK=" (a number) from "ACK" (a flag). Of longer keys the last eight characters count.
 */
#define FIELD_KEY2(a, b) ((uint64_t)(a) << 8 | (uint64_t)(b))
#define FIELD_KEY3(a, b, c) (FIELD_KEY2(a, b) << 8 | (uint64_t)(c))
#define FIELD_KEY4(a, b, c, d) (FIELD_KEY3(a, b, c) << 8 | (uint64_t)(d))
#define FIELD_KEY5(a, b, c, d, e) (FIELD_KEY4(a, b, c, d) << 8 | (uint64_t)(e))
#define FIELD_KEY6(a, b, c, d, e, f) (FIELD_KEY5(a, b, c, d, e) << 8 | (uint64_t)(f))
#define FIELD_KEY7(a, b, c, d, e, f, g) (FIELD_KEY6(a, b, c, d, e, f) << 8 | (uint64_t)(g))
#define FIELD_KEY8(a, b, c, d, e, f, g, h) (FIELD_KEY7(a, b, c, d, e, f, g) << 8 | (uint64_t)(h))

static inline struct field_scan field_scan_over(struct text_slice text)
{
	return (struct field_scan){text.start, text.start + text.length};
}

static inline struct field_scan field_scan_between(const char *start, const char *end)
{
	return (struct field_scan){start, end};
}

static inline size_t field_scan_left(const struct field_scan *s)
{
	return (size_t)(s->end - s->at);
}

static inline struct text_slice field_scan_rest(const struct field_scan *s)
{
	return (struct text_slice){s->at, field_scan_left(s)};
}

/* The next character without taking it; NUL at the end. */
static inline char field_scan_peek(const struct field_scan *s)
{
	return s->at < s->end ? *s->at : '\0';
}

static inline bool field_scan_is_digit(char c)
{
	return c >= '0' && c <= '9';
}

static inline void field_scan_skip_spaces(struct field_scan *s)
{
	const char *p = s->at, *end = s->end;
	while (p < end && *p == ' ')
		p++;
	s->at = p;
}

static inline void field_scan_skip_word(struct field_scan *s)
{
	const char *p = s->at, *end = s->end;
	while (p < end && *p != ' ')
		p++;
	s->at = p;
}

static inline bool field_scan_take_char(struct field_scan *s, char wanted)
{
	if (s->at >= s->end || *s->at != wanted)
		return false;
	s->at++;
	return true;
}

static inline bool field_scan_take_text(struct field_scan *s, const char *wanted)
{
	size_t n = strlen(wanted);
	if (field_scan_left(s) < n || memcmp(s->at, wanted, n) != 0)
		return false;
	s->at += n;
	return true;
}

/* Everything up to the next space or the end. */
static inline struct text_slice field_scan_word(struct field_scan *s)
{
	const char *start = s->at;
	field_scan_skip_word(s);
	return (struct text_slice){start, (size_t)(s->at - start)};
}

/* A key up to and with its '=' or ':'; or a bare word up to a space (see FIELD_KEY). */
static inline uint64_t field_scan_key(struct field_scan *s)
{
	const char *p = s->at, *end = s->end;
	uint64_t key = 0;
	while (p < end && *p != ' ') {
		char c = *p++;
		key = key << 8 | (uint8_t)c;
		if (c == '=' || c == ':')
			break;
	}
	s->at = p;
	return key;
}

/* Decimal digits, as many as there are; false if there is none or the value is above `max`, which
 * itself is at most 10^18 (so that nothing wraps). */
static inline bool field_scan_number(struct field_scan *s, uint64_t max, uint64_t *out)
{
	const char *p = s->at, *end = s->end;
	uint64_t value = 0;
	for (; p < end && field_scan_is_digit(*p); p++) {
		value = value * 10 + (uint64_t)(*p - '0');
		if (value > max)
			return false;
	}
	if (p == s->at)
		return false;
	s->at = p;
	*out = value;
	return true;
}

/* The first place of `wanted` (not empty) in the text; null if it is nowhere. */
static inline const char *field_scan_find(struct text_slice text, const char *wanted)
{
	size_t n = strlen(wanted);
	const char *p = text.start, *end = text.start + text.length;
	while ((p = memchr(p, wanted[0], (size_t)(end - p))) != NULL) {
		if ((size_t)(end - p) >= n && memcmp(p, wanted, n) == 0)
			return p;
		p++;
	}
	return NULL;
}

/* Value of a hexadecimal digit; -1 if it is none. */
static inline int field_scan_hex_digit(char c)
{
	if (field_scan_is_digit(c))
		return c - '0';
	if (c >= 'a' && c <= 'f')
		return c - 'a' + 10;
	if (c >= 'A' && c <= 'F')
		return c - 'A' + 10;
	return -1;
}

#endif
