/* SPDX-License-Identifier: ISC */
/*
 * log_file - the lines of a log as events.
 *
 * Hosts and interfaces get their numbers here. A classic syslog stamp has no year: unless the
 * caller gives one, it follows from the date of the file, which is not before its last line. We
 * read forward, so the year of the first line is needed: if its day is later in the year than the
 * file's own date, the log began in the year before. (A log that spans more than a year without
 * saying so cannot be dated by anybody; a copied file may have a newer date.)
 *
 * Owner: event_source.   Tests: tests/unit/input/test_log_file.c
 */
#ifndef KW_INPUT_LOG_FILE_H
#define KW_INPUT_LOG_FILE_H

#include "input/line_file.h"
#include "input/source_tally.h"
#include "logline/log_line.h"

/* The last answer of the name table: almost every line repeats the names of the line before. */
struct log_file_name {
	char text[NAME_TABLE_LENGTH];
	size_t length; /* 0 = nothing kept yet */
	uint16_t number;
};

struct log_file {
	struct line_file lines;
	struct log_line_clock clock;
	struct name_table *names;   /* borrowed */
	struct source_tally *tally; /* borrowed; counts what is read */
	struct log_file_name host, iface;
};

/* `file_date` is when the file was last written; a negative time if that is not known (a pipe), and
 * then a year of 0 in the options counts as 1970. */
void log_file_init(struct log_file *f, struct byte_window *window, struct source_tally *tally,
	const struct event_source_options *options, struct wall_time file_date);

/* Writes up to `max` events; fewer than `max` only at the end. */
size_t log_file_read(struct log_file *f, struct event *out, size_t max);

/* The year of the first line of a text that was last written at `file_date`, from the first stamp
 * ("Feb 25 ...", also behind "<134>") in the text's first bytes. */
int log_file_first_year(
	const uint8_t *bytes, size_t size, struct wall_time file_date, int utc_offset_s);

#endif
