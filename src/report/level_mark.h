/* SPDX-License-Identifier: ISC */
/*
 * level_mark - a level as shape, word and colour, so that no one of them is needed alone.
 */
#ifndef KW_REPORT_LEVEL_MARK_H
#define KW_REPORT_LEVEL_MARK_H

#include "report/page.h"

#define LEVEL_MARK_COLUMNS 15 /* "!!  severe     "; the longest word is "suspicious" */

/* "." "-" "?" "!" "!!" "!!!" for 0 to 5. */
const char *level_mark_shape(int level);
enum page_style level_mark_style(int level);
/* Shape and word in LEVEL_MARK_COLUMNS columns. */
void level_mark_put(const struct page *p, int level);

#endif
