/* SPDX-License-Identifier: ISC */
/*
 * knock_json - the `knock` and `access` events of EVENTS.md on standard output, for --knocks.
 *
 * A line for the first packet of a source to each door, as far as remembered, never one for each packet; and one for
 * each decision of a TCP wrapper.
 */
#ifndef KW_CLI_KNOCK_JSON_H
#define KW_CLI_KNOCK_JSON_H

#include "event/event.h"
#include "event/json_line.h"
#include "event/name_table.h"

struct knock_json {
	struct json_line line;
	const struct name_table *names; /* borrowed: of hosts and interfaces */
	const char *host;               /* borrowed: of events that name none */
};

/* A detector_knock_fn; `context` is the struct above. */
void knock_json_print(void *context, const struct event *e);

#endif
