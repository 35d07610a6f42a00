/* SPDX-License-Identifier: ISC */
#include "report/page.h"

#include "base/utf8.h"

#include <stdint.h>
#include <string.h>

/* The marks that our own texts use, with stand-ins of one column. */
static const struct {
	uint32_t code;
	char ascii;
} marks[] = {
	{0x2013, '-'},
	{0x2014, '-'},
	{0x2018, '\''},
	{0x2019, '\''},
	{0x201c, '"'},
	{0x201d, '"'},
	{0x2022, '*'},
	{0x2026, '~'},
	{0x2192, '>'},
	{0x00b7, '*'},
	{0x00d7, 'x'},
	{0x25b2, '^'},
	{0x25bc, 'v'},
	{0x2581, '_'},
	{0x2582, '.'},
	{0x2583, ':'},
	{0x2584, '-'},
	{0x2585, '='},
	{0x2586, '+'},
	{0x2587, '*'},
	{0x2588, '#'},
	{0x2265, '>'},
	{0x2264, '<'},
};

static const char *const style_codes[PAGE_STYLES] = {
	[PAGE_PLAIN] = "",
	[PAGE_BOLD] = "\033[1m",
	[PAGE_FAINT] = "\033[2m",
	[PAGE_GREEN] = "\033[32m",
	[PAGE_YELLOW] = "\033[33m",
	[PAGE_RED] = "\033[31m",
	[PAGE_ALARM] = "\033[1;31m",
};

/* One character as it will be printed. */
struct glyph {
	char bytes[4]; /* of the UTF-8 form */
	unsigned size;
	char ascii;
};

static const struct glyph unknown = {"?", 1, '?'};

/* Latin-1 and Latin Extended-A letters: one column each on every terminal. */
static bool is_latin_letter(uint32_t code)
{
	return code >= 0xc0 && code <= 0x17f && code != 0xd7 && code != 0xf7;
}

/* Reads the next character; returns the bytes it took, at least 1. */
static unsigned next_glyph(const char *text, struct glyph *out)
{
	const unsigned char *s = (const unsigned char *)text;
	uint32_t code;
	*out = unknown;
	if (*s < 0x80) {
		if (*s >= 0x20 && *s != 0x7f)
			*out = (struct glyph){{text[0]}, 1, text[0]};
		return 1;
	}
	const char *end = text;
	if (!utf8_take(&end, text + strnlen(text, sizeof out->bytes), &code) || code > 0xffff) /* above it nothing is shown */
		return 1;
	const unsigned size = (unsigned)(end - text);
	char ascii = is_latin_letter(code) ? '?' : '\0';
	for (size_t i = 0; i < sizeof marks / sizeof marks[0]; i++) {
		if (marks[i].code == code)
			ascii = marks[i].ascii;
	}
	if (ascii != '\0') {
		memcpy(out->bytes, text, size);
		out->size = size;
		out->ascii = ascii;
	}
	return size;
}

static void put_glyph(const struct page *p, const struct glyph *g)
{
	if (p->terminal.utf8)
		fwrite(g->bytes, 1, g->size, p->out);
	else
		fputc(g->ascii, p->out);
}

/* Prints at most `columns` characters of `length` bytes. */
static void put_glyphs(const struct page *p, const char *text, size_t length, unsigned columns)
{
	struct glyph g;
	for (size_t at = 0; at < length && columns > 0; columns--) {
		at += next_glyph(text + at, &g);
		put_glyph(p, &g);
	}
}

static void begin_style(const struct page *p, enum page_style style)
{
	if (p->terminal.colour)
		fputs(style_codes[style], p->out);
}

static void end_style(const struct page *p, enum page_style style)
{
	if (p->terminal.colour && style != PAGE_PLAIN)
		fputs("\033[0m", p->out);
}

static unsigned count_columns(const char *text, size_t length)
{
	struct glyph g;
	unsigned columns = 0;
	for (size_t at = 0; at < length; columns++)
		at += next_glyph(text + at, &g);
	return columns;
}

unsigned page_columns(const char *text)
{
	return count_columns(text, strlen(text));
}

void page_put(const struct page *p, enum page_style style, const char *text)
{
	begin_style(p, style);
	put_glyphs(p, text, strlen(text), UINT32_MAX);
	end_style(p, style);
}

void page_put_spaces(const struct page *p, unsigned count)
{
	for (; count > 0; count--)
		fputc(' ', p->out);
}

void page_put_cell(const struct page *p, enum page_style style, enum page_align align,
	unsigned width, const char *text)
{
	unsigned columns = page_columns(text);
	if (columns > width) {
		begin_style(p, style);
		put_glyphs(p, text, strlen(text), width > 0 ? width - 1 : 0);
		if (width > 0)
			put_glyphs(p, "…", strlen("…"), 1);
		end_style(p, style);
		return;
	}
	if (align == PAGE_RIGHT)
		page_put_spaces(p, width - columns);
	page_put(p, style, text);
	if (align == PAGE_LEFT)
		page_put_spaces(p, width - columns);
}

void page_end_line(const struct page *p)
{
	fputc('\n', p->out);
}

/* Bytes of the first `columns` characters of a word. */
static size_t bytes_of_columns(const char *word, size_t length, unsigned columns)
{
	struct glyph g;
	size_t at = 0;
	for (; at < length && columns > 0; columns--)
		at += next_glyph(word + at, &g);
	return at < length ? at : length;
}

void page_put_wrapped(
	const struct page *p, enum page_style style, unsigned at, unsigned indent, const char *text)
{
	unsigned width = p->terminal.width;
	bool line_empty = true;
	begin_style(p, style);
	while (*(text += strspn(text, " \t\r\n")) != '\0') {
		size_t length = strcspn(text, " \t\r\n");
		unsigned columns = count_columns(text, length);
		if (at + columns + !line_empty > width && at > indent) {
			page_end_line(p);
			page_put_spaces(p, indent);
			at = indent;
			line_empty = true;
		}
		if (at + columns + !line_empty > width) {
			columns = width - at;
			length = bytes_of_columns(text, length, columns);
		}
		if (!line_empty) {
			fputc(' ', p->out);
			at++;
		}
		put_glyphs(p, text, length, UINT32_MAX);
		text += length;
		at += columns;
		line_empty = false;
	}
	end_style(p, style);
	page_end_line(p);
}

void page_put_labelled(const struct page *p, unsigned columns, const char *label, const char *text)
{
	if (text == NULL || *text == '\0')
		return;
	page_put_spaces(p, PAGE_INDENT);
	page_put_cell(p, PAGE_FAINT, PAGE_LEFT, columns - 1, label);
	fputc(' ', p->out);
	unsigned column = PAGE_INDENT + columns;
	page_put_wrapped(p, PAGE_PLAIN, column, column, text);
}

void page_put_fact(const struct page *p, const char *label, const char *text)
{
	page_put_labelled(p, PAGE_LABEL_COLUMNS, label, text);
}
