/* SPDX-License-Identifier: ISC */
#include "detect/memory_stream.h"

#include <assert.h>
#include <errno.h>
#include <string.h>
#include <unistd.h>
#include <zlib.h>

enum { SUM_BYTES = 4, SMALL_BITS = 7 };

static void flush(struct memory_writer *w)
{
	const uint8_t *p = w->bytes;
	while (w->used > 0 && !w->failed) {
		ssize_t n = write(w->fd, p, w->used);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			w->failed = true;
			w->error = n < 0 ? errno : ENOSPC;
			break;
		}
		p += n;
		w->used -= (size_t)n;
	}
	w->used = 0;
}

void memory_writer_init(struct memory_writer *w, int fd)
{
	w->fd = fd;
	w->sum = (uint32_t)crc32(0, NULL, 0);
	w->used = 0;
	w->failed = false;
	w->error = 0;
}

void memory_writer_put_bytes(struct memory_writer *w, const void *bytes, size_t size)
{
	assert(size <= sizeof w->bytes);
	if (w->used + size > sizeof w->bytes) {
		w->sum = (uint32_t)crc32(w->sum, w->bytes, (uInt)w->used);
		flush(w);
	}
	memcpy(w->bytes + w->used, bytes, size);
	w->used += size;
}

void memory_writer_put(struct memory_writer *w, uint64_t number, unsigned bytes)
{
	uint8_t text[8];
	assert(bytes >= 1 && bytes <= sizeof text);
	for (unsigned i = 0; i < bytes; i++)
		text[i] = (uint8_t)(number >> (bytes - 1 - i) * 8);
	memory_writer_put_bytes(w, text, bytes);
}

void memory_writer_put_small(struct memory_writer *w, uint64_t number)
{
	uint8_t text[10];
	unsigned n = 0;
	for (; number >> SMALL_BITS != 0; number >>= SMALL_BITS)
		text[n++] = (uint8_t)(number | 1u << SMALL_BITS);
	text[n++] = (uint8_t)number;
	memory_writer_put_bytes(w, text, n);
}

bool memory_writer_end(struct memory_writer *w)
{
	w->sum = (uint32_t)crc32(w->sum, w->bytes, (uInt)w->used);
	flush(w);
	memory_writer_put(w, w->sum, SUM_BYTES);
	flush(w);
	errno = w->error;
	return !w->failed;
}

/* At most `size` bytes; 0 at the end, -1 with errno. */
static ssize_t read_some(int fd, uint8_t *bytes, size_t size)
{
	ssize_t n;
	do
		n = read(fd, bytes, size);
	while (n < 0 && errno == EINTR);
	return n;
}

/* Fills the buffer from the file and counts what is left of it; false at its end. */
static bool refill(struct memory_reader *r)
{
	size_t wanted = r->left < sizeof r->bytes ? (size_t)r->left : sizeof r->bytes;
	r->at = r->used = 0;
	while (r->used < wanted) {
		ssize_t n = read_some(r->fd, r->bytes + r->used, wanted - r->used);
		if (n <= 0) {
			errno = n == 0 ? EBADMSG : errno;
			return false;
		}
		r->used += (size_t)n;
	}
	r->left -= r->used;
	return r->used > 0;
}

static bool has_right_sum(struct memory_reader *r)
{
	uint8_t sum[SUM_BYTES];
	uint32_t wanted = 0, got = (uint32_t)crc32(0, NULL, 0);
	while (r->left > 0) {
		if (!refill(r))
			return false;
		got = (uint32_t)crc32(got, r->bytes, (uInt)r->used);
	}
	if (read_some(r->fd, sum, sizeof sum) != SUM_BYTES) {
		errno = EBADMSG;
		return false;
	}
	for (unsigned i = 0; i < SUM_BYTES; i++)
		wanted = wanted << 8 | sum[i];
	errno = EBADMSG;
	return got == wanted;
}

bool memory_reader_init(struct memory_reader *r, int fd)
{
	off_t size = lseek(fd, 0, SEEK_END);
	*r = (struct memory_reader){.fd = fd};
	if (size < 0 || lseek(fd, 0, SEEK_SET) < 0)
		return false;
	if (size < SUM_BYTES) {
		errno = EBADMSG;
		return false;
	}
	r->left = (uint64_t)size - SUM_BYTES;
	if (!has_right_sum(r) || lseek(fd, 0, SEEK_SET) < 0)
		return false;
	r->left = (uint64_t)size - SUM_BYTES;
	r->at = r->used = 0;
	return true;
}

bool memory_reader_take_bytes(struct memory_reader *r, void *bytes, size_t size)
{
	uint8_t *to = bytes;
	while (size > 0 && !r->failed) {
		if (r->at == r->used && !refill(r)) {
			r->failed = true;
			break;
		}
		size_t n = r->used - r->at < size ? r->used - r->at : size;
		memcpy(to, r->bytes + r->at, n);
		r->at += n;
		to += n;
		size -= n;
	}
	memset(to, 0, size);
	return !r->failed;
}

uint64_t memory_reader_take(struct memory_reader *r, unsigned bytes)
{
	uint8_t text[8];
	uint64_t number = 0;
	assert(bytes >= 1 && bytes <= sizeof text);
	if (!memory_reader_take_bytes(r, text, bytes))
		return 0;
	for (unsigned i = 0; i < bytes; i++)
		number = number << 8 | text[i];
	return number;
}

uint64_t memory_reader_take_small(struct memory_reader *r)
{
	uint64_t number = 0;
	for (unsigned shift = 0; shift < 64; shift += SMALL_BITS) {
		uint8_t byte;
		if (!memory_reader_take_bytes(r, &byte, 1))
			return 0;
		number |= (uint64_t)(byte & 0x7f) << shift;
		if (!(byte & 0x80))
			return number;
	}
	r->failed = true;
	return 0;
}

bool memory_reader_is_at_end(const struct memory_reader *r)
{
	return !r->failed && r->left == 0 && r->at == r->used;
}
