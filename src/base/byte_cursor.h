/* SPDX-License-Identifier: ISC */
/*
 * byte_cursor - reads bytes from outside in order, and can never leave them.
 *
 * A read past the end gives zero and sets `failed`, which stays set; a parser reads a whole layer
 * and asks once at its end. Numbers are big-endian (network order) unless the name says otherwise.
 * The bytes are borrowed; nothing is copied or allocated.
 */
#ifndef KW_BASE_BYTE_CURSOR_H
#define KW_BASE_BYTE_CURSOR_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct byte_cursor {
	const uint8_t *at;  /* next byte */
	const uint8_t *end; /* one behind the last */
	bool failed;        /* a read wanted more than there was */
};

static inline struct byte_cursor byte_cursor_over(const void *bytes, size_t size)
{
	const uint8_t *start = bytes;
	return (struct byte_cursor){start, start + size, false};
}

static inline size_t byte_cursor_left(const struct byte_cursor *c)
{
	return (size_t)(c->end - c->at);
}

/* The next `size` bytes, taken; null and `failed` if there are fewer. */
static inline const uint8_t *byte_cursor_take(struct byte_cursor *c, size_t size)
{
	if (byte_cursor_left(c) < size) {
		c->failed = true;
		c->at = c->end;
		return NULL;
	}
	const uint8_t *p = c->at;
	c->at += size;
	return p;
}

static inline void byte_cursor_skip(struct byte_cursor *c, size_t size)
{
	(void)byte_cursor_take(c, size);
}

static inline uint8_t byte_cursor_u8(struct byte_cursor *c)
{
	const uint8_t *p = byte_cursor_take(c, 1);
	return p ? *p : 0;
}

static inline uint16_t byte_cursor_u16(struct byte_cursor *c)
{
	const uint8_t *p = byte_cursor_take(c, 2);
	uint16_t v = 0;
	if (p)
		memcpy(&v, p, 2);
	return __builtin_bswap16(v);
}

static inline uint32_t byte_cursor_u32(struct byte_cursor *c)
{
	const uint8_t *p = byte_cursor_take(c, 4);
	uint32_t v = 0;
	if (p)
		memcpy(&v, p, 4);
	return __builtin_bswap32(v);
}

static inline uint64_t byte_cursor_u64(struct byte_cursor *c)
{
	const uint8_t *p = byte_cursor_take(c, 8);
	uint64_t v = 0;
	if (p)
		memcpy(&v, p, 8);
	return __builtin_bswap64(v);
}

/* A cursor over the next `size` bytes, or over what is left if that is less (not a failure: a
 * length field may promise more than a truncated capture holds). The bytes are not taken. */
static inline struct byte_cursor byte_cursor_peek_part(const struct byte_cursor *c, size_t size)
{
	size_t left = byte_cursor_left(c);
	return (struct byte_cursor){c->at, c->at + (size < left ? size : left), false};
}

#endif
