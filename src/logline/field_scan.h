/* SPDX-License-Identifier: ISC */
/*
 * field_scan - reads text from outside in order, and can never leave it.
 *
 * The sibling of byte_cursor for text. A read that does not fit returns false and moves nothing; at
 * the end every look gives a NUL, which no read accepts. The text is borrowed. All inline, and
 * loops walk a local pointer (through `at` each step would be a store): this is the core of every
 * line. Words are looked at eight characters at a time, as long as eight are left.
 */
#ifndef KW_LOGLINE_FIELD_SCAN_H
#define KW_LOGLINE_FIELD_SCAN_H

#include "base/text_slice.h"

#include <endian.h>
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

#define FIELD_SCAN_STEP 8 /* characters that one number holds */

/* The next eight characters as a number, the first one lowest; so many must be left. */
static inline uint64_t field_scan_load(const char *p)
{
	uint64_t characters;
	memcpy(&characters, p, sizeof characters);
	return le64toh(characters);
}

/* The top bit of each character that equals `wanted`. Above the lowest hit there may be false ones, so
 * only that is to be asked for, with field_scan_place; 0 = none is equal. */
static inline uint64_t field_scan_match(uint64_t characters, char wanted)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t same = characters ^ (ones * (uint8_t)wanted); /* zero where equal */
	return (same - ones) & ~same & (ones << 7);
}

/* Which character the lowest hit is, 0 to 7; `hits` is not 0. */
static inline unsigned field_scan_place(uint64_t hits)
{
	return (unsigned)__builtin_ctzll(hits) / 8;
}

static inline void field_scan_skip_word(struct field_scan *s)
{
	const char *p = s->at, *end = s->end;
	if (p < end && *p == ' ')
		return;
	for (; end - p >= FIELD_SCAN_STEP; p += FIELD_SCAN_STEP) {
		uint64_t hits = field_scan_match(field_scan_load(p), ' ');
		if (hits != 0) {
			s->at = p + field_scan_place(hits);
			return;
		}
	}
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
	if (end - p >= FIELD_SCAN_STEP) {
		uint64_t characters = field_scan_load(p);
		/* Letters have bit 6; what ends a key has not, nor has the top bit. */
		uint64_t hits = ~(characters | characters << 1) & UINT64_C(0x8080808080808080);
		unsigned length = hits != 0 ? field_scan_place(hits) : 0;
		char stop = p[length];
		if (stop == '=' || stop == ':' || (stop == ' ' && length > 0)) {
			length += stop != ' ';
			s->at = p + length;
			return __builtin_bswap64(characters) >> (64 - 8 * length);
		}
	}
	while (p < end && *p != ' ') {
		char c = *p++;
		key = key << 8 | (uint8_t)c;
		if (c == '=' || c == ':')
			break;
	}
	s->at = p;
	return key;
}

/* How many of the eight characters at `p` are digits before the first other one, and their value;
 * false (nothing is set) if all eight are. */
static inline bool field_scan_digits(const char *p, unsigned *count, uint64_t *value)
{
	const uint64_t ones = UINT64_C(0x0101010101010101);
	uint64_t n = field_scan_load(p) ^ ones * '0'; /* a digit becomes 0 to 9 */
	uint64_t others = ((n + ones * (0x80 - 10)) | n) & (ones << 7);
	if (others == 0)
		return false;
	*count = field_scan_place(others);
	if (*count == 0) {
		*value = 0;
		return true;
	}
	/* leading zeros below the first digit, then neighbours are joined: 8 ones, 4 twos, 2 fours */
	n <<= 64 - 8 * *count;
	n = (n * 10 + (n >> 8)) & UINT64_C(0x00ff00ff00ff00ff);
	n = (n * 100 + (n >> 16)) & UINT64_C(0x0000ffff0000ffff);
	*value = (n * 10000 + (n >> 32)) & UINT32_MAX;
	return true;
}

/* Decimal digits, as many as there are; false if there is none or the value is above `max`, which
 * itself is at most 10^18 (so that nothing wraps). */
static inline bool field_scan_number(struct field_scan *s, uint64_t max, uint64_t *out)
{
	const char *p = s->at, *end = s->end;
	uint64_t value = 0;
	unsigned count;
	if (end - p >= FIELD_SCAN_STEP && field_scan_digits(p, &count, &value)) {
		if (count == 0 || value > max)
			return false;
		s->at = p + count;
		*out = value;
		return true;
	}
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
