/* SPDX-License-Identifier: ISC */
#include "base/file_replace.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <sys/stat.h>
#include <unistd.h>

static bool write_fresh(
	int at, const char *fresh, mode_t mode, file_replace_write *write, void *context)
{
	int fd = openat(at, fresh, O_WRONLY | O_CREAT | O_TRUNC | O_CLOEXEC | O_NOFOLLOW, 0600);
	if (fd < 0)
		return false;
	bool good = fchmod(fd, mode) == 0 && write(context, fd) && fsync(fd) == 0;
	int kept = errno;
	if (close(fd) == 0 || !good)
		errno = kept;
	else
		good = false;
	return good;
}

static bool replace_at(
	int at, const char *name, mode_t mode, file_replace_write *write, void *context)
{
	char fresh[NAME_MAX + 1];
	if (snprintf(fresh, sizeof fresh, "%s.new", name) >= (int)sizeof fresh) {
		errno = ENAMETOOLONG;
		return false;
	}
	if (write_fresh(at, fresh, mode, write, context) && renameat(at, fresh, at, name) == 0) {
		(void)fsync(at); /* a file system that cannot is none of our business */
		return true;
	}
	int kept = errno;
	(void)unlinkat(at, fresh, 0);
	errno = kept;
	return false;
}

bool file_replace(const char *directory, const char *name, mode_t mode, file_replace_write *write,
	void *context)
{
	int at = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (at < 0)
		return false;
	bool done = replace_at(at, name, mode, write, context);
	int kept = errno;
	close(at);
	errno = kept;
	return done;
}
