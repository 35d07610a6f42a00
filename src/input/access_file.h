/* SPDX-License-Identifier: ISC */
/*
 * access_file - the decisions of TCP wrappers in one file, in its own order: a log, or lines of our own JSON.
 *
 * Which it is each line says by itself: `access` events as the journal, `read --json` or another machine wrote
 * them, and everything that log_line reads. Plain or packed with gzip, xz or zstd; "-" is standard input. Unlike
 * in a stream of events, clients that are known by name alone are told, too.
 *
 * Memory is bounded, as that of event_source for a text.
 *
 * Tests: tests/unit/input/test_access_file.c
 */
#ifndef KW_INPUT_ACCESS_FILE_H
#define KW_INPUT_ACCESS_FILE_H

#include "event/access_event.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

struct access_file_options {
	int year;         /* of stamps without one; 0 = from the file's own date (log_file.h) */
	int utc_offset_s; /* of stamps without a zone, seconds east of UTC */
};

struct access_file_report {
	uint64_t lines;     /* read so far: the number of the last decision's line */
	uint64_t decisions; /* of the lines */
	uint64_t broken;    /* of the lines: of a wrapper, a firewall or ours, but unreadable */
	uint64_t first_broken; /* number of the first of these, from 1; 0: none */
	bool ended_early;   /* the packing is broken from some point on */
};

struct access_file;

/* Null with a message in `error`, which names the file, and errno. */
struct access_file *access_file_open(const char *path, const struct access_file_options *options,
	char *error, size_t error_size);
/* The same of a file that is open; the descriptor belongs to it from now on, in any case. `path` is for messages. */
struct access_file *access_file_over(int fd, const char *path,
	const struct access_file_options *options, char *error, size_t error_size);
/* Accepts null. */
void access_file_close(struct access_file *f);

/* The next decision; false at the end. */
bool access_file_next(struct access_file *f, struct access_event *out);

const struct access_file_report *access_file_report(const struct access_file *f);

#endif
