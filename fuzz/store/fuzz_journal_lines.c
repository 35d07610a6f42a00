/* SPDX-License-Identifier: ISC */
/*
 * Any bytes as a day's file of the journal, plain and packed: the first byte says which. No line is longer than it may be, the
 * lines of a plain file are the file, and a part of it has the lines that the whole has there.
 */
#define _GNU_SOURCE /* memfd_create */
#include "store/journal_ends.h"
#include "store/journal_lines.h"

#include <assert.h>
#include <string.h>
#include <sys/mman.h>
#include <unistd.h>

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size);

static int make_file(const uint8_t *data, size_t size)
{
	int fd = memfd_create("journal", MFD_CLOEXEC);
	assert(fd >= 0 && write(fd, data, size) == (ssize_t)size);
	return fd;
}

static void walk(struct journal_lines *l, const uint8_t *whole, size_t from)
{
	const char *line;
	size_t length, budget = 64u << 20; /* a few bytes unpack to much */
	enum journal_lines_result r;
	while ((r = journal_lines_next(l, &line, &length)) == JOURNAL_LINES_LINE) {
		assert(length <= JOURNAL_LINE_MAX);
		if (whole != NULL) {
			assert(memcmp(whole + from, line, length) == 0);
			from += length + 1;
		}
		if (length + 1 > budget)
			return;
		budget -= length + 1;
	}
	assert((r == JOURNAL_LINES_BROKEN) == (journal_lines_fault(l) != NULL));
}

int LLVMFuzzerTestOneInput(const uint8_t *data, size_t size)
{
	struct journal_ends ends;
	if (size < 3 || size > JOURNAL_LINE_MAX)
		return 0;
	bool packed = data[0] & 1;
	size_t from = data[1];
	const uint8_t *file = data + 2;
	size -= 2;
	int fd = make_file(file, size);
	if (journal_ends_find(fd, packed, &ends) && !packed) {
		assert(ends.bytes == size && ends.whole_bytes <= size);
		assert(ends.whole_bytes == 0 || file[ends.whole_bytes - 1] == '\n');
	}
	if (!packed && from < size) {
		struct journal_lines *l = journal_lines_create_part(fd, from, size);
		walk(l, file, from);
		journal_lines_destroy(l);
	}
	struct journal_lines *l = journal_lines_create(fd, packed);
	walk(l, packed ? NULL : file, 0);
	journal_lines_destroy(l);
	return 0;
}
