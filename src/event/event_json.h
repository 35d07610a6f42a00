/* SPDX-License-Identifier: ISC */
/*
 * event_json - one event as the JSON line of type `knock` that EVENTS.md describes.
 *
 * The event holds numbers; the names that stand for them (host, interface, service, tool) come from
 * the caller. A fact that the input did not tell (event.has) is absent from the line.
 */
#ifndef KW_EVENT_EVENT_JSON_H
#define KW_EVENT_EVENT_JSON_H

#include "event/event.h"
#include "event/json_line.h"

/* What the probed host did (EVENTS.md, `knock.answer`). */
enum event_json_answer {
	EVENT_JSON_ANSWER_UNKNOWN,
	EVENT_JSON_ANSWER_RST,
	EVENT_JSON_ANSWER_DROP,
	EVENT_JSON_ANSWER_ICMP,
	EVENT_JSON_ANSWER_ACCEPT,
	EVENT_JSON_ANSWERS
};

/* Texts are borrowed until the call returns; null or empty where there is none. */
struct event_json_names {
	const char *host;    /* who saw it */
	const char *iface;   /* where it came in */
	const char *service; /* name of the destination port */
	const char *tool;    /* if this single packet gives it away */
	enum event_json_answer answer;
};

/* Starts and closes the line. */
void event_json_write(
	struct json_line *line, const struct event *e, const struct event_json_names *names);

/* "unknown", "rst", ... */
const char *event_json_answer_name(enum event_json_answer answer);

#endif
