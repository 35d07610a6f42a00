/* SPDX-License-Identifier: ISC */
/*
 * log_generation - one of the files that carried a log's name, read line by line as it grows.
 *
 * Only an offset is kept, always at the beginning of a line: a line without its newline is read
 * again when there is more, so nothing is buffered between calls. Of a line longer than the buffer
 * the head is told and the rest skipped.
 */
#ifndef KW_SENSOR_LOG_GENERATION_H
#define KW_SENSOR_LOG_GENERATION_H

#include "sensor/rotated_files.h"

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define LOG_GENERATION_MARK 64  /* enough to hold a time stamp: no two lines end alike */
#define LOG_GENERATION_HEAD 256 /* more than the first line: no two files begin alike */

struct log_generation {
	int fd;
	struct file_identity identity;
	int64_t offset;                 /* of the first line not yet told */
	int64_t grown_ms;               /* when it was opened, or grew last; monotonic */
	char mark[LOG_GENERATION_MARK]; /* the bytes before `offset`, to know the file again */
	uint8_t mark_size;
	char head[LOG_GENERATION_HEAD]; /* how the file began, to know a copy of it */
	uint16_t head_size;             /* less than the whole head while the file is shorter */
	bool skipping; /* inside a line whose head was told, or whose beginning was not seen */
	bool closing;  /* to be let go at its end: its last line may lack a newline */
};

/* Gets one line without its newline; one that fills the whole buffer was cut there. Returns false
 * to stop behind this line. */
typedef bool log_generation_receiver(void *context, const char *line, size_t length);

/* Opens `name` in `directory`, to be read from its beginning. False with errno, EINVAL for what is
 * not a regular file. */
bool log_generation_open(struct log_generation *g, int directory, const char *name, int64_t now_ms);
void log_generation_close(struct log_generation *g);

/* Leaves out what is there already. */
void log_generation_seek_end(struct log_generation *g);

/* False if the bytes before the offset are not those that were read there: the file was truncated,
 * whether or not it has grown beyond its old length since. */
bool log_generation_is_intact(const struct log_generation *g);
/* Reads from the beginning again. */
void log_generation_restart(struct log_generation *g);

/* True if `copy`, opened just now, begins as `g` did: somebody copied the file. False while nothing of
 * `g` was read. */
bool log_generation_is_copy(const struct log_generation *copy, const struct log_generation *g);
/* Lets a copy be read on from where `g` stands. False if it does not reach so far: then all that is in
 * it was read. */
bool log_generation_continue(struct log_generation *copy, const struct log_generation *g);

/* True if the file is still too short to tell, and begins as a copy would: somebody may be copying. */
bool log_generation_may_become_copy(
	const struct log_generation *copy, const struct log_generation *g);

/* Tells the lines of the next piece. Returns the bytes used up; 0 at the end of what there is. */
size_t log_generation_read(struct log_generation *g, int64_t now_ms, char *buffer,
	size_t buffer_size, log_generation_receiver *receive, void *context);

#endif
