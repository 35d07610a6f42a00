/* SPDX-License-Identifier: ISC */
/*
 * memory_file - a file that exists only while a test runs, with a path to open it by.
 */
#ifndef KW_TEST_MEMORY_FILE_H
#define KW_TEST_MEMORY_FILE_H

#include "input/byte_stream.h"

#include <stddef.h>

struct memory_file {
	int fd;
	char path[32]; /* "/proc/self/fd/7" */
};

struct memory_file memory_file_create(const void *bytes, size_t size);
void memory_file_close(struct memory_file *f);

/* A stream over such a file, which lives as long as the stream. */
struct byte_stream *memory_file_stream(const void *bytes, size_t size);

/* The same bytes as a slow sender gives them: a read gets `piece` of them, the last one less. At most
 * MEMORY_FILE_PIECES in all. */
#define MEMORY_FILE_PIECES 128
struct byte_stream *memory_file_stream_in_pieces(const void *bytes, size_t size, size_t piece);

#endif
