/* SPDX-License-Identifier: ISC */
#include "tcpd/finger_text.h"

enum { TAB_STOP = 8 };

static unsigned width_of(const struct finger_text *t, uint8_t c)
{
	if (c == '\t')
		return TAB_STOP - t->column % TAB_STOP;
	if (c == '\\')
		return 2;
	return c >= ' ' && c < 0x7f ? 1 : 4;
}

static void end_line(struct finger_text *t, struct text_buffer *out)
{
	text_buffer_add(out, "\n");
	t->column = 0;
}

/* A margin before the first character of a line; a new line where it has no room. */
static void make_room(struct finger_text *t, uint8_t c, struct text_buffer *out)
{
	if (t->column > 0 && t->column + width_of(t, c) > FINGER_TEXT_COLUMNS) {
		text_buffer_add(out, "\\");
		end_line(t, out);
	}
	if (t->column == 0) {
		text_buffer_add(out, " ");
		t->column = 1;
	}
}

static void add_character(struct finger_text *t, uint8_t c, struct text_buffer *out)
{
	make_room(t, c, out);
	const unsigned width = width_of(t, c);
	if (c == '\\')
		text_buffer_add(out, "\\\\");
	else if (width == 1 || c == '\t')
		text_buffer_add_bytes(out, (const char *)&c, 1);
	else
		text_buffer_printf(out, "\\%03o", (unsigned)c);
	t->column += width;
}

static void add_byte(struct finger_text *t, uint8_t c, struct text_buffer *out)
{
	const bool after_cr = t->held_cr;
	t->held_cr = c == '\r';
	if (after_cr && c != '\n')
		add_character(t, '\r', out);
	if (c == '\n')
		end_line(t, out);
	else if (c != '\r')
		add_character(t, c, out);
}

bool finger_text_add(struct finger_text *t, const uint8_t *bytes, size_t size, struct text_buffer *out)
{
	for (size_t i = 0; i < size; i++) {
		if (t->taken == FINGER_TEXT_MOST)
			return false;
		t->taken++;
		add_byte(t, bytes[i], out);
	}
	return true;
}

void finger_text_end(struct finger_text *t, bool cut, struct text_buffer *out)
{
	if (t->held_cr)
		add_character(t, '\r', out);
	t->held_cr = false;
	if (t->column > 0)
		end_line(t, out);
	if (cut)
		text_buffer_printf(out, "\n Input truncated to %d bytes...\n", FINGER_TEXT_MOST);
}
