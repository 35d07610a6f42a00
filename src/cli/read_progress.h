/* SPDX-License-Identifier: ISC */
/*
 * read_progress - how far a long reading has come, on stderr.
 *
 * On a terminal one line that is rewritten about five times a second; elsewhere a line for every tenth
 * of the input. Nothing at all for inputs that are done within a second.
 */
#ifndef KW_CLI_READ_PROGRESS_H
#define KW_CLI_READ_PROGRESS_H

#include "input/time_merge.h"

#include <stdbool.h>
#include <stdint.h>

struct read_progress {
	bool enabled, on_terminal, shown;
	int64_t started_ms, last_ms;
	unsigned last_tenth;
};

void read_progress_start(struct read_progress *p, bool enabled);
void read_progress_show(struct read_progress *p, const struct time_merge *m);
/* Wipes the line. */
void read_progress_end(struct read_progress *p);

#endif
