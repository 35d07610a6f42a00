/* SPDX-License-Identifier: ISC */
/*
 * count_json - how often each port was knocked on in one hour, as the event `counts`, and back.
 *
 * Numbers are increments: an hour may be told in several events, which add up. A row is
 * [protocol number, port or ICMP type, packets, touches]; hours with many ports take several lines, each of
 * COUNT_JSON_ROWS at most.
 *
 * Tests: tests/unit/store/test_count_json.c
 */
#ifndef KW_STORE_COUNT_JSON_H
#define KW_STORE_COUNT_JSON_H

#include "event/json_line.h"
#include "store/store_queue.h"

#include <jansson.h>

#define COUNT_JSON_ROWS 128

/* Starts and closes the line. All `counts` are of one hour, 1 to COUNT_JSON_ROWS of them. */
void count_json_write(struct json_line *line, const struct store_port_count *counts, size_t count,
	struct wall_time now, const char *host);

/* Reads the object `counts` of an event from anywhere; rows that make no sense are left out. Returns how many
 * of COUNT_JSON_ROWS places in `out` were filled. */
size_t count_json_read(const json_t *counts, struct store_port_count *out);

#endif
