/* SPDX-License-Identifier: ISC */
/*
 * finger_text - what a stranger's finger service says, made harmless for a terminal, a mail or a log.
 *
 * Nothing gets through but printable ASCII, tabs and line ends; every other byte is told as \ooo (octal), a backslash is
 * doubled. A line begins with a blank, so that no program takes it for a command ("~!", "From "), and has at most
 * FINGER_TEXT_COLUMNS columns: a longer one is cut with a single backslash at its end and goes on below. CR LF is
 * a line end. Only the first FINGER_TEXT_MOST bytes are told.
 *
 * These are the rules of the classic safe_finger, but for a CR alone, form feed and vertical tab, which it let through
 * (they overwrite what stands on a terminal), and tabs, which it counted as one column.
 *
 * Tests: tests/unit/tcpd/test_finger_text.c   Fuzzed: fuzz/tcpd/fuzz_finger_text.c
 */
#ifndef KW_TCPD_FINGER_TEXT_H
#define KW_TCPD_FINGER_TEXT_H

#include "base/text_buffer.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

enum {
	FINGER_TEXT_COLUMNS = 128,
	FINGER_TEXT_MOST = 100000, /* bytes of the answer */
	FINGER_TEXT_GROWTH = 8,    /* characters that one byte can become, at most */
	FINGER_TEXT_END = 64,      /* characters that finger_text_end adds, at most */
};

struct finger_text {
	unsigned column; /* characters in this line so far */
	unsigned taken;  /* bytes of the answer that were told */
	bool held_cr;    /* the last byte was a CR: part of a line end, or not */
};

/*
 * Adds these bytes, made harmless. `out` has room for FINGER_TEXT_GROWTH times as many, and that much again for one.
 * False: the answer is full, some were left out, and no more are wanted.
 */
bool finger_text_add(struct finger_text *t, const uint8_t *bytes, size_t size, struct text_buffer *out);

/* Ends the last line; says so if the answer was `cut`. `out` has room for FINGER_TEXT_END. */
void finger_text_end(struct finger_text *t, bool cut, struct text_buffer *out);

#endif
