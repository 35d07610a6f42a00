/* SPDX-License-Identifier: ISC */
#include "access/access_index_table.h"

#include <errno.h>
#include <string.h>
#include <unistd.h>

static bool is_table(const struct access_image_table *was, const struct stat *s)
{
	const struct access_image_table now = access_image_table_of(s);
	return S_ISREG(s->st_mode) && access_image_table_same(&now, was);
}

bool access_index_table_is_same(const char *path, const struct access_image_table *was)
{
	struct stat s;
	if (stat(path, &s) == 0)
		return is_table(was, &s);
	return errno == ENOENT && was->inode == 0;
}

/* Does a logical line begin there? (That a NUL byte may have joined the one before is not seen.) */
static bool begins_line(int fd, uint64_t offset)
{
	char before[2] = {'\n', '\n'};
	const size_t length = offset < sizeof before ? (size_t)offset : sizeof before;
	if (offset > INT64_MAX || pread(fd, before + sizeof before - length, length, (off_t)(offset - length)) != (ssize_t)length)
		return false;
	return before[1] == '\n' && before[0] != '\\' && lseek(fd, (off_t)offset, SEEK_SET) == (off_t)offset;
}

static bool reads_same(int fd, const struct access_line *line)
{
	struct access_reader reader;
	struct access_line read;
	access_reader_init(&reader, fd, line->offset, line->first - 1);
	const bool same = access_reader_next(&reader, &read) == ACCESS_READER_LINE && read.number == line->number &&
			  read.text.length == line->text.length &&
			  memcmp(read.text.start, line->text.start, read.text.length) == 0;
	access_reader_clear(&reader);
	return same;
}

/* The same for a short line that is one physical line, as nearly all are: one read of its bytes. False: not known. */
static bool is_there_alone(int fd, const struct access_line *line)
{
	enum { SHORT = 512, BEFORE = 2 };
	char bytes[SHORT];
	const size_t length = line->text.length, all = BEFORE + length + 1;
	if (line->first != line->number || line->offset < BEFORE || line->offset > INT64_MAX || all > sizeof bytes || length == 0 ||
		pread(fd, bytes, all, (off_t)line->offset - BEFORE) != (ssize_t)all)
		return false;
	return bytes[0] != '\\' && bytes[1] == '\n' && memcmp(bytes + BEFORE, line->text.start, length) == 0 &&
	       bytes[all - 2] != '\\' && bytes[all - 1] == '\n';
}

bool access_index_table_has(const char *path, const struct access_image_table *was, const struct access_line *line)
{
	struct stat s;
	int fd = access_reader_open(path);
	if (fd < 0)
		return false;
	const bool same = fstat(fd, &s) == 0 && is_table(was, &s) &&
			  (is_there_alone(fd, line) || (begins_line(fd, line->offset) && reads_same(fd, line)));
	close(fd);
	return same;
}
