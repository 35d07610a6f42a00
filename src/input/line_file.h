/* SPDX-License-Identifier: ISC */
/*
 * line_file - the lines of a text, one after the other, whatever the text does.
 *
 * A line ends with a newline, with a carriage return and a newline, or with the file. Of a line
 * longer than EVENT_SOURCE_LINE_MAX the beginning is handed out and the rest is skipped without
 * being kept. NUL and all other bytes are ordinary. A text whose packing is broken ends with its
 * last whole line, because a number that is cut in two would be a false one.
 *
 * Owner: log_file.   Tests: tests/unit/input/test_line_file.c   Fuzz: fuzz/input/fuzz_line_file.c
 */
#ifndef KW_INPUT_LINE_FILE_H
#define KW_INPUT_LINE_FILE_H

#include "base/text_slice.h"
#include "input/byte_window.h"

struct line_file {
	struct byte_window
		*window; /* borrowed; stands behind the last line, or inside a long one */
	bool skipping;   /* the rest of a long line is still to be skipped */
};

void line_file_init(struct line_file *f, struct byte_window *window);

/* The next line without its end; good until the next call. False at the end of the text. */
bool line_file_next(struct line_file *f, struct text_slice *line);

#endif
