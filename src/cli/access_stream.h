/* SPDX-License-Identifier: ISC */
/*
 * access_stream - the decisions of one source in order, whether it is a file or the journal of a state directory.
 *
 * A file is read in its own order, a journal day by day. What cannot be read is said, with the file's name, counted, and
 * passed over; of a journal, what journal_files does not open is one of it. A day that is open is one more descriptor.
 *
 * Owner: access_log.   Tests: tests/unit/cli/test_access_stream.c
 */
#ifndef KW_CLI_ACCESS_STREAM_H
#define KW_CLI_ACCESS_STREAM_H

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
	struct access_event head;   /* the next decision, where there is one */
	bool has_head;
	uint64_t broken;            /* lines that could not be read */
	unsigned unread;            /* files that could not be read, or not to their end */
};

/* Opens it and reads the first decision. Days of a journal that end before `since` are left out. False with a message
 * that was said, and errno. access_stream_close must follow all the same; twice does no harm. */
bool access_stream_open(struct access_stream *s, const char *path,
	const struct access_file_options *options, struct wall_time since);
/* Reads the next decision into `head`. */
void access_stream_next(struct access_stream *s);
void access_stream_close(struct access_stream *s);

#endif
