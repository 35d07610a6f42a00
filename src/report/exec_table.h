/* SPDX-License-Identifier: ISC */
/*
 * exec_table - what was started as root, as a table for people or as one JSON object.
 *
 * "41 root commands since 22 Nov 00:00, none new." and a line for each group of alike ones, the latest first.
 */
#ifndef KW_REPORT_EXEC_TABLE_H
#define KW_REPORT_EXEC_TABLE_H

#include "report/page.h"
#include "store/exec_list.h"

struct exec_table {
	const struct exec_list *list;
	struct wall_time since;
	bool only_new; /* groups that hold something new */
	size_t rows;   /* at most so many */
};

/* Groups that it shows, whatever `rows` says. */
size_t exec_table_count(const struct exec_table *t);

void exec_table_print(const struct page *p, const struct exec_table *t);

/* One object: v, since, commands, new, groups[{unit, parent, exe, args, shape, count, new, counted, first, last}]. */
void exec_table_print_json(const struct page *p, const struct exec_table *t);

#endif
