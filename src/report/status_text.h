/* SPDX-License-Identifier: ISC */
/*
 * status_text - is it working, what is there, is there anything to look at.
 */
#ifndef KW_REPORT_STATUS_TEXT_H
#define KW_REPORT_STATUS_TEXT_H

#include "report/page.h"
#include "store/store_query.h"

struct status_text {
	const char *store_path;
	const struct store_totals *totals;
	const char *watching; /* what the running watcher says of itself; null = none is running */
	const char *losses;   /* packets or rows lost, in words; null = none known */
};

void status_text_print(const struct page *p, const struct status_text *status);

/* One object: v, store{path, bytes, first_day, last_day}, today{}, yesterday{}, incidents{}, ports,
 * packets, watching. */
void status_text_print_json(const struct page *p, const struct status_text *status);

#endif
