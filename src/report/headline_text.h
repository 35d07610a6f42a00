/* SPDX-License-Identifier: ISC */
/*
 * headline_text - an incident in one sentence: who did what to whom.
 *
 * "198.51.100.20" "scanned 1,024 ports on 203.0.113.5". One row of a table for each kind.
 */
#ifndef KW_REPORT_HEADLINE_TEXT_H
#define KW_REPORT_HEADLINE_TEXT_H

#include "base/text_buffer.h"
#include "verdict/incident.h"

/* The address, the block that was scored, or "40 sources". */
void headline_text_add_source(struct text_buffer *b, const struct incident *in);
/* What it did, from the verb on. */
void headline_text_add_deed(struct text_buffer *b, const struct incident *in);
/* The same of several that did it: to hosts_count hosts at most, or to one host each. */
void headline_text_add_deed_of_many(struct text_buffer *b, const struct incident *in);

#endif
