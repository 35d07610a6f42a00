/* SPDX-License-Identifier: ISC */
/*
 * byte_stream - the bytes of an open file in order, unpacked on the way if they are packed.
 *
 * gzip, xz and zstd are known by their first bytes, members one behind another (rotated logs put
 * together, pigz, pzstd) are read as one; zero bytes behind a member are padding. A file that is
 * cut or broken gives what could be unpacked and then ends with a fault text. It is read with
 * read(), not mapped: a file that shrinks under us then ends instead of killing us with SIGBUS.
 *
 * Memory: 64 KiB and the window of the packing (gzip 40 KiB, xz and zstd usually 8 MiB, never more
 * than 64 MiB, and no more than a shared budget holds, where there is one).
 *
 * Owner: byte_window.   Tests: tests/unit/input/test_byte_stream.c
 * Fuzz: fuzz/input/fuzz_byte_stream.c
 */
#ifndef KW_INPUT_BYTE_STREAM_H
#define KW_INPUT_BYTE_STREAM_H

#include <stddef.h>
#include <stdint.h>

#define BYTE_STREAM_BYTES 69632 /* of one, beside what unpacking takes */

struct byte_stream;
struct input_budget;

/* Takes over the descriptor, which may be a file, a pipe, a socket or a terminal. */
struct byte_stream *byte_stream_create(int fd);
/* What unpacking takes is taken from this budget (borrowed); before the first read. */
void byte_stream_share(struct byte_stream *s, struct input_budget *budget);
/* Closes the descriptor; accepts null. */
void byte_stream_destroy(struct byte_stream *s);

/* Writes 1 to `size` bytes; 0 at the end, which is also where a fault is found. size is above 0. */
size_t byte_stream_read(struct byte_stream *s, void *out, size_t size);

/* Why the stream ended before its own end, as constant text ("broken data"); null where it did not.
 */
const char *byte_stream_fault(const struct byte_stream *s);
/* "gzip", "xz", "zstd"; null for a plain stream and before the first read. */
const char *byte_stream_packing(const struct byte_stream *s);
/* Bytes taken from the descriptor so far: how far we are in the file as it lies on disk. */
uint64_t byte_stream_taken(const struct byte_stream *s);

#endif
