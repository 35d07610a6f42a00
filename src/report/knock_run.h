/* SPDX-License-Identifier: ISC */
/*
 * knock_run - knocks of one source that differ in one thing only, told as one line.
 *
 * A run has one protocol and one kind of probe, and one host (a scan of its ports) or one port (a
 * sweep over hosts), or both: the same door day after day.
 *
 * Tests: tests/unit/report/test_knock_run.c
 */
#ifndef KW_REPORT_KNOCK_RUN_H
#define KW_REPORT_KNOCK_RUN_H

#include "base/text_buffer.h"
#include "net/port_set.h"
#include "report/page.h"
#include "store/store_query.h"

struct knock_run {
	const struct store_knock *latest; /* borrowed from the list */
	size_t rows;
	size_t hosts, ports, days; /* distinct */
	struct wall_time first, last;
	uint64_t packets;
	struct addr low, high; /* of the hosts */
	struct port_set set;   /* of the ports, where the protocol has some */
};

/* The rows of a list that no run has taken yet, the latest first. Borrows the list. */
struct knock_runs {
	const struct store_knock **left;
	size_t count;
};

void knock_runs_init(struct knock_runs *runs, const struct store_knocks *knocks);
void knock_runs_clear(struct knock_runs *runs);

/* Takes the run of the latest row that is left: of its host or of its port, whichever has more
 * rows. False at the end. */
bool knock_runs_take(struct knock_runs *runs, struct knock_run *out);

/* "12 knocks on 203.0.113.5, on 3 days since 1 Nov 04:00"; the ports, where there are several,
 * behind it in about `columns` columns. */
void knock_run_describe(
	struct text_buffer *b, const struct knock_run *run, const struct page *p, unsigned columns);

#endif
