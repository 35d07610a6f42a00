/* SPDX-License-Identifier: ISC */
/*
 * incident_table - stored incidents, a line each or for many alike: number, level, when, who, what.
 *
 * A line is never wider than the page: the last column is cut, the source column is as wide as its
 * longest entry but at most a quarter of the page (and 15, a dotted quad).
 */
#ifndef KW_REPORT_INCIDENT_TABLE_H
#define KW_REPORT_INCIDENT_TABLE_H

#include "report/page.h"
#include "store/store_query.h"

struct incident_table {
	int min_level;  /* what the list was asked for */
	unsigned lines; /* at most so many, a line of many being one; 0 = all */
	bool each;      /* a line for each, alike or not */
};

/* With a heading; notes below if lines were joined or the list was cut. An empty list is one
 * sentence, which tells of the harmless ones where `min_level` kept them out. */
void incident_table_print(const struct page *p, const struct store_incidents *list,
	const struct incident_table *wanted);

/* The stored lines, one JSON object each, as EVENTS.md. */
void incident_table_print_json(FILE *out, const struct store_incidents *list);

#endif
