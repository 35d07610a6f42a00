/* SPDX-License-Identifier: ISC */
#include "access/access_image_file.h"

#include "base/text_buffer.h"

#include <errno.h>
#include <fcntl.h>
#include <limits.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

enum {
	COPIED_MAX = 4 << 10, /* a page costs as much as a piece */
};

/* A path of a certain ending, and its directory. */
struct paths {
	char file[PATH_MAX];
	char directory[PATH_MAX];
};

static bool make_paths(const char *path, const char *ending, struct paths *out)
{
	struct text_buffer b = text_buffer_over(out->file, sizeof out->file);
	text_buffer_add(&b, path);
	text_buffer_add(&b, ending);
	if (b.cut) {
		errno = ENAMETOOLONG;
		return false;
	}
	const char *slash = strrchr(path, '/');
	b = text_buffer_over(out->directory, sizeof out->directory);
	if (slash == NULL)
		text_buffer_add(&b, ".");
	else
		text_buffer_add_bytes(&b, path, slash == path ? 1 : (size_t)(slash - path));
	return true;
}

static bool only_ours(const struct stat *s, const char *what, char *why, size_t why_size)
{
	if (s->st_uid != 0 && s->st_uid != geteuid()) {
		snprintf(why, why_size, "%s belongs to uid %u", what, (unsigned)s->st_uid);
		return false;
	}
	if ((s->st_mode & (S_IWGRP | S_IWOTH)) != 0) {
		snprintf(why, why_size, "%s may be written by others", what);
		return false;
	}
	return true;
}

static bool tell_errno(char *why, size_t why_size)
{
	if (why_size > 0 && strerror_r(errno, why, why_size) != 0)
		why[0] = '\0';
	return false;
}

static bool take_bytes(int fd, uint64_t size, struct access_bytes *out)
{
	return size <= COPIED_MAX ? access_bytes_read_all(out, fd, size) : access_bytes_read_pieces(out, fd, size);
}

static bool take_file(int fd, struct access_bytes *out, char *why, size_t why_size)
{
	struct stat s;
	if (fstat(fd, &s) != 0)
		return tell_errno(why, why_size);
	if (!S_ISREG(s.st_mode)) {
		snprintf(why, why_size, "it is no file");
		return false;
	}
	if (!only_ours(&s, "it", why, why_size))
		return false;
	return take_bytes(fd, (uint64_t)s.st_size, out) || tell_errno(why, why_size);
}

bool access_image_file_open(const char *path, struct access_bytes *out, char *why, size_t why_size)
{
	struct paths p;
	struct stat s;
	if (!make_paths(path, ".idx", &p))
		return tell_errno(why, why_size);
	int fd = open(p.file, O_RDONLY | O_CLOEXEC | O_NOFOLLOW | O_NONBLOCK | O_NOCTTY);
	if (fd < 0)
		return tell_errno(why, why_size);
	bool good = stat(p.directory, &s) == 0 || tell_errno(why, why_size);
	good = good && only_ours(&s, "its directory", why, why_size) && take_file(fd, out, why, why_size);
	if (!good)
		close(fd);
	return good;
}

struct access_image_table access_image_file_state(const char *path)
{
	struct paths p;
	struct stat s;
	if (!make_paths(path, ".idx", &p) || lstat(p.file, &s) != 0)
		return (struct access_image_table){0};
	return access_image_table_of(&s);
}

static bool write_whole(int fd, const char *bytes, size_t size)
{
	while (size > 0) {
		ssize_t n = write(fd, bytes, size);
		if (n < 0 && errno == EINTR)
			continue;
		if (n <= 0)
			return false;
		bytes += n;
		size -= (size_t)n;
	}
	return true;
}

/* A file system that cannot bring directories to disk is none of our business. */
static void sync_directory(const char *directory)
{
	int fd = open(directory, O_RDONLY | O_DIRECTORY | O_CLOEXEC);
	if (fd >= 0) {
		(void)fsync(fd);
		close(fd);
	}
}

/*
 * Whoever may read the table may read what was made of it, and nobody else: it holds its rules, and who reads it alone is told that no
 * rule fits. An access control list cannot be had by two files in one step: then it is the owner's alone.
 */
static bool take_rights(int fd, const char *path)
{
	struct stat table;
	if (stat(path, &table) != 0)
		return errno == ENOENT; /* as it was made: its owner's alone */
	mode_t mode = table.st_mode & 0644;
	if (fchown(fd, (uid_t)-1, table.st_gid) != 0)
		mode &= ~(mode_t)S_IRGRP;
	if (getxattr(path, "system.posix_acl_access", NULL, 0) > 0)
		mode &= ~(mode_t)(S_IRGRP | S_IROTH);
	return fchmod(fd, mode) == 0;
}

int access_image_file_write(const char *path, const struct iovec *pieces, unsigned count)
{
	struct paths new_one, old_one;
	if (!make_paths(path, ".idx.XXXXXX", &new_one) || !make_paths(path, ".idx", &old_one))
		return -1;
	int fd = mkstemp(new_one.file);
	if (fd < 0)
		return -1;
	bool good = fcntl(fd, F_SETFD, FD_CLOEXEC) == 0;
	for (unsigned i = 0; i < count; i++)
		good = good && write_whole(fd, pieces[i].iov_base, pieces[i].iov_len);
	good = good && take_rights(fd, path) && fsync(fd) == 0;
	good = close(fd) == 0 && good && rename(new_one.file, old_one.file) == 0;
	if (!good) {
		const int failed = errno;
		(void)unlink(new_one.file);
		errno = failed;
		return -1;
	}
	sync_directory(old_one.directory);
	return 0;
}
