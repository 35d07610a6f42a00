/* SPDX-License-Identifier: ISC */
#include "cli/unit_words.h"

static bool is_blank(char c)
{
	return c == ' ' || c == '\t' || c == '\r' || c == '\v' || c == '\f';
}

/* The next physical line, without its newline. */
static bool take_physical(struct text_slice *text, struct text_slice *line)
{
	if (text->length == 0)
		return false;
	const char *newline = memchr(text->start, '\n', text->length);
	size_t n = newline ? (size_t)(newline - text->start) : text->length;
	*line = (struct text_slice){text->start, n};
	*text = (struct text_slice){
		text->start + n + (newline ? 1 : 0), text->length - n - (newline ? 1 : 0)};
	return true;
}

static struct text_slice trim(struct text_slice s)
{
	while (s.length > 0 && is_blank(s.start[0]))
		s = (struct text_slice){s.start + 1, s.length - 1};
	while (s.length > 0 && is_blank(s.start[s.length - 1]))
		s.length--;
	return s;
}

bool unit_words_line(struct text_slice *text, char *line, unsigned *next, unsigned *number)
{
	struct text_slice piece;
	size_t used = 0;
	bool goes_on = false;
	while (take_physical(text, &piece)) {
		unsigned here = (*next)++;
		piece = trim(piece);
		if (piece.length == 0 ? !goes_on : piece.start[0] == '#' || piece.start[0] == ';')
			continue;
		if (used == 0 && !goes_on)
			*number = here;
		goes_on = piece.length > 0 && piece.start[piece.length - 1] == '\\';
		piece.length -= goes_on;
		for (size_t i = 0; i < piece.length; i++)
			line[used++] = piece.start[i] != '\0' ? piece.start[i] : ' ';
		if (goes_on)
			line[used++] = ' ';
		else
			break;
	}
	while (used > 0 && is_blank(line[used - 1]))
		used--;
	line[used] = '\0';
	return used > 0 || text->length > 0;
}

bool unit_words_next(const char **rest, char *word, size_t size)
{
	const char *at = *rest;
	size_t used = 0;
	char quote = '\0';
	while (is_blank(*at))
		at++;
	if (*at == '\0') {
		*rest = at;
		return false;
	}
	for (; *at != '\0' && (quote != '\0' || !is_blank(*at)); at++) {
		char c = *at;
		if (quote == '\0' && (c == '"' || c == '\'')) {
			quote = c;
			continue;
		}
		if (c == quote) {
			quote = '\0';
			continue;
		}
		if (c == '\\' && at[1] != '\0' && strchr("\\\"' ", at[1]) != NULL)
			c = *++at;
		if (used + 1 < size)
			word[used++] = c;
	}
	word[used] = '\0';
	*rest = at;
	return true;
}

void unit_words_add_quoted(struct text_buffer *out, const char *text, bool specifiers)
{
	text_buffer_add(out, "\"");
	for (; *text != '\0'; text++) {
		if (*text == '"' || *text == '\\')
			text_buffer_add(out, "\\");
		if (*text == '%' && !specifiers)
			text_buffer_add(out, "%");
		text_buffer_add_bytes(out, text, 1);
	}
	text_buffer_add(out, "\"");
}
