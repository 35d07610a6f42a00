/* SPDX-License-Identifier: ISC */
/*
 * sheet - a page in memory whose text a test can look at.
 */
#ifndef KW_TESTS_SHEET_H
#define KW_TESTS_SHEET_H

#include "report/page.h"

struct sheet {
	struct page page;
	char *text;
	size_t size;
};

/* A colourless UTF-8 page of `width` columns in UTC, on 20 November 2026 at 20:00. */
struct sheet *sheet_make(unsigned width);
/* The text so far. */
const char *sheet_text(struct sheet *s);
void sheet_free(struct sheet *s);

/* Fails unless the text equals `wanted`, and frees the sheet. */
void sheet_expect(struct sheet *s, const char *wanted);
/* Fails if a line is wider than the page, ends in a space, or holds a control character. Frees it.
 */
void sheet_expect_tidy(struct sheet *s);

#endif
