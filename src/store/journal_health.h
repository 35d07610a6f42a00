/* SPDX-License-Identifier: ISC */
/*
 * journal_health - the `health` events by which the journal tells of itself.
 *
 * What happened to the record is part of the record: a line that was torn, records that found no room, a
 * clock that jumped.
 */
#ifndef KW_STORE_JOURNAL_HEALTH_H
#define KW_STORE_JOURNAL_HEALTH_H

#include "event/json_line.h"

struct journal_health {
	const char *what; /* "journal", "clock" */
	const char *was, *now;
	const char *file;   /* null = none */
	uint64_t count;     /* bytes set aside, records lost; 0 = none */
	const char *advice; /* null = none */
};

void journal_health_write(struct json_line *line, const struct journal_health *health,
	struct wall_time now, const char *host);

#endif
