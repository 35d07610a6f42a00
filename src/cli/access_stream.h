/* SPDX-License-Identifier: ISC */
/*
 * access_stream - the decisions of one source in order, whether it is a file or the journal of a state directory.
 *
 * A file is read in its own order, a journal day by day. What comes late is put in order: so many rows are read ahead. One
 * that comes later still is given where it stands, and marked. What cannot be read is said, with the file's name and the
 * first line, counted, and passed over; of a journal, what journal_files does not open is one of it. A day that is open is
 * one more descriptor.
 *
 * Owner: access_log.   Tests: tests/unit/cli/test_access_stream.c
 */
#ifndef KW_CLI_ACCESS_STREAM_H
#define KW_CLI_ACCESS_STREAM_H

#include "cli/access_order.h"
#include "input/access_file.h"
#include "store/journal_files.h"

struct access_stream {
	const char *path; /* borrowed */
	struct access_file_options options;
	struct access_file *file;   /* open; null = at its end */
	bool is_journal;
	int directory;              /* of the journal */
	struct journal_files days;  /* in it, the next of which is `next_day` */
	size_t next_day;
	struct access_order order;  /* read ahead */
	int64_t told_us;            /* the newest time that was given */
	struct access_event head;   /* the next decision, where there is one */
	bool has_head;
	bool is_late;               /* the head is older than what was given before it */
	uint64_t head_line;         /* where it was read */
	size_t head_day;            /* of a journal: as `next_day` was then */
	uint64_t late;              /* heads that access_stream_count_late has counted, the first of which is told */
	uint64_t broken;            /* lines that could not be read */
	unsigned unread;            /* files that could not be read, or not to their end */
};

/* Opens it and reads the first decision; `rows` are read ahead, one at least. Days of a journal that end before `since` are left out. False with a message
 * that was said, and errno. access_stream_close must follow all the same; twice does no harm. */
bool access_stream_open(struct access_stream *s, const char *path,
	const struct access_file_options *options, struct wall_time since, unsigned rows);
/* Reads the next decision into `head`. */
void access_stream_next(struct access_stream *s);
/* The head is late and that matters: the first of them is said with its place. */
void access_stream_count_late(struct access_stream *s);
void access_stream_close(struct access_stream *s);

#endif
