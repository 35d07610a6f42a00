/* SPDX-License-Identifier: ISC */
#include "base/text_buffer.h"

#include "base/decimal.h"
#include "base/short_copy.h"

#include <assert.h>
#include <stdarg.h>
#include <stdio.h>
#include <string.h>

struct text_buffer text_buffer_over(char *memory, size_t size)
{
	assert(size >= 1);
	memory[0] = '\0';
	return (struct text_buffer){memory, size, 0, false};
}

void text_buffer_add_bytes(struct text_buffer *b, const char *text, size_t length)
{
	size_t room = b->size - 1 - b->used;
	if (length > room) {
		length = room;
		b->cut = true;
	}
	*short_copy(b->text + b->used, text, length) = '\0';
	b->used += length;
}

void text_buffer_add_number(struct text_buffer *b, uint64_t n)
{
	char digits[DECIMAL_MAX];
	text_buffer_add_bytes(b, digits, (size_t)(decimal_write(digits, n) - digits));
}

void text_buffer_printf(struct text_buffer *b, const char *format, ...)
{
	va_list args;
	size_t room = b->size - b->used;
	va_start(args, format);
	int wanted = vsnprintf(b->text + b->used, room, format, args);
	va_end(args);
	if (wanted < 0)
		return;
	if ((size_t)wanted >= room) {
		b->used = b->size - 1;
		b->cut = true;
	} else {
		b->used += (size_t)wanted;
	}
}

void text_buffer_add_escaped(struct text_buffer *b, const char *bytes, size_t length)
{
	for (size_t i = 0; i < length; i++) {
		unsigned char c = (unsigned char)bytes[i];
		if (c == '\\')
			text_buffer_add(b, "\\\\");
		else if (c >= 0x20 && c <= 0x7e)
			text_buffer_add_bytes(b, &bytes[i], 1);
		else
			text_buffer_printf(b, "\\x%02x", c);
	}
}
