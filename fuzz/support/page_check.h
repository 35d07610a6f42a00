/* SPDX-License-Identifier: ISC */
/*
 * page_check - what must hold of every text on a page, whatever it tells: it fits the page, holds no control
 * character, and is ASCII where the page is.
 */
#ifndef KW_FUZZ_PAGE_CHECK_H
#define KW_FUZZ_PAGE_CHECK_H

#include "report/page.h"

#include <assert.h>
#include <stddef.h>

static inline void page_check(const char *text, size_t size, const struct terminal *t)
{
	unsigned column = 0;
	for (size_t i = 0; i < size; i++) {
		unsigned char c = (unsigned char)text[i];
		assert(c == '\n' || (c >= 0x20 && c != 0x7f));
		assert(c < 0x80 || t->utf8);
		if (c == '\n')
			column = 0;
		else if ((c & 0xc0) != 0x80)
			column++;
		assert(column <= t->width);
	}
}

#endif
