/* SPDX-License-Identifier: ISC */
/*
 * exec_json - the start of a program as the JSON line of type `exec` that EVENTS.md describes.
 *
 * Text from outside is escaped as json_line does, and capped by the sizes of exec_event; an argument that
 * is no UTF-8 is cut at JSON_LINE_TEXT_MAX. Arguments are written as they are: secret_mask comes before.
 * A line is at most EXEC_JSON_LINE_MAX long.
 */
#ifndef KW_EVENT_EXEC_JSON_H
#define KW_EVENT_EXEC_JSON_H

#include "event/exec_event.h"
#include "event/json_line.h"

/* Each byte of a text may become \u00XX, each argument has quotes and a comma. */
#define EXEC_JSON_LINE_MAX (6 * (EXEC_ARGS_MAX + 2 * EXEC_PATH_MAX + EXEC_UNIT_MAX) + 4096)

/* Texts are borrowed until the call returns; null where there is none. */
struct exec_json_notes {
	const char *host;
	bool is_new; /* the baseline had not seen such a start by such a unit */
};

/* Starts and closes the line. */
void exec_json_write(
	struct json_line *line, const struct exec_event *e, const struct exec_json_notes *notes);

/* Starts that were counted and not written one by one: a unit (or, where there is none, a parent) started
 * more than may be told. */
struct exec_json_held {
	struct wall_time first, last; /* of the starts */
	uint64_t count;
	uint64_t fresh;   /* of them: starts that the baseline had not seen */
	const char *unit; /* null or empty = unknown */
	const char *parent;
	const char *exe; /* the last one */
};

/* One event of type `exec` for all of them, with `held`. Starts and closes the line. */
void exec_json_write_held(
	struct json_line *line, const struct exec_json_held *held, const char *host);

#endif
