/* SPDX-License-Identifier: ISC */
/*
 * facts_text - one line of text that tells everything a log line became, for tables of rows.
 *
 * "KNOCK 198.51.100.7:1234 > 203.0.113.5:22 TCP syn ttl=47 ..."; what the event does not have is
 * not written. "OTHER", or "BROKEN: the fault" for the rest.
 */
#ifndef KW_TESTS_FACTS_TEXT_H
#define KW_TESTS_FACTS_TEXT_H

#include "base/text_buffer.h"
#include "logline/log_line.h"

void facts_text_add(
	struct text_buffer *b, enum log_line_result result, const struct log_line_facts *facts);

struct facts_text_row {
	const char *name;
	const char *line;
	const char *wanted;
};

/* Reads each row's line with a fresh clock (year 2026, UTC) and compares; null, or the first row
 * that differs, with what came in `got`. */
const struct facts_text_row *facts_text_check(
	const struct facts_text_row *rows, size_t count, struct text_buffer *got);

#endif
