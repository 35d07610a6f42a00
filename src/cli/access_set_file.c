/* SPDX-License-Identifier: ISC */
#include "cli/access_set_file.h"

#include "access/access_reader.h"
#include "access/access_rule.h"
#include "base/diag.h"
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <libgen.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
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

/* What is written: the file that a link leads to, for the link stays one. False with errno where it is no plain file. */
static bool find_file(const char *path, char real[PATH_MAX])
{
	struct stat facts;
	if (realpath(path, real) == NULL) {
		bool fresh = errno == ENOENT && lstat(path, &facts) != 0 && errno == ENOENT;
		if (!fresh)
			return false;
		bool fits = strlen(path) < PATH_MAX;
		if (fits)
			strcpy(real, path); // NOLINT: it fits
		errno = ENAMETOOLONG;
		return fits;
	}
	if (stat(real, &facts) != 0)
		return false;
	errno = S_ISDIR(facts.st_mode) ? EISDIR : ACCESS_READER_NO_FILE;
	return S_ISREG(facts.st_mode);
}

static void tell_fault(const char *path, int fault, bool writing)
{
	char why[160];
	struct text_buffer b = text_buffer_over(why, sizeof why);
	access_reader_add_fault(&b, fault);
	diag_error("%s: %s%s", path, why,
		writing && fault == EACCES ? "; it belongs to root: use sudo" : "");
	errno = fault;
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

static bool replace(struct change *c)
{
	char directory[PATH_MAX], name[PATH_MAX];
	memcpy(directory, c->path, strlen(c->path) + 1);
	memcpy(name, c->path, strlen(c->path) + 1);
	const char *place = dirname(directory);
	int lock = lock_directory(place);
	if (lock < 0)
		return false;
	bool good = file_replace(place, basename(name), 0644, write_new, c);
	int fault = errno;
	close(lock);
	errno = fault;
	return good;
}

static enum access_set_change change_file(struct change *c)
{
	char real[PATH_MAX];
	const char *told = c->path;
	*c->before = (struct access_set_entry){0};
	bool good = find_file(told, real);
	c->path = real;
	good = good && replace(c);
	c->path = told;
	if (good)
		return result_of(c);
	tell_fault(told, errno, true);
	return ACCESS_SET_FAILED;
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

static void visit_line(const struct access_line *line, int64_t now_s, const struct access_set_visitor *v)
{
	struct access_set_entry e;
	struct access_rule rule;
	if (access_set_read(line->text, &e)) {
		if (!access_set_is_over(&e, now_s))
			v->entry(v->context, &e);
		return;
	}
	enum access_rule_form form = access_rule_split(line->text, &rule);
	bool told = form == ACCESS_RULE_RULE || form == ACCESS_RULE_NO_SEPARATOR;
	if (told && v->other != NULL)
		v->other(v->context, line->number, form == ACCESS_RULE_RULE, line->text);
}

bool access_set_file_each(const char *path, int64_t now_s, const struct access_set_visitor *visitor)
{
	struct access_reader reader;
	struct access_line line;
	enum access_reader_result result;
	int fd = access_reader_open(path);
	if (fd < 0) {
		if (errno == ENOENT)
			return true;
		tell_fault(path, errno, false);
		return false;
	}
	access_reader_init(&reader, fd, 0, 0);
	while ((result = access_reader_next(&reader, &line)) == ACCESS_READER_LINE)
		visit_line(&line, now_s, visitor);
	int fault = errno;
	access_reader_clear(&reader);
	close(fd);
	if (result == ACCESS_READER_FAILED)
		tell_fault(path, fault, false);
	return result == ACCESS_READER_END;
}
