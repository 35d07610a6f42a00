/* SPDX-License-Identifier: ISC */
/*
 * source_tally - the report of one source while it is being read.
 *
 * The readers count straight into `report`; only the texts go through here, so that every fault
 * names its source first and what came from outside is escaped. Of many faults the first few are
 * kept; the one that ended the source early always is.
 *
 * Owner: event_source.   Tests: tests/unit/input/test_event_source.c
 */
#ifndef KW_INPUT_SOURCE_TALLY_H
#define KW_INPUT_SOURCE_TALLY_H

#include "input/event_source.h"

struct source_tally {
	const char *name; /* escaped path or "standard input"; borrowed */
	struct event_source_report report;
};

/* Keeps "NAME:NUMBER: WHAT" for a line or "NAME: packet NUMBER WHAT" as the caller writes it behind
 * the name: `format` begins with its own separator. Costs nothing once the list is full. */
void source_tally_note(struct source_tally *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

/* As source_tally_note, and marks that the source ended early. Takes the last place if all are
 * taken. */
void source_tally_end_early(struct source_tally *t, const char *format, ...)
	__attribute__((format(printf, 2, 3)));

#endif
