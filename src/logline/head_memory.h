/* SPDX-License-Identifier: ISC */
/*
 * head_memory - the head of a line before, because the next line mostly has the same one.
 *
 * "Feb 25 12:11:24 gate kernel: " differs from line to line in its seconds only. What was read of such
 * a head is kept; a line that begins with the same bytes around any seconds (and a fraction of as many
 * digits) gets the same host and the same minute without being read word by word.
 *
 * It only ever saves time: a recall says what reading would have said, and where it cannot be sure it
 * says nothing. Heads of other writers than the kernel are not kept.
 *
 * Owner: log_line_clock.   Tests: tests/unit/logline/test_head_memory.c
 * Fuzz: fuzz/logline/fuzz_log_line.c, which reads each line with and without memory
 */
#ifndef KW_LOGLINE_HEAD_MEMORY_H
#define KW_LOGLINE_HEAD_MEMORY_H

#include "base/text_slice.h"

#include <stdint.h>

#define HEAD_MEMORY_MAX 96 /* bytes of a head; longer ones are read each time */

/* What a stamp without year or zone was read with; another one means another time. */
struct head_memory_terms {
	int year, month; /* of log_line_clock, after the line */
	int utc_offset_s;
};

struct head_memory {
	char text[HEAD_MEMORY_MAX]; /* from the line's first byte to the space behind "kernel:" */
	uint8_t length;             /* of the text; 0 = nothing is kept */
	uint8_t seconds_at;         /* where the two digits of the seconds stand */
	uint8_t fraction_digits;    /* behind the seconds and a point; 0 = no point */
	uint8_t host_at, host_length;
	uint8_t program_at, program_length;
	int64_t minute_us; /* the stamp without seconds and fraction, since 1970 UTC */
	struct head_memory_terms terms;
};

/* A head as it was read, or as it is remembered. */
struct head_memory_head {
	int64_t stamp_us;
	struct text_slice host, program; /* inside the line */
	size_t length;                   /* of the head: the message begins behind it */
	bool fine;                       /* the stamp says more than whole seconds; set by recall */
};

/* Keeps the head of `line`, if it is of a form that can be recalled: a stamp like "Feb 25 12:11:24" or
 * "2026-02-25T12:11:24.000001" at its very beginning, and a space at its end. Else none is kept. */
void head_memory_keep(struct head_memory *m, struct text_slice line,
	const struct head_memory_head *head, const struct head_memory_terms *terms);

/* False for most lines of other programs, without looking at more than a few bytes. */
static inline bool head_memory_may_recall(const struct head_memory *m, struct text_slice line)
{
	const size_t last = 8; /* "kernel: " */
	return m->length >= last && line.length >= m->length &&
	       memcmp(line.start + m->length - last, m->text + m->length - last, last) == 0;
}

/* True if `line` has the kept head; then `out` is filled. */
bool head_memory_recall(const struct head_memory *m, struct text_slice line,
	const struct head_memory_terms *terms, struct head_memory_head *out);

#endif
