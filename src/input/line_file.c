/* SPDX-License-Identifier: ISC */
#include "input/line_file.h"

#include "input/event_source.h"

#include <string.h>

_Static_assert(EVENT_SOURCE_LINE_MAX < BYTE_WINDOW_MAX, "a whole line fits into the window");

void line_file_init(struct line_file *f, struct byte_window *window)
{
	*f = (struct line_file){.window = window};
}

/* Moves behind the newline that ends a long line, throwing the windows away as they pass. */
static void skip_rest(struct line_file *f)
{
	struct byte_window *w = f->window;
	while (f->skipping && byte_window_want(w, 1)) {
		const uint8_t *newline = memchr(w->at, '\n', byte_window_left(w));
		f->skipping = newline == NULL;
		w->at = newline != NULL ? newline + 1 : w->to;
	}
}

/* Hands out `length` bytes at the window's start and moves `taken` bytes on. */
static bool hand_out(struct line_file *f, size_t length, size_t taken, struct text_slice *line)
{
	const char *start = (const char *)f->window->at;
	f->window->at += taken;
	if (length > EVENT_SOURCE_LINE_MAX)
		length = EVENT_SOURCE_LINE_MAX;
	else if (length > 0 && start[length - 1] == '\r')
		length--;
	*line = (struct text_slice){start, length};
	return true;
}

/* The text ends without a newline. */
static bool hand_out_last(struct line_file *f, struct text_slice *line)
{
	size_t left = byte_window_left(f->window);
	if (left == 0 || byte_stream_fault(f->window->stream) != NULL)
		return false;
	return hand_out(f, left, left, line);
}

bool line_file_next(struct line_file *f, struct text_slice *line)
{
	struct byte_window *w = f->window;
	if (f->skipping)
		skip_rest(f);
	size_t searched = 0;
	for (;;) {
		size_t left = byte_window_left(w);
		const uint8_t *newline =
			left > searched ? memchr(w->at + searched, '\n', left - searched) : NULL;
		if (newline != NULL) {
			size_t length = (size_t)(newline - w->at);
			return hand_out(f, length, length + 1, line);
		}
		if (left > EVENT_SOURCE_LINE_MAX) {
			f->skipping = true;
			return hand_out(f, left, left, line);
		}
		searched = left;
		if (!byte_window_want(w, left + 1))
			return hand_out_last(f, line);
	}
}
