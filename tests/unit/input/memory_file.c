/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE
#include "memory_file.h"

#include <assert.h>
#include <stdio.h>
#include <sys/mman.h>
#include <sys/socket.h>
#include <unistd.h>

struct memory_file memory_file_create(const void *bytes, size_t size)
{
	struct memory_file f = {.fd = memfd_create("test", MFD_CLOEXEC)};
	assert(f.fd >= 0);
	const char *at = bytes;
	for (size_t done = 0; done < size;) {
		ssize_t n = write(f.fd, at + done, size - done);
		assert(n > 0);
		done += (size_t)n;
	}
	assert(lseek(f.fd, 0, SEEK_SET) == 0);
	snprintf(f.path, sizeof f.path, "/proc/self/fd/%d", f.fd);
	return f;
}

void memory_file_close(struct memory_file *f)
{
	close(f->fd);
}

struct byte_stream *memory_file_stream(const void *bytes, size_t size)
{
	return byte_stream_create(memory_file_create(bytes, size).fd);
}

/* A socket that keeps the bounds of what was written: each read gets one write. */
struct byte_stream *memory_file_stream_in_pieces(const void *bytes, size_t size, size_t piece)
{
	int ends[2];
	int made = socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends);
	assert(made == 0 && (size + piece - 1) / piece <= MEMORY_FILE_PIECES);
	const char *at = bytes;
	for (size_t done = 0; done < size;) {
		size_t part = size - done < piece ? size - done : piece;
		ssize_t n = send(ends[1], at + done, part, MSG_DONTWAIT);
		assert(n == (ssize_t)part);
		done += part;
	}
	close(ends[1]);
	return byte_stream_create(ends[0]);
}
