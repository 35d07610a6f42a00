/* SPDX-License-Identifier: ISC */
/*
 * read_record - `read --record`: what files tell is kept as a watch would keep it, and none is booked twice.
 *
 * A file is known by the SHA-256 of its bytes, in the index and in the journal. One that was recorded
 * before, and one that begins with such a file (a log that has grown), is told and left out. What comes
 * through a pipe cannot be known again, nor can the same lines in another file, packed or cut
 * differently, or in a log that a watch has followed: recording those counts their knocks twice.
 *
 * Events keep their own time; they stand in the file of the day on which they were recorded. Hours are counted by packet
 * time.
 */
#ifndef KW_CLI_READ_RECORD_H
#define KW_CLI_READ_RECORD_H

#include "cli/state_hold.h"
#include "daemon/store_sink.h"
#include "store/store_imports.h"

#define READ_RECORD_BYTES (UINT64_C(5) << 20) /* of memory, for the index and what waits */

struct read_record_file {
	struct import facts;
	int fd; /* to know it by; -1 = a pipe */
	bool known;
};

struct read_record {
	struct state_hold hold;
	struct store_sink sink;
	struct read_record_file *files; /* in the order of the command line */
	unsigned count;
	struct pipeline *pipeline; /* borrowed */
	bool started;              /* an hour is being counted */
};

/* Notes a file that was opened for reading; "-" is standard input. As long as we may still open it. */
void read_record_note_file(struct read_record *r, const char *path);

/* Holds the directory, opens journal and index, and looks which files are known (which is said). STOP_DONE
 * or how the command ends. */
enum stop_code read_record_begin(struct read_record *r, const char *state, const char *host,
	const struct name_table *names, const struct journal_settings *settings);

/* True if the file noted with this number is to be left out. */
bool read_record_knows(const struct read_record *r, unsigned number);

/* Before the first event: that these files are read is recorded. `p` is borrowed until the end. */
void read_record_start(struct read_record *r, struct pipeline *p);
/* As pipeline_feed, hour by hour. */
void read_record_feed(struct read_record *r, const struct event *events, size_t count);
/* Behind the last: counts, and that the files were read whole. STOP_DONE, or STOP_INTERNAL if something was lost. */
enum stop_code read_record_finish(struct read_record *r);

/* Accepts a zeroed struct. */
void read_record_clear(struct read_record *r);

#endif
