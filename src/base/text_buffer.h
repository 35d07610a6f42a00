/* SPDX-License-Identifier: ISC */
/*
 * text_buffer - builds text in memory it does not own, and cuts off instead of overflowing.
 *
 * Always ends in a NUL. `cut` tells that something did not fit. Text from outside goes in through
 * text_buffer_add_escaped only.
 */
#ifndef KW_BASE_TEXT_BUFFER_H
#define KW_BASE_TEXT_BUFFER_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>
#include <string.h>

struct text_buffer {
	char *text;  /* NUL-terminated, owned by the caller */
	size_t size; /* bytes of memory behind `text`, at least 1 */
	size_t used; /* length of the text so far */
	bool cut;    /* something was left out */
};

/* Starts an empty text in `size` bytes at `memory`; size must be at least 1. */
struct text_buffer text_buffer_over(char *memory, size_t size);

void text_buffer_add_bytes(struct text_buffer *b, const char *text, size_t length);

/* Inline, so that the compiler counts the letters of a constant. */
static inline void text_buffer_add(struct text_buffer *b, const char *text)
{
	text_buffer_add_bytes(b, text, strlen(text));
}

/* Decimal digits. */
void text_buffer_add_number(struct text_buffer *b, uint64_t n);
void text_buffer_printf(struct text_buffer *b, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/*
 * Adds bytes from outside as printable ASCII: a backslash is doubled, every other byte outside
 * 0x20-0x7e becomes \xHH. What it writes is safe for a log, a terminal and (as a string value) JSON.
 */
void text_buffer_add_escaped(struct text_buffer *b, const char *bytes, size_t length);

#endif
