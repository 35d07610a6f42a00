/* SPDX-License-Identifier: ISC */
#include "cli/access_replace.h"

#include "base/memory.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum { BACKUPS_MAX = 100, ATTRIBUTES_MAX = 64 << 10 };

static bool write_all(int fd, struct text_slice text)
{
	while (text.length > 0) {
		ssize_t n = write(fd, text.start, text.length);
		if (n < 0 && errno != EINTR)
			return false;
		if (n > 0)
			text = (struct text_slice){text.start + n, text.length - (size_t)n};
	}
	return true;
}

/* True if the file holds this and nothing else. */
static bool holds(int fd, struct text_slice text)
{
	char piece[16384];
	ssize_t n = 1;
	while (n > 0) {
		n = read(fd, piece, sizeof piece);
		if (n < 0 && errno == EINTR) {
			n = 1;
			continue;
		}
		if (n < 0)
			return false;
		if ((size_t)n > text.length ||
			(n > 0 && memcmp(piece, text.start, (size_t)n) != 0)) {
			errno = ESTALE;
			return false;
		}
		text = (struct text_slice){text.start + n, text.length - (size_t)n};
	}
	errno = ESTALE;
	return text.length == 0;
}

static bool copy_attributes(int from, int to)
{
	char *names = memory_calloc(2, ATTRIBUTES_MAX), *value = names + ATTRIBUTES_MAX;
	ssize_t size = flistxattr(from, names, ATTRIBUTES_MAX);
	bool kept = size >= 0 || errno == ENOTSUP;
	for (ssize_t i = 0; kept && i < size; i += (ssize_t)strlen(names + i) + 1) {
		ssize_t n = fgetxattr(from, names + i, value, ATTRIBUTES_MAX);
		kept = n >= 0 && fsetxattr(to, names + i, value, (size_t)n, 0) == 0;
	}
	free(names);
	return kept;
}

static bool copy_rights(int from, int to)
{
	struct stat s;
	return fstat(from, &s) == 0 && fchown(to, s.st_uid, s.st_gid) == 0 &&
	       fchmod(to, s.st_mode & 07777) == 0 && copy_attributes(from, to);
}

/* Gives the old file a second name. */
static bool keep_old(const char *path, char backup[ACCESS_REPLACE_PATH])
{
	for (unsigned i = 0; i < BACKUPS_MAX; i++) {
		int n = i == 0 ? snprintf(backup, ACCESS_REPLACE_PATH, "%s.bak", path)
			       : snprintf(backup, ACCESS_REPLACE_PATH, "%s.bak.%u", path, i);
		if (n < 0 || n >= ACCESS_REPLACE_PATH) {
			errno = ENAMETOOLONG;
			return false;
		}
		if (link(path, backup) == 0)
			return true;
		if (errno != EEXIST)
			return false;
	}
	return false;
}

/* A file system that cannot bring directories to disk is none of our business. */
static void sync_directory(const char *path)
{
	char directory[ACCESS_REPLACE_PATH];
	snprintf(directory, sizeof directory, "%s", path);
	char *slash = strrchr(directory, '/');
	slash[slash == directory] = '\0';
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

static bool put_in_place(const char *path, int old, int fd, const char *fresh,
	struct text_slice now, char backup[ACCESS_REPLACE_PATH])
{
	if (!write_all(fd, now) || !copy_rights(old, fd) || fsync(fd) < 0 ||
		!keep_old(path, backup))
		return false;
	if (rename(fresh, path) == 0) {
		sync_directory(path); /* what happened has happened */
		return true;
	}
	int fault = errno;
	unlink(backup);
	errno = fault;
	return false;
}

bool access_replace(const char *path, struct text_slice old, struct text_slice now,
	char backup[ACCESS_REPLACE_PATH])
{
	char real[PATH_MAX], fresh[PATH_MAX + 16];
	bool done = false;
	if (realpath(path, real) == NULL)
		return false;
	snprintf(fresh, sizeof fresh, "%s.XXXXXX", real);
	int from = open(real, O_RDONLY | O_CLOEXEC | O_NOFOLLOW);
	if (from < 0)
		return false;
	int fd = holds(from, old) ? mkstemp(fresh) : -1;
	if (fd >= 0)
		done = put_in_place(real, from, fd, fresh, now, backup);
	int fault = errno;
	if (fd >= 0 && !done)
		unlink(fresh);
	if (fd >= 0)
		close(fd);
	close(from);
	errno = fault;
	return done;
}
