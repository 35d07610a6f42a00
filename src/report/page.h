/* SPDX-License-Identifier: ISC */
/*
 * page - the sheet that reports are written on: width, colour, characters, time zone, and "now".
 *
 * Every text goes through the page, which makes it harmless: control characters, broken UTF-8 and
 * all characters but ASCII, Latin letters and a few marks become '?'. So every character is one
 * column wide, and nothing that came from outside can move the cursor. Where the page is not UTF-8,
 * marks have an ASCII stand-in of the same width.
 */
#ifndef KW_REPORT_PAGE_H
#define KW_REPORT_PAGE_H

#include "report/terminal.h"
#include "report/time_text.h"

#include <stdio.h>

#define PAGE_INDENT 4         /* of facts below a headline */
#define PAGE_LABEL_COLUMNS 11 /* of the label in front of a fact, with its gap */

struct page {
	FILE *out; /* borrowed */
	struct terminal terminal;
	struct wall_time now;
	enum time_text_zone zone;
};

enum page_style {
	PAGE_PLAIN,
	PAGE_BOLD,
	PAGE_FAINT,
	PAGE_GREEN,
	PAGE_YELLOW,
	PAGE_RED,
	PAGE_ALARM, /* bold red */
	PAGE_STYLES
};

enum page_align { PAGE_LEFT, PAGE_RIGHT };

/* Columns that the text takes. */
unsigned page_columns(const char *text);

void page_put(const struct page *p, enum page_style style, const char *text);
/* Exactly `width` columns: padded, or cut with a mark as its last column. */
void page_put_cell(const struct page *p, enum page_style style, enum page_align align,
	unsigned width, const char *text);
void page_put_spaces(const struct page *p, unsigned count);
void page_end_line(const struct page *p);

/*
 * Words wrapped at the width of the page; the first line goes on at column `at`, the others begin
 * at column `indent`. A word that is too long for a line is broken. Ends the line.
 */
void page_put_wrapped(const struct page *p, enum page_style style, unsigned at, unsigned indent,
	const char *text);

/* An indented line "label  text", wrapped under the text. Nothing for a null or empty text. */
void page_put_fact(const struct page *p, const char *label, const char *text);
/* The same with a label of `columns` columns, its gap included. */
void page_put_labelled(const struct page *p, unsigned columns, const char *label, const char *text);

#endif
