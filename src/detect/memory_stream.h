/* SPDX-License-Identifier: ISC */
/*
 * memory_stream - numbers to a file and back, in order, with a checksum behind them.
 *
 * All numbers are big-endian, whatever the machine. A small part is in memory at a time. The last four
 * bytes of the file are the CRC-32 (zlib) of all before them; a reader tells only of a file whose sum is
 * right, so that one which was cut or changed is known before anything of it is used. That finds
 * accidents, not forgers: what is read is still to be checked.
 *
 * Owner: embedded on the stack of whoever writes or reads.   Tests: tests/unit/detect/test_memory_stream.c
 */
#ifndef KW_DETECT_MEMORY_STREAM_H
#define KW_DETECT_MEMORY_STREAM_H

#include <stdbool.h>
#include <stddef.h>
#include <stdint.h>

#define MEMORY_STREAM_BUFFER 16384

struct memory_writer {
	int fd;
	uint32_t sum;
	size_t used; /* bytes in the buffer */
	bool failed; /* a write failed: errno is in `error`, the rest is not written */
	int error;
	uint8_t bytes[MEMORY_STREAM_BUFFER];
};

struct memory_reader {
	int fd;
	uint64_t left; /* bytes of the file behind the buffer, without the sum */
	size_t at, used;
	bool failed; /* a number was wanted behind the end, or a read failed: 0 was given */
	uint8_t bytes[MEMORY_STREAM_BUFFER];
};

void memory_writer_init(struct memory_writer *w, int fd);
void memory_writer_put_bytes(struct memory_writer *w, const void *bytes, size_t size);
/* The lowest `bytes` (1 to 8) bytes of a number. */
void memory_writer_put(struct memory_writer *w, uint64_t number, unsigned bytes);
/* A number that is mostly small: 7 bits a byte, the lowest first. */
void memory_writer_put_small(struct memory_writer *w, uint64_t number);
/* Writes the sum and what is left; false with errno if anything could not be written. */
bool memory_writer_end(struct memory_writer *w);

/* Reads the whole file once and goes back to its beginning. False with errno; EBADMSG = the sum is
 * wrong, ESPIPE = no file that can be read twice. */
bool memory_reader_init(struct memory_reader *r, int fd);
bool memory_reader_take_bytes(struct memory_reader *r, void *bytes, size_t size);
uint64_t memory_reader_take(struct memory_reader *r, unsigned bytes);
uint64_t memory_reader_take_small(struct memory_reader *r);
/* True if all was read and nothing failed. */
bool memory_reader_is_at_end(const struct memory_reader *r);

#endif
