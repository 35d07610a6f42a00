/* SPDX-License-Identifier: ISC */
#define _GNU_SOURCE /* memrchr */
#include "store/journal_ends.h"

#include "base/memory.h"
#include "store/journal_lines.h"

#include <errno.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <unistd.h>

#define TAIL_BYTES (2 * (size_t)JOURNAL_LINE_MAX) /* holds a whole line, wherever it is cut */

static bool read_at(int fd, char *out, size_t size, uint64_t at)
{
	for (size_t done = 0; done < size;) {
		ssize_t n = pread(fd, out + done, size - done, (off_t)(at + done));
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0) {
			errno = n < 0 ? errno : EIO; /* it shrank under us */
			return false;
		}
		done += (size_t)n;
	}
	return true;
}

/* The place of the last record in text[0..size), lines without form passed over; where the text does
 * not begin with the file the first piece of a line is no line. */
static bool find_last(const char *text, size_t size, struct journal_place *out)
{
	struct journal_record r;
	size_t end = size;
	while (end > 0) {
		const char *before = memrchr(text, '\n', end - 1);
		size_t start = before != NULL ? (size_t)(before - text) + 1 : 0;
		if (journal_record_read(text + start, end - 1 - start, &r)) {
			*out = r.place;
			return true;
		}
		end = start;
	}
	return false;
}

/* Where the whole lines of the text end. Lines with NUL in them at its end are what a power cut
 * leaves: blocks that were promised and never written. */
static size_t whole_length(const char *text, size_t size)
{
	const char *last = memrchr(text, '\n', size);
	size_t end = last != NULL ? (size_t)(last - text) + 1 : 0;
	while (end > 0) {
		const char *before = memrchr(text, '\n', end - 1);
		size_t start = before != NULL ? (size_t)(before - text) + 1 : 0;
		if (memchr(text + start, '\0', end - start) == NULL)
			break;
		end = start;
	}
	return end;
}

/* What the last whole line says of its version: it may be none that we know. */
static int version_of_last(const char *text, size_t size)
{
	static const char key[] = "{\"v\":";
	if (size == 0)
		return 0;
	const char *before = memrchr(text, '\n', size - 1);
	const char *line = before != NULL ? before + 1 : text;
	size_t length = (size_t)(text + size - line);
	if (length <= sizeof key || memcmp(line, key, sizeof key - 1) != 0)
		return 0;
	const char *digit = line + sizeof key - 1;
	int version = 0;
	for (int i = 0; i < 6 && *digit >= '0' && *digit <= '9'; i++)
		version = version * 10 + *digit++ - '0';
	return version;
}

static bool find_tail(int fd, struct journal_ends *out)
{
	struct stat facts;
	if (fstat(fd, &facts) != 0)
		return false;
	out->bytes = (uint64_t)facts.st_size;
	size_t size = out->bytes < TAIL_BYTES ? (size_t)out->bytes : TAIL_BYTES;
	uint64_t from = out->bytes - size;
	char *text = memory_realloc(NULL, size + 1);
	bool read = read_at(fd, text, size, from);
	if (read) {
		size_t whole = whole_length(text, size);
		out->whole_bytes = from + whole;
		out->version = version_of_last(text, whole);
		read = find_last(text, whole, &out->last) || out->whole_bytes == 0;
		if (!read)
			errno = EBADMSG;
	}
	int kept = errno;
	free(text);
	errno = kept;
	return read;
}

uint64_t journal_ends_first_seq(int directory, const struct journal_file *file)
{
	struct journal_record r;
	const char *line;
	size_t length;
	bool found = false;
	int fd = journal_files_open(directory, file);
	if (fd < 0)
		return 0;
	struct journal_lines *l = journal_lines_create(fd, file->packed);
	while (!found && journal_lines_next(l, &line, &length) == JOURNAL_LINES_LINE)
		found = journal_record_read(line, length, &r);
	journal_lines_destroy(l);
	return found ? r.place.seq : 0;
}

/* The first record; and of a packed file the last. */
static bool read_lines(int fd, bool packed, struct journal_ends *out)
{
	int copy = dup(fd);
	if (copy < 0)
		return false;
	struct journal_lines *l = journal_lines_create(copy, packed);
	struct journal_record r;
	const char *line;
	size_t length;
	enum journal_lines_result result;
	while ((result = journal_lines_next(l, &line, &length)) == JOURNAL_LINES_LINE) {
		if (!journal_record_read(line, length, &r))
			continue;
		if (out->first.seq == 0)
			out->first = r.place;
		if (!packed)
			break;
		out->last = r.place;
	}
	journal_lines_destroy(l);
	if (result == JOURNAL_LINES_BROKEN)
		errno = EBADMSG;
	return result != JOURNAL_LINES_BROKEN;
}

bool journal_ends_find(int fd, bool packed, struct journal_ends *out)
{
	*out = (struct journal_ends){0};
	if (!packed && !find_tail(fd, out))
		return false;
	return read_lines(fd, packed, out);
}
