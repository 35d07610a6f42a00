/* SPDX-License-Identifier: ISC */
#include "report/level_mark.h"

#include "verdict/incident.h"

#include <assert.h>

enum {
	SHAPE_COLUMNS = 4,
};

static const struct {
	const char *shape;
	enum page_style style;
} levels[6] = {
	{".", PAGE_GREEN},
	{"-", PAGE_PLAIN},
	{"?", PAGE_YELLOW},
	{"!", PAGE_YELLOW},
	{"!!", PAGE_RED},
	{"!!!", PAGE_ALARM},
};

const char *level_mark_shape(int level)
{
	assert(level >= 0 && level <= 5);
	return levels[level].shape;
}

enum page_style level_mark_style(int level)
{
	assert(level >= 0 && level <= 5);
	return levels[level].style;
}

void level_mark_put(const struct page *p, int level)
{
	enum page_style style = level_mark_style(level);
	page_put_cell(p, style, PAGE_LEFT, SHAPE_COLUMNS, level_mark_shape(level));
	page_put_cell(p, style, PAGE_LEFT, LEVEL_MARK_COLUMNS - SHAPE_COLUMNS,
		incident_level_word(level));
}
