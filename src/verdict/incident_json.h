/* SPDX-License-Identifier: ISC */
/*
 * incident_json - an incident as the JSON line that EVENTS.md describes, and back.
 *
 * Writing and reading are each other's reverse: what was read writes the same line again. The
 * reader takes a line of any origin (the store, a file): it never trusts it, holds at most
 * INCIDENT_JSON_LIST_MAX entries of a list, and ignores what it does not know.
 */
#ifndef KW_VERDICT_INCIDENT_JSON_H
#define KW_VERDICT_INCIDENT_JSON_H

#include "event/json_line.h"
#include "verdict/incident.h"

#include <stddef.h>

#include <jansson.h>

#define INCIDENT_JSON_LIST_MAX 4096    /* ranges or members; a story prints far fewer */
#define INCIDENT_JSON_LINE_MAX 1048576 /* bytes; a line above is refused by the reader */

/* The names behind the numbers of incident.host and incident.iface; null or empty where unknown. */
struct incident_json_names {
	const char *host;  /* who saw it */
	const char *iface; /* where it came in */
};

/* Starts and closes the line. */
void incident_json_write(
	struct json_line *line, const struct incident *in, const struct incident_json_names *names);

/* An incident read back. `incident` and `names` point into memory that this value owns; the numbers
 * incident.host and incident.iface are 0. */
struct incident_json_reading {
	struct incident incident;
	struct incident_json_names names;
	json_t *root;                    /* owns the texts */
	struct port_range *ranges;       /* ports, then answered */
	struct incident_member *members; /* of a group */
};

/* False with a message in `error` if the line is no incident; `out` then needs no clearing. */
bool incident_json_read(const char *text, size_t length, struct incident_json_reading *out,
	char *error, size_t error_size);

/* Frees what the reading owns. */
void incident_json_clear(struct incident_json_reading *r);

#endif
