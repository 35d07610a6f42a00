/* SPDX-License-Identifier: ISC */
#include "cli/access_set_file.h"

#include "access/access_reader.h"
#include "base/diag.h"
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <string.h>
#include <sys/file.h>
#include <sys/stat.h>
#include <unistd.h>

static const char first_lines[] =
	"# Addresses let in or kept out for a time, asked before hosts.allow and hosts.deny.\n"
	"# Written by 'knockwatch access add' and 'access remove'; see 'access list'.\n";

/* A change on its way through the file. */
struct change {
	const char *path;
	const struct access_set_entry *wanted;
	struct access_set_entry *before;
	int64_t now_s;
	bool adds;
	bool found;
	FILE *out;
};

static bool write_line(FILE *out, const struct access_set_entry *e)
{
	char text[ACCESS_SET_LINE_SIZE];
	struct text_buffer b = text_buffer_over(text, sizeof text);
	access_set_write(&b, e);
	if (b.cut) {
		errno = EMSGSIZE;
		return false;
	}
	return fwrite(text, 1, b.used, out) == b.used;
}

/* Of the old file: all but what has expired, and the entry that is changed. */
static bool copy_line(struct change *c, const struct access_line *line)
{
	struct access_set_entry e;
	if (!access_set_read(line->text, &e))
		return fwrite(line->text.start, 1, line->text.length, c->out) ==
			       line->text.length &&
		       fputc('\n', c->out) != EOF;
	if (access_set_same(&e, c->wanted)) {
		c->found = c->found || !access_set_is_over(&e, c->now_s);
		*c->before = e;
		return true;
	}
	return access_set_is_over(&e, c->now_s) || write_line(c->out, &e);
}

static bool copy_old(struct change *c)
{
	struct access_reader reader;
	struct access_line line;
	enum access_reader_result result;
	bool good = true;
	int fd = access_reader_open(c->path);
	if (fd < 0)
		return errno == ENOENT && fputs(first_lines, c->out) != EOF &&
		       (!c->adds || write_line(c->out, c->wanted));
	access_reader_init(&reader, fd, 0, 0);
	/* The comments that begin it stay before the new entry. */
	bool placed = !c->adds;
	while (good && (result = access_reader_next(&reader, &line)) == ACCESS_READER_LINE) {
		bool comment = line.text.length > 0 && line.text.start[0] == '#';
		if (!placed && !comment)
			good = placed = write_line(c->out, c->wanted);
		good = good && copy_line(c, &line);
	}
	good = good && result == ACCESS_READER_END && (placed || write_line(c->out, c->wanted));
	access_reader_clear(&reader);
	close(fd);
	return good;
}

static bool write_new(void *context, int fd)
{
	struct change *c = context;
	int copy = dup(fd);
	c->out = copy < 0 ? NULL : fdopen(copy, "w");
	if (!c->out)
		return false;
	bool good = copy_old(c);
	return fclose(c->out) == 0 && good;
}

static enum access_set_change result_of(const struct change *c)
{
	if (c->adds)
		return c->found ? ACCESS_SET_CHANGED : ACCESS_SET_ADDED;
	return c->found ? ACCESS_SET_REMOVED : ACCESS_SET_MISSING;
}

/* /etc/knockwatch, which a host without a configuration has not. Whoever decides reads what is in it, as any user:
 * so the umask of whoever makes it does not count. */
static int lock_directory(const char *directory)
{
	bool made = mkdir(directory, 0755) == 0;
	if (!made && errno != EEXIST)
		return -1;
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0 && ((made && fchmod(fd, 0755) != 0) || flock(fd, LOCK_EX) != 0)) {
		close(fd);
		fd = -1;
	}
	return fd;
}

static enum access_set_change change_file(struct change *c)
{
	char directory[PATH_MAX], name[PATH_MAX];
	snprintf(directory, sizeof directory, "%s", c->path);
	snprintf(name, sizeof name, "%s", c->path);
	const char *place = dirname(directory);
	int lock = lock_directory(place);
	*c->before = (struct access_set_entry){0};
	bool good = lock >= 0 && file_replace(place, basename(name), 0644, write_new, c);
	if (!good)
		diag_error("%s: %s%s", c->path, strerror(errno),
			errno == EACCES ? "; it belongs to root: use sudo" : "");
	if (lock >= 0)
		close(lock);
	return good ? result_of(c) : ACCESS_SET_FAILED;
}

enum access_set_change access_set_file_add(const char *path, const struct access_set_entry *e,
	int64_t now_s, struct access_set_entry *before)
{
	struct change c = {
		.path = path, .wanted = e, .before = before, .now_s = now_s, .adds = true};
	return change_file(&c);
}

enum access_set_change access_set_file_remove(const char *path, const struct access_set_entry *e,
	int64_t now_s, struct access_set_entry *before)
{
	struct change c = {.path = path, .wanted = e, .before = before, .now_s = now_s};
	return access(path, F_OK) != 0 && errno == ENOENT ? ACCESS_SET_MISSING : change_file(&c);
}

bool access_set_file_each(const char *path, int64_t now_s,
	void (*visit)(void *context, const struct access_set_entry *e), void *context)
{
	struct access_reader reader;
	struct access_line line;
	enum access_reader_result result;
	int fd = access_reader_open(path);
	if (fd < 0) {
		if (errno == ENOENT)
			return true;
		diag_error("%s: %s", path, strerror(errno));
		return false;
	}
	access_reader_init(&reader, fd, 0, 0);
	while ((result = access_reader_next(&reader, &line)) == ACCESS_READER_LINE) {
		struct access_set_entry e;
		if (access_set_read(line.text, &e) && !access_set_is_over(&e, now_s))
			visit(context, &e);
	}
	if (result == ACCESS_READER_FAILED)
		diag_error("%s: %s", path, strerror(errno));
	access_reader_clear(&reader);
	close(fd);
	return result == ACCESS_READER_END;
}
