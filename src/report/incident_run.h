/* SPDX-License-Identifier: ISC */
/*
 * incident_run - stored incidents of one level that did the same, told as one line.
 *
 * Hundreds of hosts look for the same port, month after month: what is worth reading is how many and
 * since when. A run keeps the place and the number of its latest incident. A group of sources and a
 * line that cannot be read back are never part of one.
 *
 * Tests: tests/unit/report/test_incident_run.c
 */
#ifndef KW_REPORT_INCIDENT_RUN_H
#define KW_REPORT_INCIDENT_RUN_H

#include "report/page.h"
#include "store/store_query.h"

#define INCIDENT_RUN_LEAST 4 /* fewer than these are quicker read one by one */

struct incident_run {
	const struct store_incident *latest; /* borrowed from the list */
	size_t count;
	char source[64]; /* "198.51.100.20", "40 sources" */
	char deed[512];  /* "looked for tcp/22 on up to 24 hosts, 40 times since 1 Nov 09:12" */
};

struct incident_runs {
	struct incident_run *items; /* the latest first */
	size_t count;
};

/* Borrows the list until incident_runs_clear. With `each` every incident is a run of its own. */
void incident_runs_make(struct incident_runs *runs, const struct store_incidents *list, bool each,
	const struct page *p);
void incident_runs_clear(struct incident_runs *runs);

#endif
